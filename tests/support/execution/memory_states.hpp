#pragma once

#include "node/execution/chain/config.hpp"
#include "node/execution/chain/state_store.hpp"
#include "tests/support/execution/memory_state.hpp"

namespace buri::testing {

/// A chain's state in a map, with every block's way back.
class MemoryStates final : public execution::chain::StateStore {
 public:
  explicit MemoryStates(const execution::chain::Alloc& genesis);

  [[nodiscard]] const execution::evm::StateSource& head() const override { return state_; }
  Result<Hash256, execution::chain::StateStoreError> stage(
      execution::evm::JournaledState& changes) override;
  Status<execution::chain::StateStoreError> keep(std::uint64_t number,
                                                 const Hash256& block_hash) override;
  Status<execution::chain::StateStoreError> rewind(std::uint64_t number) override;

  [[nodiscard]] const MemoryState& state() const { return state_; }

 private:
  using Accounts = std::map<Address, std::optional<MemoryAccount>>;
  struct Staged {
    Accounts before;
    Accounts after;
  };

  /// The accounts that `changes` names, as they are.
  [[nodiscard]] Accounts take_out(const execution::evm::JournaledState& changes) const;
  void put(const Accounts& values);

  MemoryState state_;
  std::vector<Accounts> undo_;  ///< what block i + 1 found
  std::optional<Staged> staged_;
};

}  // namespace buri::testing
