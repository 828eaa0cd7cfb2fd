#include "node/consensus/iavl/value_cache.hpp"

namespace buri::consensus::iavl {

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
  const std::string name = key_of(store, key);
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(name);
  if (found == shard.index.end() || found->second->value.version > height) return std::nullopt;
  shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  return found->second->value;
}

void ValueCache::add_read(std::uint32_t store, ByteView key, std::int64_t height,
                          VersionedValue value) {
  std::string name = key_of(store, key);
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  if (height_.load() == height) put(shard, std::move(name), std::move(value));
}

void ValueCache::update(std::uint32_t store, ByteView key, const VersionedValue& value) {
  shelves_.update(store, key, value.version, value.value);
  std::string name = key_of(store, key);
  Shard& shard = shard_of(name);
  const std::lock_guard lock(shard.mutex);
  if (shard.index.contains(name)) put(shard, std::move(name), value);
}

std::string ValueCache::key_of(std::uint32_t store, ByteView key) {
  std::string name;
  name.reserve(key.size() + 1);
  name.push_back(static_cast<char>(store));
  name.append(as_text(key));
  return name;
}

ValueCache::Shard& ValueCache::shard_of(std::string_view key) {
  return shards_[std::hash<std::string_view>{}(key) % kShards];
}

void ValueCache::put(Shard& shard, std::string key, VersionedValue value) const {
  const auto found = shard.index.find(key);
  if (found != shard.index.end()) {
    shard.bytes -= found->second->bytes();
    found->second->value = std::move(value);
    shard.entries.splice(shard.entries.begin(), shard.entries, found->second);
  } else {
    shard.entries.push_front({std::move(key), std::move(value)});
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
