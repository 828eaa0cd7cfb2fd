#pragma once

#include <atomic>
#include <memory>

#include "node/consensus/host/consensus_host.hpp"
#include "node/consensus/host/consensus_reactor.hpp"
#include "node/consensus/sync/answer_box.hpp"
#include "node/consensus/sync/block_sync.hpp"

/// Whether a running node takes part in consensus or catches up by whole blocks, and the way from
/// one to the other (0xPolygon/cometbft v0.3.8-polygon, node/node.go and blocksync/reactor.go;
/// docs/consensus-sync.md). Stock never goes back to block sync; here a node that fell behind does.

namespace buri::consensus::sync {

/// What it stands on. All must outlive it.
struct CatchUpServices {
  accel::Engine* crypto = nullptr;
  blocks::BlockStore* blocks = nullptr;
  blocks::StateStore* states = nullptr;
  host::ConsensusHost* host = nullptr;
  const host::ConsensusReactor* peers = nullptr;  ///< knows where each stands
  AnswerBox* answers = nullptr;
  p2p::PeerNetwork* network = nullptr;
  host::Loop* loop = nullptr;  ///< the host's
  host::ApplicationExecutor* worker = nullptr;
  const Clock* clock = nullptr;
  host::Observer* observer = nullptr;
};

struct CatchUpOptions {
  bool is_enabled = true;
  BlockSyncOptions sync;
  /// Behind the majority of its peers by so many heights, consensus is left; 0: never.
  std::int64_t resume_lag_heights = 100;
  /// A node whose last block is younger is not behind, whatever peers claim.
  std::chrono::seconds stale_age{10};
  /// After block sync was begun for claims that nobody made good, so long it is not again.
  std::chrono::seconds false_alarm_pause{300};
  std::chrono::milliseconds tick_period{10};
  std::chrono::milliseconds look_period{1000};
};

/// All functions are called on the loop unless they say otherwise. Blocks are verified, stored and
/// executed in the application's thread, so that loop and network are free meanwhile. Outlives what
/// it posted: loop and worker have stopped before it goes.
class CatchUp {
 public:
  CatchUp(const CatchUpServices& services, const CatchUpOptions& options, Logger logger);
  ~CatchUp();
  CatchUp(const CatchUp&) = delete;
  CatchUp& operator=(const CatchUp&) = delete;

  /// Catches up and then begins consensus, or begins it at once: where block sync is switched off
  /// and where the chain cannot have moved without this validator. The error is a sentence.
  /// REQUIRES: the host is open.
  Status<std::string> start();
  /// Nothing is begun after it.
  void stop() { is_stopped_ = true; }

  /// Whether blocks are being fetched and consensus waits for it. Any thread.
  [[nodiscard]] bool is_syncing() const { return is_syncing_; }

 private:
  /// What a turn in the application's thread found.
  struct Turn {
    bool has_more = false;
    bool is_caught_up = false;
    std::int64_t height = 0;
    std::optional<std::string> failure;
  };
  class Applier;

  [[nodiscard]] bool moves_only_with_us(const engine::ChainState& chain) const;
  [[nodiscard]] bool is_behind() const;
  void look_later();
  void look();
  void begin_sync(engine::ChainState chain);
  void turn();
  Turn work();
  void take_answers();
  bool take_block(const p2p::NodeId& from, ByteView encoded);
  void after(const Turn& turn);
  [[nodiscard]] bool lacks_extensions() const;
  void end_sync(std::int64_t height);
  void fail(const std::string& reason);

  CatchUpServices services_;
  const CatchUpOptions options_;
  const Logger logger_;
  std::unique_ptr<Applier> applier_;
  std::unique_ptr<BlockSync> sync_;  ///< used by the turns alone, of which there is one at a time
  std::int64_t began_at_ = 0;        ///< the height at which sync_ began
  bool has_fallen_behind_ = false;   ///< why it did
  MonotonicTime deaf_until_{};       ///< until then no claim makes us leave consensus
  std::atomic<bool> is_syncing_{false};
  std::atomic<bool> is_stopped_{false};
};

}  // namespace buri::consensus::sync
