#pragma once

#include "node/consensus/app/abci.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/validator_set.hpp"
#include "node/consensus/replay/difference.hpp"

/// The consensus engine's half of a chain, as far as headers commit to it: validator sets, the last
/// block's name and results, the consensus parameters (spec/cometbft.md 2.3, 4.4).

namespace buri::consensus::replay {

/// Follows a chain block by block. Not thread-safe.
class ChainFollower {
 public:
  /// Begins with the answer to InitChain. Errors: the validators make no set.
  static Result<ChainFollower, std::string> begin(accel::Engine& crypto, std::string chain_id,
                                                  std::int64_t initial_height,
                                                  const app::InitChainResult& genesis);

  [[nodiscard]] std::int64_t next_height() const { return next_height_; }
  [[nodiscard]] bool is_first() const { return next_height_ == initial_height_; }
  [[nodiscard]] const std::string& chain_id() const { return chain_id_; }
  /// The set that decides the next block, and the one that decided the last.
  [[nodiscard]] const engine::ValidatorSet& validators() const { return validators_; }
  [[nodiscard]] const engine::ValidatorSet& last_validators() const { return last_validators_; }
  [[nodiscard]] const engine::BlockId& last_block_id() const { return last_block_id_; }

  /// Compares the header with what is known before the block runs, and its hashes with its content.
  void check_header(const engine::Block& block, Comparison& comparison) const;
  /// Goes on to the next height. Errors: the updates do not fit the set, or an update's key is
  /// none.
  Status<std::string> advance(const engine::BlockId& block_id, const app::BlockResult& result);

 private:
  ChainFollower(accel::Engine& crypto, std::string chain_id, std::int64_t initial_height,
                engine::ValidatorSet validators)
      : crypto_(&crypto),
        chain_id_(std::move(chain_id)),
        initial_height_(initial_height),
        next_height_(initial_height),
        last_validators_(validators),
        validators_(validators),
        next_validators_(std::move(validators)) {}
  void take_params(ByteView params);

  accel::Engine* crypto_;
  std::string chain_id_;
  std::int64_t initial_height_;
  std::int64_t next_height_;
  engine::ValidatorSet last_validators_;
  engine::ValidatorSet validators_;
  engine::ValidatorSet next_validators_;
  Hash256 validators_hash_{};
  Hash256 next_validators_hash_{};
  engine::BlockId last_block_id_{};
  Bytes app_hash_{};
  Hash256 results_hash_{};
  std::int64_t max_bytes_ = 0;
  std::int64_t max_gas_ = 0;
  Hash256 consensus_hash_{};
};

}  // namespace buri::consensus::replay
