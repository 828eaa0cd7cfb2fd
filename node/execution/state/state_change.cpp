#include "node/execution/state/state_change.hpp"

#include "base/u256_words.hpp"

namespace buri::execution::state {
namespace {

AccountChange change_of(const evm::Account& account) {
  AccountChange change;
  change.address = account.address;
  change.storage_cleared = account.storage_was_cleared;
  if (account.is_empty()) {
    change.exists = false;
    return change;
  }
  change.nonce = account.nonce;
  change.balance = account.balance;
  change.code_hash = account.code_hash;
  if (account.has_code()) change.code = account.code;
  for (const evm::Slot* slot : account.slots) {
    const bool is_new =
        account.storage_was_cleared ? !is_zero(slot->current) : slot->current != slot->before;
    if (is_new) change.slots.push_back({slot->key, slot->current});
  }
  return change;
}

}  // namespace

StateChange collect_change(const evm::JournaledState& state) {
  StateChange change;
  for (const evm::Account* account : state.changed()) {
    change.accounts.push_back(change_of(*account));
  }
  return change;
}

ChangedState::ChangedState(const evm::StateSource& base, const StateChange& change) : base_(base) {
  for (const AccountChange& account : change.accounts) {
    Place& place = accounts_[account.address];
    place.change = &account;
    for (const SlotChange& slot : account.slots) place.slots[slot.key] = slot.value;
    if (account.code) with_code_.push_back(&account);
  }
}

std::optional<evm::StoredAccount> ChangedState::account(const Address& address) const {
  const auto found = accounts_.find(address);
  if (found == accounts_.end()) return base_.account(address);
  const AccountChange& change = *found->second.change;
  if (!change.exists) return std::nullopt;
  evm::StoredAccount account{
      .nonce = change.nonce, .balance = change.balance, .code_hash = change.code_hash};
  for (const SlotChange& slot : change.slots) {
    account.has_storage = account.has_storage || !is_zero(slot.value);
  }
  if (account.has_storage || change.storage_cleared) return account;
  // Slots that this change sets to zero may have been the last: "may have storage" is what counts.
  const auto before = base_.account(address);
  account.has_storage = before && before->has_storage;
  return account;
}

U256 ChangedState::storage(const Address& address, const U256& key) const {
  const auto found = accounts_.find(address);
  if (found == accounts_.end()) return base_.storage(address, key);
  const auto slot = found->second.slots.find(key);
  if (slot != found->second.slots.end()) return slot->second;
  const AccountChange& change = *found->second.change;
  if (change.storage_cleared || !change.exists) return {};
  return base_.storage(address, key);
}

std::shared_ptr<const Bytes> ChangedState::code(const Hash256& code_hash) const {
  for (const AccountChange* account : with_code_) {
    if (account->code_hash == code_hash) return account->code;
  }
  return base_.code(code_hash);
}

}  // namespace buri::execution::state
