#pragma once

#include "base/log.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/blocks/state_store.hpp"
#include "node/consensus/evidence/evidence_rules.hpp"
#include "node/consensus/host/loop.hpp"
#include "node/consensus/host/observer.hpp"

/// Removes decided blocks and their states that nobody needs any more, beside consensus.

namespace buri::consensus::pruning {

/// What the pruner stands on. All must outlive it.
struct PruningServices {
  blocks::BlockStore* blocks = nullptr;
  blocks::StateStore* states = nullptr;
  host::Loop* loop = nullptr;  ///< the host's
  /// A thread that may wait for the disk and has nothing more urgent to do.
  host::ApplicationExecutor* worker = nullptr;
};

struct PruningOptions {
  std::int64_t kept_blocks = 0;  ///< more may stay (retention.hpp); 0: all stay
  std::int64_t interval_heights = 1'000;
  std::int64_t slice_heights = 100;  ///< removed by one write
  /// Between two writes: the writes of consensus to the same database come first.
  std::chrono::milliseconds slice_pause{5};
};

/// All functions are called on the loop. A crash at any point leaves whole heights without a gap;
/// the first pass after the next start removes what was left. A disk that fails is logged and ends
/// pruning: the node's own writes will tell.
class BlockPruner final : public host::Observer {
 public:
  BlockPruner(const PruningServices& services, const PruningOptions& options, Logger logger);

  /// Begins a pass if one is due: at the first block, then every `interval_heights`.
  void block_applied(const host::AppliedBlock& applied) override;
  /// Nothing is begun after it; a write that was begun is over when the worker has stopped.
  void stop() { is_over_ = true; }

 private:
  /// What a turn in the worker's thread did.
  struct Turn {
    bool has_more = false;
    std::optional<std::string> failure;
  };
  struct Pass {
    evidence::EvidenceAge age;
    std::optional<std::int64_t> goal;  ///< known from the first turn on
    std::int64_t removed = 0;
  };

  void turn();
  Turn work();
  Status<storage::StorageError> remove_slice();
  void after(const Turn& turn);

  PruningServices services_;
  const PruningOptions options_;
  const Logger logger_;
  Pass pass_;  ///< used by the turns alone while is_busy_
  std::int64_t due_height_ = 0;
  bool is_busy_ = false;
  bool is_over_ = false;
};

}  // namespace buri::consensus::pruning
