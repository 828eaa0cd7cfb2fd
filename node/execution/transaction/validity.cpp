#include "node/execution/transaction/validity.hpp"

#include "base/u256_arithmetic.hpp"
#include "base/u256_words.hpp"
#include "node/execution/transaction/signing.hpp"

namespace buri::execution::transaction {
namespace {

using enum evm::Proposal;
using Check = Status<ValidityFault>;

Failure<ValidityFault> refuse(ValidityRule rule, const U256& expected = {},
                              const U256& found = {}) {
  return Failure{ValidityFault{rule, expected, found}};
}
Failure<ValidityFault> refuse(ValidityRule rule, std::uint64_t expected, std::uint64_t found) {
  return refuse(rule, U256::from_uint64(expected), U256::from_uint64(found));
}

Check check_type(EnvelopeType type, const evm::Rules& rules) {
  const auto active_from = [&](evm::Proposal proposal) -> Check {
    if (!rules.has(proposal)) return refuse(ValidityRule::kTypeNotActive);
    return Unit{};
  };
  switch (type) {
    case EnvelopeType::kLegacy:
      return Unit{};
    case EnvelopeType::kAccessList:
      return active_from(kEip2930);
    case EnvelopeType::kDynamicFee:
      return active_from(kEip1559);
    case EnvelopeType::kSetCode:
      return active_from(kEip7702);
    case EnvelopeType::kBlob:
      return refuse(ValidityRule::kBlobs);
    case EnvelopeType::kStateSync:
      return refuse(ValidityRule::kStateSyncFromUser);
  }
  return refuse(ValidityRule::kTypeNotActive);
}

Check check_numbers(const SignedTransaction& transaction, const evm::Rules& rules) {
  constexpr std::uint64_t kMaxNonce = ~std::uint64_t{0};
  if (transaction.nonce == kMaxNonce) return refuse(ValidityRule::kNonceIsMax);
  if (rules.has(kTransactionGasCap) && transaction.gas_limit > evm::kTransactionGasLimit) {
    return refuse(ValidityRule::kGasAboveCap, evm::kTransactionGasLimit, transaction.gas_limit);
  }
  if (transaction.max_fee < transaction.max_tip) {
    return refuse(ValidityRule::kTipAboveMaxFee, transaction.max_fee, transaction.max_tip);
  }
  const U256 gas_limit = U256::from_uint64(transaction.gas_limit);
  if (!checked_multiply(transaction.max_fee, gas_limit)) return refuse(ValidityRule::kCostOverflow);
  if (transaction.type == EnvelopeType::kSetCode && transaction.authorizations.empty()) {
    return refuse(ValidityRule::kNoAuthorizations);
  }
  return Unit{};
}

/// The form that counts gas; its authorisations need no authority for that.
std::uint64_t priced(const SignedTransaction& transaction, const evm::Rules& rules) {
  const std::vector<evm::Authorization> unread(transaction.authorizations.size());
  return evm::intrinsic_gas(executable(transaction, {}, unread), rules);
}

Check check_gas(const SignedTransaction& transaction, const evm::Rules& rules) {
  const std::uint64_t intrinsic = priced(transaction, rules);
  if (transaction.gas_limit < intrinsic) {
    return refuse(ValidityRule::kIntrinsicGas, intrinsic, transaction.gas_limit);
  }
  const std::uint64_t floor = evm::floor_gas(executable(transaction, {}, {}));
  if (rules.has(kEip7623) && transaction.gas_limit < floor) {
    return refuse(ValidityRule::kFloorGas, floor, transaction.gas_limit);
  }
  const bool has_initcode = !transaction.to && rules.has(kEip3860);
  if (has_initcode && transaction.data.size() > evm::kInitcodeLimitBytes) {
    return refuse(ValidityRule::kInitcodeTooLarge, evm::kInitcodeLimitBytes,
                  transaction.data.size());
  }
  return Unit{};
}

}  // namespace

std::string_view describe(ValidityRule rule) {
  switch (rule) {
    case ValidityRule::kTypeNotActive:
      return "transaction type not supported";
    case ValidityRule::kBlobs:
      return "blob transactions are not supported";
    case ValidityRule::kStateSyncFromUser:
      return "state-sync transactions are not sent";
    case ValidityRule::kNonceIsMax:
      return "nonce has max value";
    case ValidityRule::kGasAboveCap:
      return "transaction gas limit too high";
    case ValidityRule::kTipAboveMaxFee:
      return "max priority fee per gas higher than max fee per gas";
    case ValidityRule::kCostOverflow:
      return "gas limit times fee exceeds 256 bits";
    case ValidityRule::kNoAuthorizations:
      return "set code transaction without authorisations";
    case ValidityRule::kIntrinsicGas:
      return "intrinsic gas too low";
    case ValidityRule::kFloorGas:
      return "insufficient gas for floor data gas cost";
    case ValidityRule::kInitcodeTooLarge:
      return "max initcode size exceeded";
  }
  return "unknown";
}

std::string describe(const ValidityFault& fault) {
  std::string text(describe(fault.rule));
  if (fault.expected == fault.found) return text;
  return text + ": expected " + fault.expected.to_decimal() + ", found " + fault.found.to_decimal();
}

Status<ValidityFault> check_validity(const SignedTransaction& transaction,
                                     const evm::Rules& rules) {
  RETURN_IF_ERROR(check_type(transaction.type, rules));
  RETURN_IF_ERROR(check_numbers(transaction, rules));
  return check_gas(transaction, rules);
}

std::uint64_t intrinsic_gas(const SignedTransaction& transaction, const evm::Rules& rules) {
  return priced(transaction, rules);
}

}  // namespace buri::execution::transaction
