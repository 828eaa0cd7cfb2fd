#pragma once

#include "base/codec/rlp.hpp"
#include "node/execution/transaction/signed_transaction.hpp"

/// Transactions as bytes: the inverse of decode.hpp. Thread-safe.

namespace buri::execution::transaction {

/// The bytes that are sent and hashed (EIP-2718).
Bytes encode(const SignedTransaction& transaction);

/// Appends the transaction as it stands in a block's body: a list if it is a legacy one, else a
/// byte string that holds the envelope.
void write(const SignedTransaction& transaction, RlpWriter& body);

/// keccak256 of encode(). Who holds the envelope hashes that instead: it is the same.
Hash256 hash(const SignedTransaction& transaction);

/// The bytes whose keccak256 the sender signed: those before the signature; of a legacy transaction
/// with EIP-155's three extra items if its v names a chain. Nothing for v that names neither
/// (below 27 or from 29 to 34) and for state-sync transactions, which nobody signs.
std::optional<Bytes> signed_part(const SignedTransaction& transaction);

/// The bytes whose keccak256 an authority signed (EIP-7702: 0x05 and [chain id, target, nonce]).
Bytes signed_part(const SignedAuthorization& authorization);

}  // namespace buri::execution::transaction
