#pragma once

#include <string>

#include "base/codec/rlp.hpp"
#include "node/execution/transaction/signed_transaction.hpp"

/// Transactions from bytes. Strict: what decodes encodes to the same bytes, so the hash of the
/// bytes is the transaction's. Memory is bounded by a small multiple of the input. Thread-safe.

namespace buri::execution::transaction {

/// What is wrong with the bytes.
struct DecodeError {
  enum class Rule : std::uint8_t {
    kMalformed,    ///< `field` is not the RLP that belongs there
    kEmpty,        ///< no byte at all
    kUnknownType,  ///< `type` is none of EnvelopeType
  };
  Rule rule;
  std::string_view field;  ///< "gas limit", ...; static text
  RlpError rlp{};          ///< of kMalformed
  std::uint8_t type = 0;   ///< of kUnknownType
};
/// "gas limit: an integer is too large", "transaction type 0x05 is not known", ...
std::string describe(const DecodeError& error);

/// Decodes the bytes that are sent and hashed (EIP-2718): a type byte and a list, or the list of a
/// legacy transaction. A blob transaction is read in the form without its blobs.
Result<SignedTransaction, DecodeError> decode(ByteView envelope);

/// Reads the next transaction of a block's body or of a message of the eth protocol: a list if it
/// is a legacy one, else a byte string that holds the envelope.
Result<SignedTransaction, DecodeError> read(RlpReader& body);

}  // namespace buri::execution::transaction
