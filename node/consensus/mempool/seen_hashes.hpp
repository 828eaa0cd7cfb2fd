#pragma once

#include <cstddef>
#include <list>
#include <unordered_map>

#include "base/bytes.hpp"

/// Which transactions were met lately, so that a flood of copies costs a look-up each
/// (mempool/cache.go of the fork).

namespace buri::consensus::mempool {

/// The hashes that were added last. Not thread-safe.
class SeenHashes {
 public:
  /// Holds up to `capacity` hashes; with 0 nothing is remembered.
  explicit SeenHashes(std::size_t capacity) : capacity_(capacity) {}

  /// Adds a hash, in place of the oldest if there is no room; false if it was there, which makes it
  /// the youngest.
  bool add(const Hash256& hash);
  void remove(const Hash256& hash);
  [[nodiscard]] bool contains(const Hash256& hash) const { return places_.contains(hash); }
  void clear();

 private:
  std::size_t capacity_;
  std::list<Hash256> by_age_;  ///< oldest first
  std::unordered_map<Hash256, std::list<Hash256>::iterator> places_;
};

}  // namespace buri::consensus::mempool
