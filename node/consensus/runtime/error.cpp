#include "node/consensus/runtime/error.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace buri::consensus::runtime {

Error Error::wrapped(std::string_view context) && {
  if (!is_panic()) log = std::string(context) + ": " + log;
  return std::move(*this);
}

Error Error::with_code(std::string_view space, std::uint32_t number) && {
  if (!is_panic()) {
    codespace = space;
    code = number;
  }
  return std::move(*this);
}

Error make_error(std::string_view codespace, std::uint32_t code, std::string_view text,
                 std::string_view detail) {
  std::string log =
      detail.empty() ? std::string(text) : std::string(detail) + ": " + std::string(text);
  return {Error::Kind::kError, std::string(codespace), code, std::move(log)};
}

Error plain_error(std::string_view text) { return make_error(kUndefinedCodespace, 1, text); }

Error panic(std::string_view text) {
  return {Error::Kind::kPanic, std::string(kUndefinedCodespace), kPanicCode, std::string(text)};
}

Error nil_panic() {
  return panic("runtime error: invalid memory address or nil pointer dereference");
}

Error fatal(std::string_view text) {
  return {Error::Kind::kFatal, std::string(kUndefinedCodespace), kPanicCode, std::string(text)};
}

namespace {
using enum SdkCode;
constexpr auto kTexts = std::to_array<std::pair<SdkCode, std::string_view>>({
    {kTxDecode, "tx parse error"},
    {kUnauthorized, "unauthorized"},
    {kInsufficientFunds, "insufficient funds"},
    {kUnknownRequest, "unknown request"},
    {kInvalidAddress, "invalid address"},
    {kInvalidPublicKey, "invalid pubkey"},
    {kUnknownAddress, "unknown address"},
    {kInvalidCoins, "invalid coins"},
    {kOutOfGas, "out of gas"},
    {kMemoTooLarge, "memo too large"},
    {kInsufficientFee, "insufficient fee"},
    {kTooManySignatures, "maximum number of signatures exceeded"},
    {kNoSignatures, "no signatures supplied"},
    {kInvalidRequest, "invalid request"},
    {kTxInMempoolCache, "tx already in mempool"},
    {kMempoolIsFull, "mempool is full"},
    {kKeyNotFound, "key not found"},
    {kInvalidHeight, "invalid height"},
    {kTxTooLarge, "tx too large"},
    {kInvalidSigner, "tx intended signer does not match the given signer"},
    {kInvalidType, "invalid type"},
    {kTxTimeoutHeight, "tx timeout height"},
    {kUnknownExtensionOptions, "unknown extension options"},
    {kWrongSequence, "incorrect account sequence"},
    {kLogic, "internal logic error"},
    {kConflict, "conflict"},
    {kNotFound, "not found"},
    {kInvalidGasLimit, "invalid gas limit"},
    {kInvalidTxFees, "invalid tx fees"},
});
}  // namespace

std::string_view describe(SdkCode code) {
  const auto* found = std::ranges::find(kTexts, code, &std::pair<SdkCode, std::string_view>::first);
  return found == kTexts.end() ? "unknown" : found->second;
}

Error sdk_error(SdkCode code, std::string_view detail) {
  return make_error(kSdkCodespace, static_cast<std::uint32_t>(code), describe(code), detail);
}

}  // namespace buri::consensus::runtime
