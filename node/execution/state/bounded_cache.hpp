#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <mutex>
#include <optional>

namespace buri::execution::state {

/// A cache with a bound on its entries: two generations, of which the older is dropped when the
/// younger is full; what is used moves to the younger. Thread-safe.
///
/// `Hash` spreads keys over the shards and in them.
template <class Key, class Value, class Hash>
class BoundedCache {
 public:
  /// Holds at most about `max_entries`, at least a few.
  explicit BoundedCache(std::size_t max_entries) : young_limit_(max_entries / (2 * kShards) + 1) {}

  [[nodiscard]] std::optional<Value> get(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.young.find(key); found != shard.young.end()) return found->second;
    const auto found = shard.old.find(key);
    if (found == shard.old.end()) return std::nullopt;
    Value value = found->second;
    put(shard, key, value);
    return value;
  }

  void put(const Key& key, Value value) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.old.erase(key);
    put(shard, key, std::move(value));
  }

  /// put() unless the key is there or `is_current()` is false; it is asked while nothing else may
  /// be put at the key.
  template <class IsCurrent>
  void fill(const Key& key, const Value& value, IsCurrent&& is_current) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    if (!is_current() || shard.young.contains(key)) return;
    shard.old.erase(key);
    put(shard, key, value);
  }

  void erase(const Key& key) {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    shard.young.erase(key);
    shard.old.erase(key);
  }

 private:
  static constexpr std::size_t kShards = 16;

  using Map = boost::unordered_flat_map<Key, Value, Hash>;
  struct Shard {
    std::mutex mutex;
    Map young;
    Map old;
  };

  Shard& shard_of(const Key& key) { return shards_[(Hash{}(key) >> 40) % kShards]; }

  void put(Shard& shard, const Key& key, Value value) {
    if (shard.young.size() >= young_limit_) {
      shard.old = std::move(shard.young);
      shard.young = Map();
    }
    shard.young.insert_or_assign(key, std::move(value));
  }

  std::size_t young_limit_;
  std::array<Shard, kShards> shards_;
};

}  // namespace buri::execution::state
