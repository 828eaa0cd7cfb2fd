#pragma once

#include <string>

#include "base/result.hpp"
#include "node/execution/evm/journaled_state.hpp"

/// Where blocks read the state and leave their changes: one state, that of the head, and the means
/// to step back from it.

namespace buri::execution::chain {

struct StateStoreError {
  std::string detail;  ///< one sentence for people
};

/// A store whose head state belongs to one block. Used by one thread at a time.
class StateStore {
 public:
  virtual ~StateStore() = default;

  /// The state after the head block. Valid until keep() or rewind().
  [[nodiscard]] virtual const evm::StateSource& head() const = 0;
  /// The root that the head state has with these finished changes. Nothing is visible of them until
  /// keep(); staging others, or rewind(), forgets them.
  virtual Result<Hash256, StateStoreError> stage(evm::JournaledState& changes) = 0;
  /// Makes what was staged last the head state, that of block `number`: whole or, after a crash,
  /// not at all. REQUIRES: something is staged, and `number` is one above the head's.
  virtual Status<StateStoreError> keep(std::uint64_t number, const Hash256& block_hash) = 0;
  /// Steps back to the state after block `number`. Errors: it is above the head, or too far below.
  virtual Status<StateStoreError> rewind(std::uint64_t number) = 0;
};

}  // namespace buri::execution::chain
