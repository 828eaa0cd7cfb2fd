#pragma once

#include <string>

#include "base/result.hpp"
#include "node/execution/transaction/signed_transaction.hpp"

/// Rules that a transaction breaks or keeps whatever the state: what a pool asks before it asks for
/// the sender, and a block before anything runs. Source: yellow paper, 6.2; EIP-1559, 2681, 3860,
/// 7623, 7702; spec/bor.md 5.

namespace buri::execution::transaction {

/// The broken rule, in the order of checking.
enum class ValidityRule : std::uint8_t {
  kTypeNotActive,      ///< the fork that brings the type is still to come
  kBlobs,              ///< no Bor block may hold blob transactions
  kStateSyncFromUser,  ///< only a block's producer adds the state-sync transaction
  kNonceIsMax,         ///< EIP-2681: 2^64 - 1 cannot be counted up
  kGasAboveCap,        ///< 2^25 from Madhugiri on
  kTipAboveMaxFee,     ///< EIP-1559
  kCostOverflow,       ///< gas limit times max fee exceeds 256 bits
  kNoAuthorizations,   ///< EIP-7702
  kIntrinsicGas,       ///< the gas limit is below what the transaction costs before it runs
  kFloorGas,           ///< EIP-7623
  kInitcodeTooLarge,   ///< EIP-3860
};
/// "nonce has max value", ...
std::string_view describe(ValidityRule rule);

/// Why a transaction can stand in no block of these rules. Where numbers say nothing both are zero.
struct ValidityFault {
  ValidityRule rule;
  U256 expected;
  U256 found;
};
/// "intrinsic gas too low: expected 21000, found 20999".
std::string describe(const ValidityFault& fault);

/// Checks a user's transaction. Thread-safe.
Status<ValidityFault> check_validity(const SignedTransaction& transaction, const evm::Rules& rules);

/// The gas that it costs before anything runs. REQUIRES: a type that the EVM executes.
std::uint64_t intrinsic_gas(const SignedTransaction& transaction, const evm::Rules& rules);

}  // namespace buri::execution::transaction
