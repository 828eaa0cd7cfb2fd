#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "node/execution/state/state_change.hpp"
#include "node/storage/batch.hpp"

/// Where blocks read the state and leave their changes: one state, that of the head, and the means
/// to step back from it.

namespace buri::execution::chain {

struct StateStoreError {
  std::string detail;  ///< one sentence for people
};

/// Adds what else is written when the head leaves the block of that number downwards.
using StepBackWriter =
    std::function<Status<StateStoreError>(std::uint64_t number, storage::Batch& batch)>;

/// A store whose head state belongs to one block. Used by one thread at a time.
class StateStore {
 public:
  virtual ~StateStore() = default;

  /// Whose state the head state is: the chain's head.
  [[nodiscard]] virtual std::uint64_t head_number() const = 0;
  [[nodiscard]] virtual Hash256 head_hash() const = 0;
  /// The state after the head block: it stays what it is, whatever the head does, and may be read
  /// while keep() runs in another thread.
  [[nodiscard]] virtual std::shared_ptr<const evm::StateSource> head() const = 0;
  /// Whether every read of a state that head() gave was answered: what was executed on reads that
  /// failed is not to be believed.
  [[nodiscard]] virtual Status<StateStoreError> check_reads(
      const evm::StateSource& state) const = 0;
  /// Says which accounts the next block is going to change, in the order in which it is likely to
  /// ask for them: a store may bring them into memory meanwhile. Does not wait; may be called while
  /// keep() runs in another thread.
  virtual void read_ahead(std::span<const Address> addresses) = 0;
  /// The root that the head state has with this change. Nothing is visible of them until
  /// keep(); staging others, or rewind(), forgets them.
  virtual Result<Hash256, StateStoreError> stage(const state::StateChange& change) = 0;
  /// Makes what was staged last the head state, that of block `number`, and writes `along` with it:
  /// whole or, after a crash, not at all. REQUIRES: something is staged, and `number` is one above
  /// the head's.
  virtual Status<StateStoreError> keep(std::uint64_t number, const Hash256& block_hash,
                                       const storage::Batch& along) = 0;
  /// Steps back to the state after block `number`, block by block: a crash leaves one of them.
  /// Errors: it is above the head, or too far below; the writer's, which end the way.
  virtual Status<StateStoreError> rewind(std::uint64_t number, const StepBackWriter& along) = 0;
};

}  // namespace buri::execution::chain
