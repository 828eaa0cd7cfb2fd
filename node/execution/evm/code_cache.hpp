#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <list>
#include <memory>
#include <mutex>

#include "node/execution/evm/analysed_code.hpp"

namespace buri::execution::evm {

/// Analysed codes by hash, rules and tracing, the least recently used dropped first. Thread-safe.
class CodeCache {
 public:
  /// Holds about `max_bytes`; what callers still use stays alive beyond.
  explicit CodeCache(std::size_t max_bytes = std::size_t{256} << 20) : max_bytes_(max_bytes) {}

  /// The analysis of `code`, whose hash is `code_hash`.
  std::shared_ptr<const AnalysedCode> get(const Hash256& code_hash, ByteView code,
                                          const Rules& rules, Tracing tracing);
  /// The same if it is there, else null.
  std::shared_ptr<const AnalysedCode> find(const Hash256& code_hash, const Rules& rules,
                                           Tracing tracing) {
    return find(Key{code_hash, rules, tracing});
  }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct Key {
    Hash256 code_hash;
    Rules rules;
    Tracing tracing;
    friend bool operator==(const Key&, const Key&) = default;
  };
  struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
      return std::hash<Hash256>{}(key.code_hash);
    }
  };
  struct Entry {
    Key key;
    std::shared_ptr<const AnalysedCode> code;
  };
  using Entries = std::list<Entry>;

  std::shared_ptr<const AnalysedCode> find(const Key& key);
  void insert(const Key& key, std::shared_ptr<const AnalysedCode> code);

  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  Entries entries_;  ///< the most recently used first
  boost::unordered_flat_map<Key, Entries::iterator, KeyHash> place_;
  std::size_t bytes_ = 0;
};

}  // namespace buri::execution::evm
