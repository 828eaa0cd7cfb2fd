#pragma once

#include "node/execution/chain/config.hpp"
#include "node/execution/chain/state_store.hpp"
#include "node/execution/state/state_store.hpp"

namespace buri::execution::chain {

/// The state of a chain in the database: node/execution/state behind the chain's interface. What
/// keep() took is on disk when it returns.
class DurableStates final : public StateStore {
 public:
  /// Over an open store, which must outlive it. REQUIRES: it has a head, see begin().
  explicit DurableStates(state::StateStore& store);
  /// Gives an empty store the accounts of a genesis as block 0. Errors: the store holds something
  /// already, or reckons another root.
  static Status<StateStoreError> begin(state::StateStore& store, const Alloc& alloc,
                                       const Hash256& block_hash, const Hash256& root);

  [[nodiscard]] const evm::StateSource& head() const override { return *head_; }
  Result<Hash256, StateStoreError> stage(evm::JournaledState& changes) override;
  Status<StateStoreError> keep(std::uint64_t number, const Hash256& block_hash) override;
  Status<StateStoreError> rewind(std::uint64_t number) override;

 private:
  void look_at_head();

  state::StateStore& store_;
  std::shared_ptr<const state::StateView> head_;
  std::optional<state::StateStep> staged_;
};

}  // namespace buri::execution::chain
