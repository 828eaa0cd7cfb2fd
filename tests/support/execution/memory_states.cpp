#include "tests/support/execution/memory_states.hpp"

namespace buri::testing {

using execution::chain::StateStoreError;

MemoryStates::MemoryStates(const execution::chain::Alloc& genesis) {
  for (const auto& [address, account] : genesis) {
    state_.accounts[address] = {account.nonce, account.balance, account.code, account.storage};
  }
}

/// The map itself is changed for the sake of its root, and then changed back.
Result<Hash256, StateStoreError> MemoryStates::stage(execution::evm::JournaledState& changes) {
  const Accounts before = take_out(changes);
  state_.apply(changes);
  const Hash256 root = state_.root();
  staged_ = Staged{before, take_out(changes)};
  put(before);
  return root;
}

Status<StateStoreError> MemoryStates::keep(std::uint64_t number, const Hash256& /*block_hash*/) {
  CHECK(staged_.has_value() && number == undo_.size() + 1, "the next block's changes are staged");
  put(staged_->after);
  undo_.push_back(std::move(staged_->before));
  staged_.reset();
  return Unit{};
}

Status<StateStoreError> MemoryStates::rewind(std::uint64_t number) {
  staged_.reset();
  if (number > undo_.size()) return Failure{StateStoreError{"the block is above the head"}};
  while (undo_.size() > number) {
    put(undo_.back());
    undo_.pop_back();
  }
  return Unit{};
}

MemoryStates::Accounts MemoryStates::take_out(const execution::evm::JournaledState& changes) const {
  Accounts result;
  for (const execution::evm::Account* changed : changes.changed()) {
    const auto found = state_.accounts.find(changed->address);
    result[changed->address] =
        found == state_.accounts.end() ? std::nullopt : std::optional(found->second);
  }
  return result;
}

void MemoryStates::put(const Accounts& values) {
  for (const auto& [address, account] : values) state_.put(address, account);
}

}  // namespace buri::testing
