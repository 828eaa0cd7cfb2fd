#pragma once

#include "base/clock.hpp"
#include "base/work_thread.hpp"
#include "node/execution/chain/block_history.hpp"
#include "node/execution/chain/chain_block.hpp"
#include "node/execution/chain/producers.hpp"
#include "node/execution/chain/state_store.hpp"

/// The chain: takes blocks, judges and executes them, follows the branch of the highest total
/// difficulty that the whitelist admits, and steps back where another branch wins. Everything it
/// knows is in its stores; what a block changes in them is written together. Source: spec/bor.md 2
/// to 6.

namespace buri::execution::chain {

/// What the chain works with. Everything must outlive it.
struct ChainServices {
  accel::Engine& engine;
  protocol::HeimdallFacts& heimdall;
  StateStore& states;
  BlockStore& blocks;  ///< in the same database as `states`
  evm::CodeCache& codes;
  const Clock& clock;
  Lanes* lanes = nullptr;  ///< of block execution; null: one after the other
  ParallelCounts* counts = nullptr;
};

/// What became of a block.
enum class ImportResult : std::uint8_t {
  kKnown,  ///< it was here already
  kHead,   ///< the head now
  kSide,   ///< of less weight than the head: kept, not executed
};

/// The fault of a block whose state cannot be read or written.
BlockFault no_state(const StateStoreError& error);

/// The fault of a block that was under way, or of the one that was offered.
struct AheadFault {
  std::uint64_t block_number;
  BlockFault fault;
};

/// One thread at a time; calls block on the disk.
class Chain {
 public:
  /// No branch that leaves further below the head can win: blocks beside the canonical ones are
  /// kept so deep.
  static constexpr std::uint64_t kMaxReorgBlocks = BlockHistory::kMinKeptBlocks;

  /// Goes on from the head of the stores, which begin_chain() began. A change of branch that a
  /// crash broke off is finished, if Heimdall's answers are there. Faults: kNoState where the
  /// stores contradict each other.
  static Result<std::unique_ptr<Chain>, BlockFault> start(const ChainConfig& config,
                                                          const ChainServices& services);

  /// Takes one block. After a fault the chain is what it was before.
  Result<ImportResult, BlockFault> import(Block block);
  /// The same, its signatures already recovered (signers.hpp).
  Result<ImportResult, BlockFault> import(Block block, BlockSigners signers);

  /// As import(); of a block that stands on the head, or on one under way, only the execution is
  /// over when it returns: roots and write go on beside what the caller does, and beside the
  /// execution of the next one. It is the head, and seen by anybody, once all that is done and
  /// durable. One block at a time is under way: this waits for the one before, whose fault is told
  /// in place of the block's own, which is dropped then. Every other change waits as well.
  Result<ImportResult, AheadFault> import_ahead(Block block, BlockSigners signers);
  /// Waits for the block under way, if there is one.
  Status<AheadFault> settle();

  /// The newest durable block.
  [[nodiscard]] const ChainBlock& head() const { return *head_; }
  /// A canonical block as it was executed; null above the head, or if it is pruned. Faults:
  /// kNoState.
  [[nodiscard]] Result<std::shared_ptr<const ChainBlock>, BlockFault> at(
      std::uint64_t number) const;
  [[nodiscard]] const ChainConfig& config() const { return config_; }
  [[nodiscard]] const BlockStore& blocks() const { return services_.blocks; }

  /// Takes the head back to a canonical block. Blocks above stay kept as a side branch's. Faults:
  /// kUnknownParent, kNoState.
  Status<BlockFault> rewind(std::uint64_t number);
  /// Fixes a block, for good. A head that left its branch is taken back below it, at most 126
  /// blocks, and the fixed branch followed as far as it is kept. Faults: kWhitelist if the head may
  /// not go so deep.
  Status<BlockFault> fix_milestone(const FixedBlock& block);
  Status<BlockFault> fix_checkpoint(const FixedBlock& block);
  [[nodiscard]] const Whitelist& whitelist() const { return whitelist_; }

 private:
  using Held = std::shared_ptr<ChainBlock>;
  static constexpr std::uint64_t kMaxMilestoneRewind = 126;

