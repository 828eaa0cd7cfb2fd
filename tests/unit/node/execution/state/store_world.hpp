#pragma once

#include "accel/hasher.hpp"
#include "node/execution/state/state_store.hpp"
#include "tests/support/execution/random_blocks.hpp"
#include "tests/support/storage/simulated_disk.hpp"

/// A store on a disk, and the states that it must equal.

namespace buri::testing {

/// A change to a state as the store takes it, and the model after it.
struct ModelBlock {
  execution::state::StateChange change;
  MemoryState after;
};

/// The block of that seed on `before`.
inline ModelBlock random_block(const MemoryState& before, std::uint64_t seed) {
  SeededRandom random(seed);
  execution::evm::JournaledState state(before);
  run_random_block(state, random);
  ModelBlock block{.change = execution::state::collect_change(state), .after = before};
  block.after.apply(state);
  return block;
}

inline Hash256 numbered_hash(std::uint64_t number, std::uint64_t branch = 0) {
  Hash256 hash;
  hash.bytes[31] = static_cast<std::uint8_t>(number);
  hash.bytes[0] = static_cast<std::uint8_t>(branch);
  return hash;
}

inline execution::state::StateOptions small_options() {
  return {.caches = {.account_bytes = 4000, .slot_bytes = 4000, .node_bytes = 20'000},
          .undo_blocks = 20,
          .trie_blocks = 5,
          .readable_blocks = 8};
}

inline std::unique_ptr<execution::state::StateStore> open_store(
    storage::Database& database, const execution::state::StateOptions& options = small_options()) {
  auto opened =
      execution::state::StateStore::open(database, accel::best_hasher().keccak256_batch, options);
  CHECK(opened.ok(), "the state opens");
  return std::move(opened).value();
}

}  // namespace buri::testing
