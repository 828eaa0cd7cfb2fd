#include "tests/support/execution/memory_state.hpp"

#include "base/codec/rlp.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/keccak.hpp"
#include "tests/support/execution/naive_trie.hpp"

namespace buri::testing {
namespace {

using execution::evm::Account;
using execution::evm::keccak256;
using execution::evm::Slot;

Bytes hashed(ByteView key) {
  const Hash256 digest = keccak256(key);
  return {digest.bytes.begin(), digest.bytes.end()};
}

Hash256 storage_root(const MemoryAccount& account) {
  std::map<Bytes, Bytes> entries;
  for (const auto& [key, value] : account.storage) {
    entries[hashed(key.to_word())] = RlpWriter().integer(value).items();
  }
  return naive_trie_root(entries);
}

void take_slot(MemoryAccount& target, const Slot& slot) {
  if (is_zero(slot.current)) {
    target.storage.erase(slot.key);
  } else {
    target.storage[slot.key] = slot.current;
  }
}

}  // namespace

std::optional<execution::evm::StoredAccount> MemoryState::account(const Address& address) const {
  const auto found = accounts.find(address);
  if (found == accounts.end()) return std::nullopt;
  const MemoryAccount& stored = found->second;
  return execution::evm::StoredAccount{.nonce = stored.nonce,
                                       .balance = stored.balance,
                                       .code_hash = code_hash(address, stored),
                                       .has_storage = !stored.storage.empty()};
}

U256 MemoryState::storage(const Address& address, const U256& key) const {
  const auto found = accounts.find(address);
  if (found == accounts.end()) return {};
  const auto slot = found->second.storage.find(key);
  return slot == found->second.storage.end() ? U256{} : slot->second;
}

std::shared_ptr<const Bytes> MemoryState::code(const Hash256& wanted) const {
  for (const auto& [address, account] : accounts) {
    if (!account.code.empty() && code_hash(address, account) == wanted) {
      return std::make_shared<const Bytes>(account.code);
    }
  }
  CHECK(false, "a code was asked for that no account has");
  return nullptr;
}

void MemoryState::apply(execution::evm::JournaledState& state) {
  for (Account* changed : state.changed()) {
    derived_.erase(changed->address);
    if (changed->is_empty()) {
      accounts.erase(changed->address);
      continue;
    }
    MemoryAccount& target = accounts[changed->address];
    target.nonce = changed->nonce;
    target.balance = changed->balance;
    const ByteView code = state.code(*changed);
    if (changed->storage_was_cleared) target.storage.clear();
    for (const Slot* slot : changed->slots) take_slot(target, *slot);
    target.code.assign(code.begin(), code.end());
  }
}

Hash256 MemoryState::code_hash(const Address& address, const MemoryAccount& account) const {
  const auto known = derived_.find(address);
  return known == derived_.end() ? keccak256(account.code) : known->second.code_hash;
}

Hash256 MemoryState::root() const {
  std::map<Bytes, Bytes> entries;
  for (const auto& [address, account] : accounts) {
    const auto [place, is_new] = derived_.try_emplace(address);
    Derived& derived = place->second;
    if (is_new) {
      derived.code_hash = keccak256(account.code);
      derived.leaf = RlpWriter()
                         .integer(account.nonce)
                         .integer(account.balance)
                         .bytes(storage_root(account))
                         .bytes(derived.code_hash)
                         .as_list();
    }
    entries[hashed(address)] = derived.leaf;
  }
  return naive_trie_root(entries);
}

}  // namespace buri::testing
