#include "node/execution/evm/status.hpp"

namespace buri::execution::evm {

std::string_view describe(Status status) {
  switch (status) {
    case Status::kRunning:
      return "running";
    case Status::kSuccess:
      return "success";
    case Status::kRevert:
      return "execution reverted";
    case Status::kOutOfGas:
      return "out of gas";
    case Status::kStackUnderflow:
      return "stack underflow";
    case Status::kStackOverflow:
      return "stack limit reached";
    case Status::kInvalidOpcode:
      return "invalid opcode";
    case Status::kInvalidJump:
      return "invalid jump destination";
    case Status::kWriteProtection:
      return "write protection";
    case Status::kReturnDataOutOfBounds:
      return "return data out of bounds";
    case Status::kInitcodeTooLarge:
      return "max initcode size exceeded";
    case Status::kCodeTooLarge:
      return "max code size exceeded";
    case Status::kInvalidCodePrefix:
      return "invalid code: must not begin with 0xef";
    case Status::kAddressCollision:
      return "contract address collision";
    case Status::kNonceOverflow:
      return "nonce uint64 overflow";
    case Status::kDepthExceeded:
      return "max call depth exceeded";
    case Status::kInsufficientBalance:
      return "insufficient balance for transfer";
    case Status::kPrecompileFailure:
      return "precompile failed";
  }
  return "unknown";
}

}  // namespace buri::execution::evm
