#include "node/consensus/iavl/value_cache.hpp"

namespace buri::consensus::iavl {
namespace {

/// A store's key as the name of an entry, on the stack if it is of the usual length.
class Name {
 public:
  Name(std::uint32_t store, ByteView key) {
    char* space = short_.data();
    if (key.size() >= short_.size()) {
      long_.resize(key.size() + 1);
      space = long_.data();
    }
    space[0] = static_cast<char>(store);
    if (!key.empty()) std::memcpy(space + 1, key.data(), key.size());
    view_ = {space, key.size() + 1};
  }
  Name(const Name&) = delete;
  Name& operator=(const Name&) = delete;
  operator std::string_view() const { return view_; }  // NOLINT(*-explicit-*)

 private:
  std::array<char, 128> short_;
  std::string long_;
  std::string_view view_;
};

/// Longer values are not worth keeping before they were read.
constexpr std::size_t kMaxUnreadBytes = std::size_t{32} << 10;

}  // namespace

void ValueCache::clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.index.clear();
    shard.entries.clear();
    shard.bytes = 0;
  }
  shelves_.clear();
}

std::optional<VersionedValue> ValueCache::find(std::uint32_t store, ByteView key,
                                               std::int64_t height) {
  const Name name(store, key);
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(name);
  if (found == shard.index.end() || found->second->value.version > height) return std::nullopt;
  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return found->second->value;
}

void ValueCache::add_read(std::uint32_t store, ByteView key, std::int64_t height,
                          VersionedValue value) {
  const Name name(store, key);
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  if (height_.load() == height) put(shard, name, std::move(value), true);
}

void ValueCache::update(std::uint32_t store, ByteView key, const VersionedValue& value,
                        bool writes_little) {
  const Name name(store, key);
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  const bool is_kept = writes_little && (!value.value || value.value->size() <= kMaxUnreadBytes);
  put(shard, name, value, is_kept);
}

ValueCache::Shard& ValueCache::shard_of(std::string_view key) {
  return shards_[std::hash<std::string_view>{}(key) % kShards];
}

template <class Value>
void ValueCache::put(Shard& shard, std::string_view key, Value&& value, bool is_kept) const {
  const auto found = shard.index.find(key);
  if (found != shard.index.end()) {
    shard.bytes -= found->second->bytes();
    // Into the bytes that are there, if they suffice.
    found->second->value = std::forward<Value>(value);
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  } else {
    if (!is_kept) return;
    shard.entries.push_front({std::string(key), std::forward<Value>(value)});
    shard.index.emplace(shard.entries.front().key, shard.entries.begin());
  }
  shard.bytes += shard.entries.front().bytes();
  while (shard.bytes > max_shard_bytes_ && !shard.entries.empty()) {
    shard.bytes -= shard.entries.back().bytes();
    shard.index.erase(shard.entries.back().key);
    shard.entries.pop_back();
  }
}

}  // namespace buri::consensus::iavl
