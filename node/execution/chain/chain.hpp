#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_map>

#include "base/clock.hpp"
#include "node/execution/chain/executor.hpp"
#include "node/execution/chain/genesis.hpp"
#include "node/execution/chain/producers.hpp"
#include "node/execution/chain/state_store.hpp"
#include "node/execution/chain/whitelist.hpp"

/// The chain: takes blocks, judges and executes them, follows the branch of the highest total
/// difficulty that the whitelist admits, and steps back where another branch wins. Source:
/// spec/bor.md 2 to 6.

namespace buri::execution::chain {

/// What the chain works with. Everything must outlive it.
struct ChainServices {
  accel::Engine& engine;
  protocol::HeimdallFacts& heimdall;
  StateStore& states;
  evm::CodeCache& codes;
  const Clock& clock;
  Lanes* lanes = nullptr;  ///< of block execution; null: one after the other
  ParallelCounts* counts = nullptr;
};

/// A block that is held, and what it did.
struct ChainBlock {
  Block block;  ///< without transactions once it lies deep below the head
  Hash256 hash;
  BlockSigners signers;
  U256 total_difficulty;
  ExecutedBlock outcome;  ///< of a canonical block, without its state
};

/// What became of a block.
enum class ImportResult : std::uint8_t {
  kKnown,  ///< it was here already
  kHead,   ///< the head now
  kSide,   ///< of less weight than the head: held, not executed
};

/// Keeps the newest blocks in memory. One thread at a time; calls block on the state.
class Chain {
 public:
  /// Bodies are held so many blocks deep: no branch that leaves further below can win.
  static constexpr std::uint64_t kMaxReorgBlocks = 1024;
  /// Headers are held so many blocks deep.
  static constexpr std::uint64_t kHeldHeaders = 8192;

  /// Begins at block 0. REQUIRES: the store's head state is that of the genesis. Faults: kNoFacts.
  static Result<std::unique_ptr<Chain>, BlockFault> start(const Genesis& genesis,
                                                          const ChainServices& services);

  /// Takes one block. After a fault the chain is what it was before.
  Result<ImportResult, BlockFault> import(Block block);
  /// The same, its signatures already recovered (signers.hpp).
  Result<ImportResult, BlockFault> import(Block block, BlockSigners signers);

  [[nodiscard]] const ChainBlock& head() const { return *canonical_.rbegin()->second; }
  /// A canonical block; null above the head or too deep.
  [[nodiscard]] const ChainBlock* at(std::uint64_t number) const;
  /// A block of any branch; null if it is not held.
  [[nodiscard]] const ChainBlock* find(const Hash256& hash) const;
  [[nodiscard]] const ChainConfig& config() const { return genesis_.config; }

  /// Takes the head back to a canonical block. Blocks above stay held as a side branch's. Faults:
  /// kUnknownParent, kNoState.
  Status<BlockFault> rewind(std::uint64_t number);
  /// Fixes a block. A head that left its branch is taken back below it, at most 126 blocks, and the
  /// fixed branch followed as far as it is held. Faults: kWhitelist if the head may not go so deep.
  Status<BlockFault> fix_milestone(const FixedBlock& block);
  void fix_checkpoint(const FixedBlock& block) { whitelist_.set_checkpoint(block); }
  [[nodiscard]] const Whitelist& whitelist() const { return whitelist_; }

 private:
  using Held = std::shared_ptr<ChainBlock>;
  static constexpr std::uint64_t kMaxMilestoneRewind = 126;

  Chain(const Genesis& genesis, const ChainServices& services)
      : genesis_(genesis), services_(services), producers_(genesis_.config, services.heimdall) {}

  [[nodiscard]] std::uint64_t now_s() const;
  /// Judges a block by everything but its execution; its producers.
  Result<ProducerSet, BlockFault> judge(const Block& block, const BlockSigners& signers,
                                        const ChainBlock& parent);
  Result<ImportResult, BlockFault> follow_known(const Held& held);
  Status<BlockFault> check_whitelist(const ChainBlock& tip);
  /// Executes a block whose parent is the head and makes it the head.
  Status<BlockFault> adopt(const Held& held);
  /// Makes the branch that ends in `tip` canonical, or leaves everything as it was.
  Status<BlockFault> reorganise(const Held& tip);
  Status<BlockFault> adopt_all(const std::vector<Held>& branch);
  Status<BlockFault> step_back(std::uint64_t number);
  /// Whether a branch that ends so is followed in place of the head's.
  [[nodiscard]] bool is_heavier(const ChainBlock& tip) const;
  [[nodiscard]] bool is_canonical(const ChainBlock& held) const;
  /// The blocks of the branch above the canonical chain, lowest first. Nothing if it is not held
  /// whole.
  [[nodiscard]] std::optional<std::vector<Held>> branch_of(const Held& tip) const;
  /// The heaviest held block that descends from, or is, the block of that hash; null without one.
  [[nodiscard]] Held heaviest_above(const Hash256& hash) const;
  /// The ancestors of a block, along its branch.
  [[nodiscard]] Ancestors ancestors_of(const ChainBlock& held) const;
  void forget(const Held& held);
  void trim();

  Genesis genesis_;
  ChainServices services_;
  Producers producers_;
  Whitelist whitelist_;
  std::unordered_map<Hash256, Held> blocks_;
  std::multimap<std::uint64_t, Hash256> hashes_;  ///< of every held block, by number
  std::map<std::uint64_t, Held> canonical_;
};

}  // namespace buri::execution::chain