  Chain(const ChainConfig& config, const ChainServices& services)
      : config_(config),
        services_(services),
        producers_(config_, services.heimdall, services.blocks),
        history_(services.blocks) {}

  Status<BlockFault> load();
  Status<BlockFault> load_head();
  Status<BlockFault> finish_reorganisation();

  [[nodiscard]] std::uint64_t now_s() const;
  /// Judges a block by everything but its execution; its producers.
  Result<ProducerSet, BlockFault> judge(const Block& block, const BlockSigners& signers,
                                        const BlockEntry& parent);
  void put(storage::Batch& batch, const ChainBlock& block, const ProducerSet& producers);
  Result<ImportResult, BlockFault> take(const Held& held, const ProducerSet& producers);
  Result<ImportResult, BlockFault> follow_known(const BlockEntry& known);
  Status<BlockFault> check_whitelist(const BlockEntry& tip);
  /// The hash at `number` on the branch that `tip` ends; nothing where it is not kept.
  [[nodiscard]] Result<std::optional<Hash256>, BlockFault> hash_on_branch(
      const BlockEntry& tip, std::uint64_t number) const;

  /// What a block stands on: its state, and the headers of its ancestors that are not kept yet.
  struct Ground {
    const evm::StateSource& state;
    const Header* newest = nullptr;
  };
  struct Executed {
    ExecutedBlock outcome;
    state::StateChange change;
  };
  /// A block that was executed.
  struct UnderWay {
    Held held;
    std::shared_ptr<const evm::StateSource> before;
    state::StateChange change;
    storage::Batch along;
    std::future<Status<BlockFault>> kept;
  };

  /// Everything of a block but the state's root; what is kept of its outcome is added to `along`.
  Result<Executed, BlockFault> execute(const ChainBlock& block, const Ground& ground,
                                       storage::Batch& along);
  /// Root, write, and everything else that makes an executed child of the head the head, but
  /// head_.
  Status<BlockFault> keep(const Held& held, Executed executed, storage::Batch& along);
  /// Executes a block whose parent is the head and makes it the head; `along` is written with it.
  Status<BlockFault> adopt(const Held& held, storage::Batch& along);
  /// A judged child of the head or of the block under way, which is over when this returns.
  Status<AheadFault> begin(const Held& held, storage::Batch along);
  Status<BlockFault> settled();
  /// Makes the branch that ends in `tip`, which is kept, canonical, or leaves everything as it was.
  Status<BlockFault> reorganise(const BlockEntry& tip);
  /// The blocks of a branch one after the other; with the last the reorganisation is over.
  Status<BlockFault> adopt_all(const std::vector<EntryPtr>& branch);
  /// `mark` is written with the first step.
  Status<BlockFault> step_back(std::uint64_t number, const std::optional<Reorganisation>& mark);
  Status<BlockFault> forget(const BlockEntry& entry);
  /// Whether a branch that ends so is followed in place of the head's.
  [[nodiscard]] bool is_heavier(const BlockEntry& tip) const;
  [[nodiscard]] Result<bool, BlockFault> is_canonical(const BlockEntry& entry) const;
  /// The blocks of the branch above the canonical chain, lowest first. Nothing if it is not kept
  /// whole.
  [[nodiscard]] Result<std::optional<std::vector<EntryPtr>>, BlockFault> branch_of(
      const BlockEntry& tip) const;
  /// The heaviest kept block that descends from, or is, the block of that hash; null without one.
  [[nodiscard]] Result<EntryPtr, BlockFault> heaviest_above(const Hash256& hash) const;
  /// A kept block with its signatures, to be executed.
  [[nodiscard]] Result<Held, BlockFault> load_block(const BlockEntry& entry) const;

  ChainConfig config_;
  ChainServices services_;
  Producers producers_;
  BlockHistory history_;
  Whitelist whitelist_;
  std::shared_ptr<const ChainBlock> head_;
  std::unique_ptr<UnderWay> under_way_;
  WorkThread keeper_;  ///< the last member: what is under way is waited for before the others go
};

}  // namespace buri::execution::chain
