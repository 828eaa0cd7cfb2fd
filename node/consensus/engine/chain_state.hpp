#pragma once

#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/validator_set.hpp"

/// What a chain is after its last block: all that the next block is made of and checked against,
/// apart from the application's own state (0xPolygon/cometbft v0.3.8-polygon, state/state.go).

namespace buri::consensus::engine {

/// The block protocol that every header names.
inline constexpr std::uint64_t kBlockProtocol = 11;

/// The consensus parameters that the engine itself obeys.
struct ChainParams {
  std::int64_t max_block_bytes = 2'097'152;  ///< -1: only the limit of all blocks
  std::int64_t max_block_gas = 10'000'000;
  std::int64_t max_evidence_bytes = 10'240;
  /// Precommits carry extensions from this height on; 0 for never.
  std::int64_t extensions_height = 0;
  /// Evidence expires when it is older than both.
  std::int64_t evidence_age_blocks = 100'000;
  std::int64_t evidence_age_nanos = 48 * 3600 * std::int64_t{1'000'000'000};

  /// The limit on a whole block's encoding.
  [[nodiscard]] std::int64_t block_bytes() const;
  friend bool operator==(const ChainParams&, const ChainParams&) = default;
};

/// What the application answered to a block.
struct BlockOutcome {
  Bytes app_hash;
  Hash256 results_hash;            ///< the next header's last_results_hash
  std::vector<Validator> changes;  ///< power changes, additions, removals; they act at height + 2
  std::optional<ChainParams> params;  ///< new ones, from the next height on
};

/// The state between two blocks. A value; copies are independent.
struct ChainState {
  std::string chain_id;
  std::int64_t initial_height = 1;
  std::uint64_t app_version = 0;
  std::int64_t last_height = 0;  ///< 0 before the first block
  BlockId last_block_id{};
  Timestamp last_time;           ///< of the last block; the genesis time before the first
  ValidatorSet last_validators;  ///< decided the last block; meaningless before the first
  ValidatorSet validators;       ///< decides the next block
  ValidatorSet next_validators;  ///< decides the one after it
  ChainParams params{};
  Bytes app_hash{};
  Hash256 last_results_hash{};

  /// Before the first block. `results_hash` is that of no transactions.
  static Result<ChainState, ValidatorSetError> genesis(accel::Engine& crypto, std::string chain_id,
                                                       std::int64_t initial_height,
                                                       Timestamp genesis_time,
                                                       std::span<const Validator> validators);

  [[nodiscard]] std::int64_t next_height() const {
    return last_height == 0 ? initial_height : last_height + 1;
  }
  [[nodiscard]] bool is_first() const { return last_height == 0; }
  [[nodiscard]] bool has_extensions(std::int64_t height) const {
    return params.extensions_height > 0 && height >= params.extensions_height;
  }

  /// The state after `header`'s block. Errors: the changes do not fit the validators.
  [[nodiscard]] Result<ChainState, ValidatorSetError> after(const Header& header,
                                                            const BlockId& block_id,
                                                            const BlockOutcome& outcome) const;
};

}  // namespace buri::consensus::engine
