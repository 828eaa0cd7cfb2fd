#include "node/execution/chain/durable_states.hpp"

#include "base/hex.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::execution::chain {
namespace {

StateStoreError told(const state::StateError& error) { return {error.detail}; }

/// What is written beside the state, in its batch.
void add_writes(storage::Batch& batch, const storage::Batch& along) {
  along.for_each([&](const storage::Batch::Write& write) {
    switch (write.kind) {
      case storage::Batch::Kind::kPut:
        return batch.put(write.family, write.key, write.value);
      case storage::Batch::Kind::kRemove:
        return batch.remove(write.family, write.key);
      case storage::Batch::Kind::kRemoveRange:
        return batch.remove_range(write.family, write.key, write.value);
    }
  });
}

state::StateChange change_of(const Alloc& alloc) {
  state::StateChange change;
  for (const auto& [address, account] : alloc) {
    state::AccountChange& entry = change.accounts.emplace_back();
    entry.address = address;
    entry.nonce = account.nonce;
    entry.balance = account.balance;
    if (!account.code.empty()) {
      entry.code_hash = evm::keccak256(account.code);
      entry.code = std::make_shared<Bytes>(account.code);
    }
    for (const auto& [key, value] : account.storage) entry.slots.push_back({key, value});
  }
  return change;
}

}  // namespace

DurableStates::DurableStates(state::StateStore& store) : store_(store) { look_at_head(); }

Status<StateStoreError> DurableStates::begin(state::StateStore& store, const Alloc& alloc,
                                             const state::StateHead& head,
                                             const storage::Batch& along) {
  if (const auto present = store.head()) {
    return Failure{StateStoreError{"the store holds the state of block " +
                                   std::to_string(present->number) + ", an empty one is needed"}};
  }
  auto step = store.prepare(change_of(alloc));
  if (!step.ok()) return Failure{told(step.error())};
  if (step->root != head.root) {
    return Failure{StateStoreError{"the genesis: expected state root " + to_hex(head.root) +
                                   ", found " + to_hex(step->root)}};
  }
  add_writes(step->batch, along);
  const auto status = store.commit(std::move(step).value(), head.number, head.block_hash);
  if (!status.ok()) return Failure{told(status.error())};
  return Unit{};
}

void DurableStates::look_at_head() {
  const auto head = store_.head();
  CHECK(head.has_value(), "a chain's state begins with its genesis");
  head_ = store_.view(head->number);
  CHECK(head_ != nullptr, "the state of the head is readable");
}

Status<StateStoreError> DurableStates::check_reads(const evm::StateSource& state) const {
  const auto read = static_cast<const state::StateView&>(state).status();
  if (!read.ok()) return Failure{told(read.error())};
  return Unit{};
}

Result<Hash256, StateStoreError> DurableStates::stage(const state::StateChange& change) {
  staged_.reset();
  auto step = store_.prepare(change);
  if (!step.ok()) return Failure{told(step.error())};
  staged_ = std::move(step).value();
  return staged_->root;
}

Status<StateStoreError> DurableStates::keep(std::uint64_t number, const Hash256& block_hash,
                                            const storage::Batch& along) {
  CHECK(staged_.has_value(), "changes are staged before they are kept");
  add_writes(staged_->batch, along);
  const auto status = store_.commit(*std::exchange(staged_, std::nullopt), number, block_hash);
  if (!status.ok()) return Failure{told(status.error())};
  look_at_head();
  return Unit{};
}

Status<StateStoreError> DurableStates::rewind(std::uint64_t number, const StepBackWriter& along) {
  staged_.reset();
  const auto status = store_.roll_back(
      number, [&](std::uint64_t left, storage::Batch& batch) -> Status<state::StateError> {
        const auto added = along(left, batch);
        if (added.ok()) return Unit{};
        return Failure{state::StateError{state::StateError::Kind::kStorage, added.error().detail}};
      });
  look_at_head();  // also where the way ended early
  if (!status.ok()) return Failure{told(status.error())};
  return Unit{};
}

}  // namespace buri::execution::chain
