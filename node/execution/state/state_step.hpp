#pragma once

#include <deque>

#include "base/lanes.hpp"
#include "node/execution/state/state_change.hpp"
#include "node/execution/state/state_reader.hpp"
#include "node/execution/state/trie_update.hpp"
#include "node/storage/batch.hpp"

/// One step of the head: what is to be written, and the root that comes of it. A block's change
/// makes one forwards, its undo record one backwards.

namespace buri::execution::state {

/// A change with hashed keys, as tables and tries have them.
struct HashedAccount {
  Hash256 hash;
  /// Nothing: the account is deleted with its storage. The storage root is reckoned, not read.
  std::optional<AccountRecord> after;
  bool storage_cleared = false;
  std::shared_ptr<const Bytes> code;
  std::vector<std::pair<Hash256, U256>> slots;  ///< hashes ascend
};
/// Hashes ascend.
using HashedChange = std::vector<HashedAccount>;

/// All keys are hashed in two calls of `hash`.
HashedChange hash_change(const StateChange& change, const HashBatch& hash);
/// The change that leads back. Codes stay: no other state can tell.
HashedChange undo_change(const UndoRecord& record);

/// A step that is reckoned and not yet taken.
struct StateStep {
  /// Writes of the step but its nodes. The caller may add his own, of other families.
  storage::Batch batch;
  std::vector<TrieWrites> nodes;
  Hash256 root;
  UndoRecord before;  ///< parent is the head that the step starts from
  std::vector<std::pair<Hash256, std::optional<AccountRecord>>> accounts;
  std::vector<std::pair<SlotPlace, U256>> slots;
};

/// What a step is reckoned with.
struct StepMeans {
  const HashBatch& hash;
  /// Storage tries are changed side by side in them, with the same result; null: one after the
  /// other.
  Lanes* lanes = nullptr;
};

/// Reckons the step from `head` by `change`. The state must not move meanwhile. Nothing is written.
/// Errors: those of reading; kCorruption where tables and tries disagree.
Result<StateStep, StateError> reckon_step(StateReader& reader, const StateHead& head,
                                          const HashedChange& change, const StepMeans& means);

}  // namespace buri::execution::state
