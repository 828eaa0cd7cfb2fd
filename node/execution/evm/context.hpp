#pragma once

#include <functional>
#include <span>

#include "base/bytes.hpp"
#include "base/u256.hpp"

namespace buri::execution::evm {

/// What instructions read of the block.
struct BlockContext {
  /// COINBASE: the producer, from Rio on the fee receiver (spec/bor.md 5).
  Address coinbase;
  std::uint64_t number = 0;
  std::uint64_t timestamp = 0;  ///< seconds since 1970
  std::uint64_t gas_limit = 0;
  U256 difficulty;
  U256 random;    ///< EIP-4399, where the rules have it
  U256 base_fee;  ///< wei per gas
  U256 blob_base_fee;
  U256 chain_id;
  /// The hash of one of the 256 blocks before this. REQUIRES: asked for no other.
  std::function<Hash256(std::uint64_t number)> hash_of_block;
};

/// What instructions read of the transaction.
struct TransactionContext {
  Address origin;
  U256 gas_price;  ///< wei per gas that the sender pays
  std::span<const Hash256> blob_hashes;
};

}  // namespace buri::execution::evm
