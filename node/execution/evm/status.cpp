#include "node/execution/evm/status.hpp"

#include "node/execution/evm/transition.hpp"

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

std::string_view describe(TransactionRule rule) {
  switch (rule) {
    case TransactionRule::kTypeNotActive:
      return "transaction type not supported";
    case TransactionRule::kNonceTooLow:
      return "nonce too low";
    case TransactionRule::kNonceTooHigh:
      return "nonce too high";
    case TransactionRule::kNonceIsMax:
      return "nonce has max value";
    case TransactionRule::kSenderIsContract:
      return "sender not an eoa";
    case TransactionRule::kGasAboveCap:
      return "transaction gas limit too high";
    case TransactionRule::kTipAboveMaxFee:
      return "max priority fee per gas higher than max fee per gas";
    case TransactionRule::kMaxFeeBelowBaseFee:
      return "max fee per gas less than block base fee";
    case TransactionRule::kSetCodeWithoutTarget:
      return "set code transaction without target";
    case TransactionRule::kNoAuthorizations:
      return "set code transaction without authorisations";
    case TransactionRule::kInsufficientFunds:
      return "insufficient funds for gas * price + value";
    case TransactionRule::kBlockGasExceeded:
      return "gas limit reached";
    case TransactionRule::kIntrinsicGas:
      return "intrinsic gas too low";
    case TransactionRule::kFloorGas:
      return "insufficient gas for floor data gas cost";
    case TransactionRule::kInitcodeTooLarge:
      return "max initcode size exceeded";
  }
  return "unknown";
}

}  // namespace buri::execution::evm
