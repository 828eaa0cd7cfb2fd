#include "node/execution/chain/versioned_state.hpp"

#include <algorithm>

#include "base/u256_words.hpp"

namespace buri::execution::chain {
namespace {

/// The account as a source would tell it.
evm::StoredAccount as_stored(const evm::JournaledState& state, const evm::Account& account) {
  return {.nonce = account.nonce,
          .balance = account.balance,
          .code_hash = account.code_hash,
          .has_storage = state.may_have_storage(account)};
}

bool is_same(const evm::StoredAccount& a, const evm::StoredAccount& b) {
  return a.nonce == b.nonce && a.balance == b.balance && a.code_hash == b.code_hash &&
         a.has_storage == b.has_storage;
}

}  // namespace

template <class Key, class Value, class Hash>
std::optional<VersionedState::Version<Value>> VersionedState::Table<Key, Value, Hash>::find(
    const Key& key, TransactionIndex reader) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.versions.find(key);
  if (found == shard.versions.end()) return std::nullopt;
  const Versions<Value>& versions = found->second;
  for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
    if (version->writer < reader) return *version;
  }
  return std::nullopt;
}

template <class Key, class Value, class Hash>
void VersionedState::Table<Key, Value, Hash>::put(const Key& key, Version<Value> version,
                                                  TransactionIndex oldest_reader) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  Versions<Value>& versions = shard.versions[key];
  const auto place =
      std::ranges::lower_bound(versions, version.writer, {}, &Version<Value>::writer);
  if (place != versions.end() && place->writer == version.writer) return;
  versions.insert(place, std::move(version));
  // Of those that every reader is behind only the newest is seen.
  auto first = versions.begin();
  while (first + 1 != versions.end() && (first + 1)->writer < oldest_reader) ++first;
  versions.erase(versions.begin(), first);
}

template <class Key, class Value, class Hash>
void VersionedState::Table<Key, Value, Hash>::remove(const Key& key, TransactionIndex writer) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.versions.find(key);
  if (found == shard.versions.end()) return;
  const auto place = std::ranges::find(found->second, writer, &Version<Value>::writer);
  if (place != found->second.end()) found->second.erase(place);
}

VersionedState::Version<VersionedState::Account> VersionedState::account(const Address& address,
                                                                         TransactionIndex reader) {
  if (auto found = accounts_.find(address, reader)) return *found;
  const Version<Account> read{kBeforeBlock, before_.account(address)};
  accounts_.put(address, read, kBeforeBlock);
  return read;
}

VersionedState::Version<U256> VersionedState::slot(const Address& address, const U256& key,
                                                   TransactionIndex reader) {
  const SlotKey place{address, key};
  auto found = slots_.find(place, reader);
  if (has_deletions_.load()) {
    const auto deleted = deletions_.find(address, reader);
    // A transaction that deletes an account leaves no slot in it.
    if (deleted && (!found || found->writer <= deleted->writer)) return {deleted->writer, {}};
  }
  if (found) return *found;
  const Version<U256> read{kBeforeBlock, before_.storage(address, key)};
  slots_.put(place, read, kBeforeBlock);
  return read;
}

std::shared_ptr<const Bytes> VersionedState::code(const Hash256& code_hash) {
  {
    const std::lock_guard lock(codes_mutex_);
    const auto found = codes_.find(code_hash);
    if (found != codes_.end()) return found->second;
  }
  auto code = before_.code(code_hash);
  const std::lock_guard lock(codes_mutex_);
  codes_.emplace(code_hash, code);
  return code;
}

VersionedState::Account VersionedState::account_after(const state::AccountChange& change,
                                                      TransactionIndex writer) {
  if (!change.exists) return std::nullopt;
  evm::StoredAccount account{
      .nonce = change.nonce, .balance = change.balance, .code_hash = change.code_hash};
  account.has_storage = std::ranges::any_of(
      change.slots, [](const state::SlotChange& slot) { return !is_zero(slot.value); });
  if (account.has_storage || change.storage_cleared) return account;
  const Account before = this->account(change.address, writer).value;
  account.has_storage = before && before->has_storage;
  return account;
}

void VersionedState::publish(const state::StateChange& change, TransactionIndex writer) {
  const TransactionIndex oldest = oldest_reader_.load();
  for (const state::AccountChange& account : change.accounts) {
    if (account.code) {
      const std::lock_guard lock(codes_mutex_);
      codes_.emplace(account.code_hash, account.code);
    }
    for (const state::SlotChange& slot : account.slots) {
      slots_.put({account.address, slot.key}, {writer, slot.value}, oldest);
    }
    if (account.storage_cleared) {
      deletions_.put(account.address, {writer, true}, oldest);
      has_deletions_.store(true);
    }
    accounts_.put(account.address, {writer, account_after(account, writer)}, oldest);
  }
}

void VersionedState::withdraw(const state::StateChange& change, TransactionIndex writer) {
  for (const state::AccountChange& account : change.accounts) {
    accounts_.remove(account.address, writer);
    if (account.storage_cleared) deletions_.remove(account.address, writer);
    for (const state::SlotChange& slot : account.slots) {
      slots_.remove({account.address, slot.key}, writer);
    }
  }
}

std::optional<evm::StoredAccount> TransactionView::account(const Address& address) const {
  if (before_read_) before_read_();
  auto version = states_.account(address, reader_);
  reads_.accounts.push_back({address, version});
  return version.value;
}

U256 TransactionView::storage(const Address& address, const U256& key) const {
  if (before_read_) before_read_();
  const auto version = states_.slot(address, key, reader_);
  reads_.slots.push_back({address, key, version});
  return version.value;
}

std::shared_ptr<const Bytes> TransactionView::code(const Hash256& code_hash) const {
  return states_.code(code_hash);
}

std::optional<evm::StoredAccount> JournalView::account(const Address& address) const {
  const evm::Account& account = below_.account(address);
  if (account.is_empty()) return std::nullopt;
  return as_stored(below_, account);
}

U256 JournalView::storage(const Address& address, const U256& key) const {
  return below_.slot(below_.account(address), key).current;
}

bool are_true(const TransactionView::Reads& reads, evm::JournaledState& state) {
  for (const auto& read : reads.accounts) {
    const bool is_from_before = read.version.writer == kBeforeBlock;
    const evm::Account& account = is_from_before ? state.account(read.address, read.version.value)
                                                 : state.account(read.address);
    const auto stored = read.version.value.value_or(evm::StoredAccount{});
    if (!is_same(as_stored(state, account), stored)) return false;
  }
  for (const auto& read : reads.slots) {
    evm::Account& account = state.account(read.address);
    const bool is_from_before = read.version.writer == kBeforeBlock;
    const evm::Slot& slot = is_from_before ? state.slot(account, read.key, read.version.value)
                                           : state.slot(account, read.key);
    if (slot.current != read.version.value) return false;
  }
  return true;
}

void apply(const state::StateChange& change, evm::JournaledState& state) {
  for (const state::AccountChange& changed : change.accounts) {
    evm::Account& account = state.account(changed.address);
    if (!changed.exists) {
      state.mark_destructed(account);
      continue;
    }
    if (account.balance != changed.balance) state.set_balance(account, changed.balance);
    if (account.nonce != changed.nonce) state.set_nonce(account, changed.nonce);
    if (account.code_hash != changed.code_hash) {
      state.set_code(account, changed.code_hash, changed.code);
    }
    for (const state::SlotChange& slot : changed.slots) {
      state.set_storage(account, state.slot(account, slot.key), slot.value);
    }
  }
}

}  // namespace buri::execution::chain
