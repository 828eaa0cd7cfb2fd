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
  /// Gives an empty store the accounts of a genesis as block 0, and writes `along` with it. Errors:
  /// the store holds something already, or reckons another root.
  static Status<StateStoreError> begin(state::StateStore& store, const Alloc& alloc,
                                       const state::StateHead& head, const storage::Batch& along);

  [[nodiscard]] std::uint64_t head_number() const override { return head_->head().number; }
  [[nodiscard]] Hash256 head_hash() const override { return head_->head().block_hash; }
  [[nodiscard]] std::shared_ptr<const evm::StateSource> head() const override { return head_; }
  [[nodiscard]] Status<StateStoreError> check_reads(const evm::StateSource& state) const override;
  void read_ahead(std::span<const Address> addresses) override { store_.read_ahead(addresses); }
  Result<Hash256, StateStoreError> stage(const state::StateChange& change) override;
  Status<StateStoreError> keep(std::uint64_t number, const Hash256& block_hash,
                               const storage::Batch& along) override;
  Status<StateStoreError> rewind(std::uint64_t number, const StepBackWriter& along) override;

 private:
  void look_at_head();

  state::StateStore& store_;
  std::shared_ptr<const state::StateView> head_;
  std::optional<state::StateStep> staged_;
};

}  // namespace buri::execution::chain
