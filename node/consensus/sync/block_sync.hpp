#pragma once

#include <optional>

#include "base/log.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/p2p/reactor.hpp"
#include "node/consensus/sync/block_pool.hpp"
#include "node/consensus/sync/window_verification.hpp"

/// Catching up with the chain from peers: asks, verifies, stores and has executed
/// (0xPolygon/cometbft v0.3.8-polygon, blocksync/reactor.go; spec/cometbft.md 5 and 9). Knows no
/// thread and no timer.

namespace buri::consensus::sync {

/// Executes decided blocks.
class BlockApplier {
 public:
  virtual ~BlockApplier() = default;
  /// Executes and commits the block after `before`, which is verified and stored. The error is a
  /// sentence, after which the node has to stop.
  virtual Result<engine::ChainState, std::string> apply(const engine::ChainState& before,
                                                        engine::Block block,
                                                        const engine::BlockId& block_id) = 0;
};

/// How far a block's time is from now, before or behind it: a clock may be wrong either way.
std::chrono::nanoseconds age_of(const engine::Timestamp& time, WallTime now);

/// What it stands on. All must outlive it.
struct BlockSyncServices {
  accel::Engine* crypto = nullptr;
  engine::BatchedSignatures* signatures = nullptr;
  blocks::BlockStore* blocks = nullptr;
  BlockApplier* applier = nullptr;
  p2p::PeerNetwork* network = nullptr;
  const Clock* clock = nullptr;
};

struct BlockSyncOptions {
  BlockPoolOptions pool;
  /// Blocks whose signatures are checked together.
  std::size_t window_blocks = 64;
  /// Blocks that one call executes at most, and after how long it begins no other.
  std::size_t blocks_per_tick = 16;
  std::chrono::milliseconds tick_time{250};
  /// A node whose last block is younger is caught up, whatever peers claim to have.
  std::chrono::seconds fresh_age{5};
  /// When no block was executed for so long, what peers claim keeps nobody from consensus.
  std::chrono::seconds stall_time{60};
  /// How long no peer has to keep the next block before the log says so, and how often.
  std::chrono::seconds gap_time{30};
  /// How often peers are asked what they have.
  std::chrono::seconds status_period{10};
};

/// One thread at a time. Whoever runs it passes on what peers send and calls tick() some times a
/// second, at once again while that returns true.
class BlockSync {
 public:
  BlockSync(const BlockSyncServices& services, engine::ChainState chain,
            const BlockSyncOptions& options, Logger logger);

  void peer_removed(const p2p::NodeId& id) { pool_.remove_peer(id); }
  /// A message that keeps check_basic(), and its length. Requests are not for this class. False:
  /// the peer broke a rule and is hung up on.
  bool receive(const p2p::NodeId& from, BlockMessage message, std::size_t bytes);
  /// Whether a block may come from this peer: others need not be decoded.
  [[nodiscard]] bool awaits_block_of(const p2p::NodeId& id) const { return pool_.awaits(id); }
  /// Hangs up on a peer that broke a rule.
  void reject(const p2p::NodeId& id, std::string_view reason);
  /// Does what is to be done now. True: there is more of it.
  bool tick();

  /// The chain after the last block executed.
  [[nodiscard]] const engine::ChainState& chain() const { return chain_; }
  /// Whether consensus goes on from here: no peer claims a block that could be verified, the last
  /// block is so young that more than a few cannot be missing, or nobody has made a claim good for
  /// long. False while no peer has told what it has.
  [[nodiscard]] bool is_caught_up() const;
  /// Tells the checker of signatures what is known of the last block's votes. Consensus goes on
  /// from them, and the next block brings them again: they are not checked a second time there. For
  /// whoever ends the sync; below the last block nobody asks for them any more.
  void teach_last_votes();
  /// Why nothing happens any more: the node has to stop.
  [[nodiscard]] const std::optional<std::string>& failure() const { return failure_; }

 private:
  bool take(const p2p::NodeId& from, const StatusResponse& message, std::size_t bytes);
  bool take(const p2p::NodeId& from, BlockResponse message, std::size_t bytes);
  bool take(const p2p::NodeId& from, const NoBlockResponse& message, std::size_t bytes);
  bool take(const p2p::NodeId& /*from*/, const BlockRequest& /*message*/, std::size_t /*bytes*/) {
    return true;
  }
  bool take(const p2p::NodeId& /*from*/, const StatusRequest& /*message*/, std::size_t /*bytes*/) {
    return true;
  }
  void drop(const PoolFault& fault);
  void ask();
  void warn_of_gap();
  bool advance();
  /// False if the first block is not the chain's or cannot be kept.
  bool apply_first(const PooledBlock& first, PooledBlock& second);
  bool apply(const VerifiedBlock& verified, const engine::Commit& deciding);

  BlockSyncServices services_;
  BlockSyncOptions options_;
  Logger logger_;
  engine::ChainState chain_;
  BlockPool pool_;
  std::int64_t checked_ahead_ = 0;  ///< the last height whose signatures were
  /// The extended commit of the last block, until the checker has learned its signatures.
  std::optional<engine::ExtendedCommitRecord> last_votes_;
  std::optional<MonotonicTime> last_status_;
  std::optional<MonotonicTime> next_warning_;  ///< while no peer keeps the next block
  MonotonicTime last_progress_;                ///< the last block's execution, or the beginning
  std::optional<std::string> failure_;
};

}  // namespace buri::consensus::sync
