#pragma once

#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "accel/key_set.hpp"
#include "base/bytes.hpp"

/// Tables for the keys that sign again and again: validators, and whoever sends many transactions.

namespace buri::consensus::tx {

/// An uncompressed public key, 0x04 first.
using KeyBytes = FixedBytes<65>;

/// Spreads public values that an adversary picks, by a secret that he does not know.
class SecretHash {
 public:
  /// Draws the secret from the system.
  SecretHash();
  [[nodiscard]] std::size_t operator()(ByteView bytes) const;

 private:
  std::uint64_t first_;
  std::uint64_t second_;
};

/// Counts how often keys sign and builds tables for those that have signed kWorthTables times: what
/// the tables cost is then at most what the checks without them have cost. Which key has tables
/// changes no verdict. Not thread-safe.
class FrequentKeys {
 public:
  /// About as many checks cost as much as one key's tables.
  static constexpr std::uint32_t kWorthTables = 64;
  /// 131 KiB each; when they are used up all of them are dropped and counting begins again.
  static constexpr std::size_t kMaxKeys = 1024;

  /// Where a key's tables are.
  struct Place {
    std::size_t set = 0;
    std::uint32_t key_index = 0;
  };

  /// Takes note that these keys sign, one entry per signature, and builds what has become due.
  void count(std::span<const KeyBytes* const> signers);
  [[nodiscard]] std::optional<Place> find(const KeyBytes& key) const;
  [[nodiscard]] std::size_t set_count() const { return sets_.size(); }
  [[nodiscard]] const std::shared_ptr<const accel::KeySet>& set(std::size_t index) const {
    return sets_[index];
  }

 private:
  /// Sets are merged when there are more: each costs its own call.
  static constexpr std::size_t kMaxSets = 4;
  /// Keys that are counted without having tables.
  static constexpr std::size_t kMaxCounted = 16'384;

  struct KeyHash {
    SecretHash hash;
    std::size_t operator()(const KeyBytes& key) const { return hash(key); }
  };
  struct Entry {
    std::uint32_t signatures = 0;
    std::optional<Place> place{};
  };

  void build(std::vector<KeyBytes> keys);
  void merge();
  void forget_all();

  std::unordered_map<KeyBytes, Entry, KeyHash> entries_;
  std::vector<std::shared_ptr<const accel::KeySet>> sets_;
  std::size_t listed_ = 0;  ///< keys with tables
};

}  // namespace buri::consensus::tx
