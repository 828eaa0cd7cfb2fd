#include <algorithm>

#include "base/u256_words.hpp"
#include "node/execution/state/state_step.hpp"

namespace buri::execution::state {
namespace {

std::vector<Hash256> digests_of(std::span<const ByteView> messages, const HashBatch& hash) {
  std::vector<Hash256> digests(messages.size());
  if (!messages.empty()) hash(messages, digests);
  return digests;
}

HashedAccount account_of(const AccountChange& change, const Hash256& hash) {
  HashedAccount account;
  account.hash = hash;
  account.storage_cleared = change.storage_cleared || !change.exists;
  if (!change.exists) return account;
  account.after = AccountRecord{
      .nonce = change.nonce, .balance = change.balance, .code_hash = change.code_hash};
  account.code = change.code;
  return account;
}

}  // namespace

HashedChange hash_change(const StateChange& change, const HashBatch& hash) {
  std::vector<ByteView> addresses;
  std::vector<Hash256> words;
  for (const AccountChange& account : change.accounts) {
    addresses.emplace_back(account.address);
    for (const SlotChange& slot : account.slots) words.push_back(slot.key.to_word());
  }
  const std::vector<ByteView> keys(words.begin(), words.end());
  const std::vector<Hash256> account_hashes = digests_of(addresses, hash);
  const std::vector<Hash256> slot_hashes = digests_of(keys, hash);
  HashedChange result;
  std::size_t at = 0;
  for (std::size_t i = 0; i < change.accounts.size(); ++i) {
    HashedAccount& account = result.emplace_back(account_of(change.accounts[i], account_hashes[i]));
    for (const SlotChange& slot : change.accounts[i].slots) {
      account.slots.emplace_back(slot_hashes[at++], slot.value);
    }
    if (!account.after) account.slots.clear();
    std::ranges::sort(account.slots, {}, &std::pair<Hash256, U256>::first);
  }
  std::ranges::sort(result, {}, &HashedAccount::hash);
  return result;
}

HashedChange undo_change(const UndoRecord& record) {
  HashedChange result;
  auto slot = record.slots.begin();
  for (const UndoRecord::Account& before : record.accounts) {
    HashedAccount& account = result.emplace_back();
    account.hash = before.hash;
    account.after = before.before;
    account.storage_cleared = !before.before;
    for (; slot != record.slots.end() && slot->place.account == before.hash; ++slot) {
      if (account.after) account.slots.emplace_back(slot->place.slot, slot->before);
    }
  }
  CHECK(slot == record.slots.end(), "a slot changed without its account's storage root");
  return result;
}

}  // namespace buri::execution::state
