#include "node/execution/state/history.hpp"

#include <algorithm>

namespace buri::execution::state {
namespace {

/// How many values trim() may always forget; each is a place of its own in memory.
constexpr std::size_t kForgottenAtOnce = 4096;

/// The first entry that stands for `version`; null if the value is unchanged since.
template <class Map, class Key>
auto find_entry(const Map& map, const Key& key, std::uint64_t version)
    -> decltype(&map.begin()->second.front()) {
  const auto found = map.find(key);
  if (found == map.end()) return nullptr;
  const auto& entries = found->second;
  const auto entry =
      std::ranges::lower_bound(entries, version, {}, [](const auto& e) { return e.until; });
  return entry == entries.end() ? nullptr : &*entry;
}

template <class Map, class Key>
void forget_front(Map& map, const Key& key) {
  const auto found = map.find(key);
  found->second.erase(found->second.begin());
  if (found->second.empty()) map.erase(found);
}

}  // namespace

void History::publish(const UndoRecord& before) {
  const std::unique_lock lock(mutex_);
  Step step{.until = published_.load(), .accounts = {}, .slots = {}};
  for (const UndoRecord::Account& account : before.accounts) {
    accounts_[account.hash].push_back({step.until, account.before});
    step.accounts.push_back(account.hash);
  }
  for (const UndoRecord::Slot& slot : before.slots) {
    slots_[slot.place].push_back({step.until, slot.before});
    step.slots.push_back(slot.place);
  }
  steps_.push_back(std::move(step));
  published_.store(published_.load() + 1);
}

std::optional<std::optional<AccountRecord>> History::account(const Hash256& hash,
                                                             std::uint64_t version) const {
  const std::shared_lock lock(mutex_);
  const auto* entry = find_entry(accounts_, hash, version);
  if (entry == nullptr) return std::nullopt;
  return entry->value;
}

std::optional<U256> History::slot(const SlotPlace& place, std::uint64_t version) const {
  const std::shared_lock lock(mutex_);
  const auto* entry = find_entry(slots_, place, version);
  if (entry == nullptr) return std::nullopt;
  return entry->value;
}

UndoRecord History::since(std::uint64_t version) const {
  const std::shared_lock lock(mutex_);
  std::set<Hash256> accounts;
  std::set<SlotPlace> slots;
  for (auto step = steps_.rbegin(); step != steps_.rend() && step->until >= version; ++step) {
    accounts.insert(step->accounts.begin(), step->accounts.end());
    slots.insert(step->slots.begin(), step->slots.end());
  }
  UndoRecord record;
  for (const Hash256& hash : accounts) {
    record.accounts.push_back({hash, find_entry(accounts_, hash, version)->value});
  }
  for (const SlotPlace& place : slots) {
    record.slots.push_back({place, find_entry(slots_, place, version)->value});
  }
  return record;
}

void History::pin(std::uint64_t version) {
  const std::lock_guard lock(pins_mutex_);
  pins_.insert(version);
}

void History::unpin(std::uint64_t version) {
  const std::lock_guard lock(pins_mutex_);
  pins_.erase(pins_.find(version));
}

void History::trim(std::uint64_t version) {
  {
    const std::lock_guard lock(pins_mutex_);
    if (!pins_.empty()) version = std::min(version, *pins_.begin());
  }
  const std::unique_lock lock(mutex_);
  if (steps_.empty()) return;
  std::size_t may_go = std::max(kForgottenAtOnce, 2 * steps_.back().size());
  while (!steps_.empty() && steps_.front().until < version) {
    Step& oldest = steps_.front();
    for (; oldest.size() > 0 && may_go > 0; --may_go) forget_one(oldest);
    if (oldest.size() > 0) return;
    steps_.pop_front();
  }
}

void History::forget_one(Step& step) {
  if (!step.accounts.empty()) {
    forget_front(accounts_, step.accounts.back());
    step.accounts.pop_back();
  } else {
    forget_front(slots_, step.slots.back());
    step.slots.pop_back();
  }
}

}  // namespace buri::execution::state
