#pragma once

#include "accel/signature.hpp"
#include "base/result.hpp"
#include "node/execution/transaction/signed_transaction.hpp"

/// Who signed a transaction: the requests that accel answers in batches, and what its answers make
/// of a transaction. Ask accel with LowS::kRequired (EIP-2 and EIP-7702). Thread-safe.

namespace buri::execution::transaction {

/// What the v of a legacy transaction says.
struct LegacyV {
  std::optional<U256> chain_id;  ///< nothing: valid on every chain (before EIP-155)
  std::uint8_t y_parity = 0;
};
/// Nothing for a v that says nothing: below 27 or from 29 to 34.
std::optional<LegacyV> legacy_v(const U256& v);

/// Why a transaction can have no sender on this chain.
enum class SigningFault : std::uint8_t {
  kNotSigned,   ///< a state-sync transaction
  kWrongChain,  ///< signed for another chain
  kBadParity,   ///< v is none of the values that its type has
};
/// "signed for another chain", ...
std::string_view describe(SigningFault fault);

/// The question for the sender. The answer may still be that the signature has no signer.
Result<accel::RecoverRequest, SigningFault> sender_request(const SignedTransaction& transaction,
                                                           std::uint64_t chain_id);

/// The question for an authority; nothing if the parity is neither 0 nor 1, and no authority.
std::optional<accel::RecoverRequest> authority_request(const SignedAuthorization& authorization);

/// The authorisation for the EVM. `authority`: the signer, nothing if there is none.
evm::Authorization with_authority(const SignedAuthorization& authorization,
                                  const std::optional<Address>& authority);

/// The transaction for the EVM, borrowing `transaction` and `authorizations` (one for each of the
/// transaction's). REQUIRES: a type that the EVM executes (neither kBlob nor kStateSync).
evm::Transaction executable(const SignedTransaction& transaction, const Address& sender,
                            std::span<const evm::Authorization> authorizations);

}  // namespace buri::execution::transaction
