#pragma once

#include <memory>
#include <unordered_map>

#include "node/consensus/app/tx_runner.hpp"

/// Transactions decoded once: in the proposal, in the block, and in the block after it, which
/// applies what was approved.

namespace buri::consensus::app {

/// Holds the transactions of the last two blocks, and of more blocks if they have few. Not
/// thread-safe.
class TxCache {
 public:
  /// As long as so few were asked for since, nothing is forgotten.
  static constexpr std::size_t kFew = 256;

  /// `runner` must outlive the cache.
  explicit TxCache(const TxRunner& runner) : runner_(&runner) {}

  /// The decoded form of `raw`, which stays while somebody holds it.
  std::shared_ptr<const DecodedTransaction> decode(ByteView raw);
  /// Called once per block.
  void forget_oldest();

 private:
  using Generation = std::unordered_map<Hash256, std::shared_ptr<const DecodedTransaction>>;
  const TxRunner* runner_;
  Generation young_;
  Generation old_;
};

}  // namespace buri::consensus::app
