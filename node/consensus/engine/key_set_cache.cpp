#include "node/consensus/engine/key_set_cache.hpp"

#include <algorithm>

namespace buri::consensus::engine {
namespace {

std::shared_ptr<const accel::KeySet> build(const std::vector<PublicKeyBytes>& keys) {
  std::vector<accel::PublicKey> encoded;
  for (const PublicKeyBytes& key : keys) {
    encoded.push_back({.bytes = key.bytes, .length = PublicKeyBytes::kSize});
  }
  return accel::KeySet::build(encoded);
}

}  // namespace

std::shared_ptr<const accel::KeySet> KeySetCache::keys_of(const ValidatorSet& validators) {
  std::vector<PublicKeyBytes> keys;
  for (const Validator& validator : validators.validators()) keys.push_back(validator.public_key);
  auto found = std::find_if(entries_.begin(), entries_.end(),
                            [&](const Entry& entry) { return entry.keys == keys; });
  if (found == entries_.end()) {
    if (entries_.size() == kCapacity) entries_.pop_back();
    auto tables = build(keys);
    found = entries_.insert(entries_.end(), Entry{std::move(keys), std::move(tables)});
  }
  std::rotate(entries_.begin(), found, found + 1);
  return entries_.front().tables;
}

}  // namespace buri::consensus::engine
