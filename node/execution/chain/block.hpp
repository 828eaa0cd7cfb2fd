#pragma once

#include <optional>
#include <vector>

#include "node/execution/chain/header.hpp"
#include "node/execution/transaction/signed_transaction.hpp"

namespace buri::execution::chain {

using transaction::EnvelopeType;
using transaction::SignedTransaction;

/// EIP-4895. No Bor block has any, not even an empty list of them.
struct Withdrawal {
  std::uint64_t index = 0;
  std::uint64_t validator = 0;
  Address address;
  std::uint64_t amount = 0;
};

/// A whole block as it is sent and stored.
struct Block {
  Header header;
  std::vector<SignedTransaction> transactions;
  std::vector<Header> uncles;
  std::optional<std::vector<Withdrawal>> withdrawals;
};

/// Exactly one block: [header, transactions, uncles] or the same with withdrawals. Strict: encoding
/// the result gives the same bytes.
Result<Block, DecodeError> decode_block(ByteView bytes);
/// The next block of a concatenation of them.
Result<Block, DecodeError> next_block(RlpReader& blocks);
Bytes encode_block(const Block& block);
/// What stands behind the header, as a list of its own: how bodies are sent and stored.
Bytes encode_body(const Block& block);
/// Strict, as decode_block(). Whether the body is the header's is check_body()'s.
Result<Block, DecodeError> decode_body(ByteView bytes, Header header);

/// keccak256 of each transaction's canonical form, hashed together.
std::vector<Hash256> transaction_hashes(std::span<const SignedTransaction> transactions);
/// The root that the header names for them.
Hash256 transactions_root(std::span<const SignedTransaction> transactions);
/// keccak256 of the list of uncles.
Hash256 uncles_hash(std::span<const Header> uncles);

}  // namespace buri::execution::chain
