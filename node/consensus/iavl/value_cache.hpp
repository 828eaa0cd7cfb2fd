#pragma once

#include <array>
#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/bytes.hpp"
#include "node/consensus/iavl/shelf_cache.hpp"

/// The newest values of keys that were read or written lately, so that a block's reads do not go to
/// the database. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

/// A value and the height that wrote it; absent keys are remembered too.
struct VersionedValue {
  std::int64_t version = 0;
  std::optional<Bytes> value;
};

/// Thread-safe. An entry is always the newest that has been written, so it answers every height
/// from its version on.
class ValueCache {
 public:
  explicit ValueCache(std::size_t max_bytes) : max_shard_bytes_(max_bytes / kShards) {}

  /// From here on readers of earlier heights add nothing.
  void set_height(std::int64_t height) {
    height_.store(height);
    shelves_.set_height(height);
  }
  void clear();

  /// What `key` of `store` holds at `height`; nothing if that is not known.
  std::optional<VersionedValue> find(std::uint32_t store, ByteView key, std::int64_t height);
  /// Adds what a reader found at `height`; ignored if that is not the newest height any more.
  void add_read(std::uint32_t store, ByteView key, std::int64_t height, VersionedValue value);
  /// Replaces what is known of a key by what the newest height writes. A key that is not known
  /// stays so, unless the height writes little: then the next one is likely to read it.
  void update(std::uint32_t store, ByteView key, const VersionedValue& value, bool writes_little);
  /// Ranges that are kept whole.
  [[nodiscard]] ShelfCache& shelves() { return shelves_; }

 private:
  static constexpr std::size_t kShards = 16;
  /// What an entry costs beside its bytes.
  static constexpr std::size_t kEntryBytes = 128;

  struct Entry {
    std::string key;
    VersionedValue value;
    [[nodiscard]] std::size_t bytes() const {
      return kEntryBytes + key.size() + (value.value ? value.value->size() : 0);
    }
  };
  struct Shard {
    std::mutex mutex;
    std::list<Entry> entries;  ///< the latest used first
    std::unordered_map<std::string_view, std::list<Entry>::iterator> index;
    std::size_t bytes = 0;
  };

  Shard& shard_of(std::string_view key);
  /// A copy is not made before it is known that the value is kept. REQUIRES: the shard's mutex is
  /// held.
  template <class Value>
  void put(Shard& shard, std::string_view key, Value&& value, bool is_kept) const;

  std::size_t max_shard_bytes_;
  std::atomic<std::int64_t> height_{0};
  std::array<Shard, kShards> shards_;
  ShelfCache shelves_;
};

}  // namespace buri::consensus::iavl
