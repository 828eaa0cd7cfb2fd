#include "node/consensus/runtime/error.hpp"

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

std::string_view describe(SdkCode code) {
  switch (code) {
    case SdkCode::kTxDecode:
      return "tx parse error";
    case SdkCode::kUnauthorized:
      return "unauthorized";
    case SdkCode::kInsufficientFunds:
      return "insufficient funds";
    case SdkCode::kUnknownRequest:
      return "unknown request";
    case SdkCode::kInvalidAddress:
      return "invalid address";
    case SdkCode::kInvalidPublicKey:
      return "invalid pubkey";
    case SdkCode::kUnknownAddress:
      return "unknown address";
    case SdkCode::kInvalidCoins:
      return "invalid coins";
    case SdkCode::kOutOfGas:
      return "out of gas";
    case SdkCode::kMemoTooLarge:
      return "memo too large";
    case SdkCode::kInsufficientFee:
      return "insufficient fee";
    case SdkCode::kTooManySignatures:
      return "maximum number of signatures exceeded";
    case SdkCode::kNoSignatures:
      return "no signatures supplied";
    case SdkCode::kInvalidRequest:
      return "invalid request";
    case SdkCode::kTxInMempoolCache:
      return "tx already in mempool";
    case SdkCode::kMempoolIsFull:
      return "mempool is full";
    case SdkCode::kKeyNotFound:
      return "key not found";
    case SdkCode::kInvalidHeight:
      return "invalid height";
    case SdkCode::kTxTooLarge:
      return "tx too large";
    case SdkCode::kInvalidSigner:
      return "tx intended signer does not match the given signer";
    case SdkCode::kInvalidType:
      return "invalid type";
    case SdkCode::kTxTimeoutHeight:
      return "tx timeout height";
    case SdkCode::kUnknownExtensionOptions:
      return "unknown extension options";
    case SdkCode::kWrongSequence:
      return "incorrect account sequence";
    case SdkCode::kLogic:
      return "internal logic error";
    case SdkCode::kConflict:
      return "conflict";
    case SdkCode::kNotFound:
      return "not found";
    case SdkCode::kInvalidGasLimit:
      return "invalid gas limit";
    case SdkCode::kInvalidTxFees:
      return "invalid tx fees";
  }
  return "unknown";
}

Error sdk_error(SdkCode code, std::string_view detail) {
  return make_error(kSdkCodespace, static_cast<std::uint32_t>(code), describe(code), detail);
}

}  // namespace buri::consensus::runtime
