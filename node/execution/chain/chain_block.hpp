#pragma once

#include "node/execution/chain/block_store.hpp"
#include "node/execution/chain/executor.hpp"

namespace buri::execution::chain {

/// A whole block, and what it did.
struct ChainBlock {
  Block block;
  Hash256 hash;
  BlockSigners signers;  ///< of a block that was read again without authorisations
  U256 total_difficulty;
  ExecutedBlock outcome;  ///< of a canonical block, without its state

  [[nodiscard]] BlockEntry entry() const {
    return {block.header, hash, total_difficulty, signers.producer.value()};
  }
};

/// A canonical block from the store; null if there is none, or if it is pruned.
StoredResult<std::shared_ptr<const ChainBlock>> read_chain_block(const BlockStore& blocks,
                                                                 std::uint64_t number);

}  // namespace buri::execution::chain
