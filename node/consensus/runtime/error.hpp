#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

/// Why a piece of the state machine stopped. The codes and codespaces are the network's: they stand
/// in transaction results and are hashed into the next header (spec/heimdall.md 2).

namespace buri::consensus::runtime {

/// What stopped: an error value of the stock daemon, one of its panics, or this node.
///
/// A panic passes through every caller up to the transaction runner: code that turns one error into
/// another must leave panics alone, which `wrapped` and `with_code` do.
struct Error {
  enum class Kind : std::uint8_t {
    kError,     ///< an ordinary error: codespace and code say which
    kOutOfGas,  ///< the gas meter refused a charge; `log` names the charge
    kPanic,     ///< any other panic of the stock daemon (code 111222)
    kFatal,     ///< this node cannot go on: the store failed. Never a transaction's result
  };
  Kind kind = Kind::kError;
  std::string codespace;
  std::uint32_t code = 0;
  std::string log;  ///< for people, except where the chain stores it (a proposal's failure reason)

  [[nodiscard]] bool is_panic() const { return kind != Kind::kError; }
  [[nodiscard]] bool is(std::string_view space, std::uint32_t number) const {
    return kind == Kind::kError && code == number && codespace == space;
  }
  /// "context: log", as the SDK's Wrap does; a panic stays as it is.
  [[nodiscard]] Error wrapped(std::string_view context) &&;
  /// The same text under another code; a panic stays as it is.
  [[nodiscard]] Error with_code(std::string_view space, std::uint32_t number) &&;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Outcome = Result<T, Error>;

/// An error of a module: "detail: text", or the text alone.
Error make_error(std::string_view codespace, std::uint32_t code, std::string_view text,
                 std::string_view detail = {});
/// A Go error outside the registered ones: code 1, codespace "undefined".
Error plain_error(std::string_view text);
/// A panic that is not about gas.
Error panic(std::string_view text);
/// The panic of Go at a nil pointer.
Error nil_panic();
/// The store failed or disagrees with itself.
Error fatal(std::string_view text);

inline constexpr std::string_view kSdkCodespace = "sdk";
inline constexpr std::string_view kUndefinedCodespace = "undefined";
inline constexpr std::uint32_t kPanicCode = 111222;

/// Errors that the SDK registers under codespace "sdk" and this chain can meet.
enum class SdkCode : std::uint32_t {
  kTxDecode = 2,
  kUnauthorized = 4,
  kInsufficientFunds = 5,
  kUnknownRequest = 6,
  kInvalidAddress = 7,
  kInvalidPublicKey = 8,
  kUnknownAddress = 9,
  kInvalidCoins = 10,
  kOutOfGas = 11,
  kMemoTooLarge = 12,
  kInsufficientFee = 13,
  kTooManySignatures = 14,
  kNoSignatures = 15,
  kInvalidRequest = 18,
  kTxInMempoolCache = 19,
  kMempoolIsFull = 20,
  kTxTooLarge = 21,
  kKeyNotFound = 22,
  kInvalidSigner = 24,
  kInvalidHeight = 26,
  kInvalidType = 29,
  kTxTimeoutHeight = 30,
  kUnknownExtensionOptions = 31,
  kWrongSequence = 32,
  kLogic = 35,
  kConflict = 36,
  kNotFound = 38,
  kInvalidGasLimit = 41,
  kInvalidTxFees = 42,
};

/// The registered text of a code.
std::string_view describe(SdkCode code);
/// An error of the "sdk" codespace: "detail: registered text", or the text alone.
Error sdk_error(SdkCode code, std::string_view detail = {});

}  // namespace buri::consensus::runtime
