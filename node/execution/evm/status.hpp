#pragma once

#include <cstdint>
#include <string_view>

namespace buri::execution::evm {

/// How code stands, or how it ended. All but the first three take all gas of the frame.
enum class Status : std::uint8_t {
  kRunning,
  kSuccess,
  kRevert,
  kOutOfGas,
  kStackUnderflow,
  kStackOverflow,
  kInvalidOpcode,
  kInvalidJump,
  kWriteProtection,  ///< a change of state in a static call
  kReturnDataOutOfBounds,
  kInitcodeTooLarge,     ///< EIP-3860
  kCodeTooLarge,         ///< EIP-170
  kInvalidCodePrefix,    ///< EIP-3541
  kAddressCollision,     ///< a contract would replace another
  kNonceOverflow,        ///< a creator's nonce is 2^64 - 1
  kDepthExceeded,        ///< more than 1024 frames
  kInsufficientBalance,  ///< for the value a call moves
  kPrecompileFailure,
};

/// "out of gas", "invalid jump destination", ...
std::string_view describe(Status status);

/// Whether the frame's gas is gone.
constexpr bool takes_all_gas(Status status) {
  return status > Status::kRevert && status != Status::kDepthExceeded &&
         status != Status::kInsufficientBalance && status != Status::kNonceOverflow;
}

}  // namespace buri::execution::evm
