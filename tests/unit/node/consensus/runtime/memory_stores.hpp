#pragma once

#include <algorithm>

#include "node/consensus/runtime/store_id.hpp"
#include "node/consensus/store/branch.hpp"

/// Twelve stores in memory, for tests of everything that stands on stores.

namespace buri::consensus::runtime {

/// A sorted map.
class MemoryStore final : public store::Store {
 public:
  Result<std::optional<Bytes>, store::AccessError> get(ByteView key) override {
    const auto entry = entries_.find(key);
    if (entry == entries_.end()) return std::optional<Bytes>{};
    return std::optional<Bytes>(entry->second);
  }
  Result<bool, store::AccessError> has(ByteView key) override { return entries_.contains(key); }
  Status<store::AccessError> set(ByteView key, ByteView value) override {
    entries_[Bytes(key.begin(), key.end())] = Bytes(value.begin(), value.end());
    return Unit{};
  }
  Status<store::AccessError> remove(ByteView key) override {
    entries_.erase(Bytes(key.begin(), key.end()));
    return Unit{};
  }
  Result<std::unique_ptr<store::Iterator>, store::AccessError> iterate(
      const store::KeyRange& range, store::Direction direction) override {
    auto walk = std::make_unique<Walk>();
    if (range.end && !store::KeyOrder{}(range.begin, *range.end)) {
      return std::unique_ptr<store::Iterator>(std::move(walk));
    }
    const auto last = range.end ? entries_.lower_bound(ByteView(*range.end)) : entries_.end();
    for (auto it = entries_.lower_bound(ByteView(range.begin)); it != last && it != entries_.end();
         ++it) {
      walk->entries.emplace_back(*it);
    }
    if (direction == store::Direction::kDescending) {
      std::reverse(walk->entries.begin(), walk->entries.end());
    }
    return std::unique_ptr<store::Iterator>(std::move(walk));
  }
  [[nodiscard]] const std::map<Bytes, Bytes, store::KeyOrder>& entries() const { return entries_; }
  void clear() { entries_.clear(); }

 private:
  struct Walk final : store::Iterator {
    std::vector<std::pair<Bytes, Bytes>> entries;
    std::size_t place = 0;
    [[nodiscard]] bool valid() const override { return place < entries.size(); }
    [[nodiscard]] ByteView key() const override { return entries[place].first; }
    [[nodiscard]] ByteView value() const override { return entries[place].second; }
    Status<store::AccessError> next() override {
      ++place;
      return Unit{};
    }
  };
  std::map<Bytes, Bytes, store::KeyOrder> entries_;
};

/// All twelve.
class MemoryStores {
 public:
  MemoryStores() {
    for (MemoryStore& store : stores_) pointers_.push_back(&store);
  }
  MemoryStores(const MemoryStores&) = delete;
  MemoryStores& operator=(const MemoryStores&) = delete;
  [[nodiscard]] MemoryStore& operator[](StoreId id) {
    return stores_[static_cast<std::size_t>(id)];
  }
  /// What a Branch is made over.
  [[nodiscard]] const std::vector<store::ReadStore*>& stores() const { return pointers_; }
  /// Takes over everything that `branch`, made over these stores, has written.
  void take(store::Branch& branch) {
    for (std::size_t i = 0; i < kStoreCount; ++i) {
      CHECK(branch.store(i).write_to(stores_[i]).ok(), "memory does not fail");
    }
  }

 private:
  std::array<MemoryStore, kStoreCount> stores_;
  std::vector<store::ReadStore*> pointers_;
};

}  // namespace buri::consensus::runtime
