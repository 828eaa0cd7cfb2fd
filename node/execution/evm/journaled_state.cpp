#include "node/execution/evm/journaled_state.hpp"

#include "base/random.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/keccak.hpp"

namespace buri::execution::evm {
namespace {

std::uint64_t hash_seed() {
  static const std::uint64_t seed = system_random().next() | 1;
  return seed;
}

/// Folds a 128-bit product: every bit of the result depends on every bit of both factors.
std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const auto product = static_cast<unsigned __int128>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

constexpr std::uint64_t kOdd1 = 0x9e3779b97f4a7c15;
constexpr std::uint64_t kOdd2 = 0xd6e8feb86659fd93;

}  // namespace

std::size_t KeyHash::operator()(const Address& address) const noexcept {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::uint32_t last = 0;
  std::memcpy(&first, address.data(), 8);
  std::memcpy(&second, address.data() + 8, 8);
  std::memcpy(&last, address.data() + 16, 4);
  return mix(mix(first ^ hash_seed(), second ^ kOdd1) ^ last, kOdd2);
}

std::size_t KeyHash::operator()(const U256& word) const noexcept {
  const std::uint64_t low = mix(word.limbs[0] ^ hash_seed(), word.limbs[1] ^ kOdd1);
  return mix(low ^ word.limbs[2], word.limbs[3] ^ kOdd2);
}

std::size_t JournaledState::TransientHash::operator()(const TransientKey& key) const noexcept {
  return mix(KeyHash{}(key.address) ^ kOdd1, KeyHash{}(key.key));
}

void JournaledState::reset(const StateSource& source) {
  source_ = &source;
  accounts_.clear();
  slots_.clear();
  account_of_address_.clear();
  transient_.clear();
  journal_.clear();
  old_codes_.clear();
  transient_keys_.clear();
  touched_.clear();
  changed_.clear();
  logs_.clear();
  refund_ = 0;
  transaction_ = 1;
  access_period_ = 1;
}

Account& JournaledState::place(const Address& address) {
  const auto [place, is_new] = account_of_address_.try_emplace(address, nullptr);
  if (is_new) {
    place->second = &accounts_.emplace_back();
    place->second->address = address;
  }
  return *place->second;
}

void JournaledState::load(Account& account, const std::optional<StoredAccount>& stored) {
  account.is_loaded = true;
  if (!stored) return;
  account.nonce = stored->nonce;
  account.balance = stored->balance;
  account.code_hash = stored->code_hash;
  account.has_stored_storage = stored->has_storage;
}

Account& JournaledState::account(const Address& address) {
  Account& account = place(address);
  if (!account.is_loaded) load(account, source_->account(address));
  return account;
}

Account& JournaledState::account(const Address& address,
                                 const std::optional<StoredAccount>& stored) {
  Account& account = place(address);
  if (!account.is_loaded) load(account, stored);
  return account;
}

/// The slot and whether it is new, its values not yet set.
std::pair<Slot*, bool> JournaledState::find_slot(Account& account, const U256& key) {
  const auto [place, is_new] = account.slot_of_key.try_emplace(key, nullptr);
  if (is_new) {
    place->second = &slots_.emplace_back();
    place->second->key = key;
    account.slots.push_back(place->second);
  }
  return {place->second, is_new};
}

Slot& JournaledState::begin_use(Slot& slot) {
  if (slot.seen_in != transaction_) {
    slot.seen_in = transaction_;
    slot.original = slot.current;
  }
  return slot;
}

Slot& JournaledState::slot(Account& account, const U256& key) {
  const auto [slot, is_new] = find_slot(account, key);
  if (is_new) {
    if (account.has_stored_storage) slot->before = source_->storage(account.address, key);
    if (!account.storage_was_cleared) slot->current = slot->before;
  }
  return begin_use(*slot);
}

Slot& JournaledState::slot(Account& account, const U256& key, const U256& stored) {
  const auto [slot, is_new] = find_slot(account, key);
  if (is_new) {
    if (account.has_stored_storage) slot->before = stored;
    if (!account.storage_was_cleared) slot->current = slot->before;
  }
  return begin_use(*slot);
}

ByteView JournaledState::code(Account& account) {
  if (!account.has_code()) return {};
  if (!account.code) account.code = source_->code(account.code_hash);
  return *account.code;
}

U256 JournaledState::transient(const Account& account, const U256& key) const {
  const auto found = transient_.find({account.address, key});
  return found == transient_.end() ? U256{} : found->second;
}

bool JournaledState::warm(Account& account) {
  if (account.warm_in == access_period_) return false;
  journal_.push_back({Kind::kWarmAccount, account.warm_in, &account});
  account.warm_in = access_period_;
  return true;
}

bool JournaledState::warm(Slot& slot) {
  if (slot.warm_in == access_period_) return false;
  journal_.push_back({Kind::kWarmSlot, slot.warm_in, nullptr, &slot});
  slot.warm_in = access_period_;
  return true;
}

void JournaledState::touch(Account& account) {
  if (account.touched_in == transaction_) return;
  journal_.push_back({Kind::kTouched, account.touched_in, &account});
  account.touched_in = transaction_;
  touched_.push_back(&account);
}

void JournaledState::set_balance(Account& account, const U256& balance) {
  touch(account);
  journal_.push_back({Kind::kBalance, 0, &account, nullptr, account.balance});
  account.balance = balance;
}

void JournaledState::credit(Account& account, const U256& amount) {
  if (is_zero(amount)) return touch(account);
  set_balance(account, wrapping_add(account.balance, amount));
}

void JournaledState::debit(Account& account, const U256& amount) {
  CHECK(!less(account.balance, amount), "more was taken from an account than it holds");
  if (!is_zero(amount)) set_balance(account, wrapping_subtract(account.balance, amount));
}

void JournaledState::set_nonce(Account& account, std::uint64_t nonce) {
  touch(account);
  journal_.push_back({Kind::kNonce, 0, &account, nullptr, U256::from_uint64(account.nonce)});
  account.nonce = nonce;
}

void JournaledState::set_code(Account& account, ByteView code) {
  set_code(account, code.empty() ? kEmptyCodeHash : keccak256(code),
           std::make_shared<Bytes>(code.begin(), code.end()));
}

void JournaledState::set_code(Account& account, const Hash256& hash,
                              std::shared_ptr<const Bytes> code) {
  touch(account);
  const auto index = static_cast<std::uint32_t>(old_codes_.size());
  old_codes_.push_back({account.code_hash, account.code, account.analysed});
  journal_.push_back({Kind::kCode, index, &account});
  account.code_hash = hash;
  account.code = std::move(code);
  account.analysed.reset();
}

void JournaledState::set_storage(Account& account, Slot& slot, const U256& value) {
  touch(account);
  journal_.push_back({Kind::kStorage, 0, &account, &slot, slot.current});
  slot.current = value;
}

void JournaledState::set_transient(Account& account, const U256& key, const U256& value) {
  U256& place = transient_[{account.address, key}];
  journal_.push_back({Kind::kTransient, 0, &account, nullptr, place});
  transient_keys_.push_back(key);
  place = value;
}

void JournaledState::mark_created(Account& account) {
  set_nonce(account, 1);
  journal_.push_back({Kind::kCreated, account.created_in, &account});
  account.created_in = transaction_;
}

void JournaledState::mark_destructed(Account& account) {
  if (is_destructed(account)) return;
  touch(account);
  journal_.push_back({Kind::kDestructed, account.destructed_in, &account});
  account.destructed_in = transaction_;
}

bool JournaledState::may_have_storage(const Account& account) const {
  if (account.has_stored_storage && !account.storage_was_cleared) return true;
  for (const Slot* slot : account.slots) {
    const bool was_set = slot->seen_in == transaction_ && !is_zero(slot->original);
    if (was_set || !is_zero(slot->current)) return true;
  }
  return false;
}

std::vector<Log> JournaledState::take_logs() { return std::exchange(logs_, {}); }

void JournaledState::undo_code(const Entry& entry) {
  OldCode& old = old_codes_[entry.number];
  entry.account->code_hash = old.hash;
  entry.account->code = std::move(old.code);
  entry.account->analysed = std::move(old.analysed);
  old_codes_.pop_back();
}

void JournaledState::undo(const Entry& entry) {
  switch (entry.kind) {
    case Kind::kTouched:
      entry.account->touched_in = entry.number;
      touched_.pop_back();
      break;
    case Kind::kBalance:
      entry.account->balance = entry.word;
      break;
    case Kind::kNonce:
      entry.account->nonce = entry.word.limbs[0];
      break;
    case Kind::kCode:
      undo_code(entry);
      break;
    case Kind::kStorage:
      entry.slot->current = entry.word;
      break;
    case Kind::kTransient:
      transient_[{entry.account->address, transient_keys_.back()}] = entry.word;
      transient_keys_.pop_back();
      break;
    case Kind::kWarmAccount:
      entry.account->warm_in = entry.number;
      break;
    case Kind::kWarmSlot:
      entry.slot->warm_in = entry.number;
      break;
    case Kind::kCreated:
      entry.account->created_in = entry.number;
      break;
    case Kind::kDestructed:
      entry.account->destructed_in = entry.number;
      break;
  }
}

void JournaledState::revert(const Snapshot& snapshot) {
  while (journal_.size() > snapshot.journal_entries) {
    undo(journal_.back());
    journal_.pop_back();
  }
  logs_.resize(snapshot.log_count);
  refund_ = snapshot.refund;
}

/// Deletes what the transaction destroyed or left empty.
void JournaledState::finish(Account& account) {
  if (!account.is_changed) {
    account.is_changed = true;
    changed_.push_back(&account);
  }
  if (!is_destructed(account) && !account.is_empty()) return;
  account.nonce = 0;
  account.balance = U256{};
  account.code_hash = kEmptyCodeHash;
  account.code.reset();
  account.analysed.reset();
  account.storage_was_cleared = true;
  for (Slot* slot : account.slots) slot->current = U256{};
}

void JournaledState::finalize() {
  for (Account* account : touched_) finish(*account);
  touched_.clear();
  journal_.clear();
  old_codes_.clear();
  transient_keys_.clear();
  refund_ = 0;
  ++transaction_;
}

void JournaledState::clear_access() {
  transient_.clear();
  ++access_period_;
}

}  // namespace buri::execution::evm
