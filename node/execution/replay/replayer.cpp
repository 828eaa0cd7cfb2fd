#include "node/execution/replay/replayer.hpp"

#include "base/hex.hpp"
#include "node/execution/chain/block_windows.hpp"
#include "node/execution/chain/durable_states.hpp"
#include "node/execution/chain/genesis_block.hpp"
#include "node/execution/replay/block_records.hpp"
#include "node/execution/replay/offered_blocks.hpp"

namespace buri::execution::replay {
namespace {

using chain::Block;
using chain::BlockSigners;
using chain::ChainBlock;
using chain::Genesis;
using chain::HeimdallFile;

Result<std::string, std::string> must_read(const ReadFile& read, const std::string& name) {
  ASSIGN_OR_RETURN(auto text, read(name));
  if (!text) return Failure{name + ": expected a file of the recorded chain, found none"};
  return std::move(*text);
}

Result<HeimdallFile, std::string> read_heimdall(const ReadFile& read) {
  ASSIGN_OR_RETURN(const std::string text, must_read(read, "heimdall.json"));
  auto file = HeimdallFile::parse(text);
  if (!file.ok()) return Failure{"heimdall.json: " + describe(file.error())};
  return std::move(file).value();
}

Result<Genesis, std::string> read_genesis(const ReadFile& read) {
  ASSIGN_OR_RETURN(const std::string text, must_read(read, "genesis.json"));
  auto genesis = chain::parse_genesis(text);
  if (!genesis.ok()) return Failure{"genesis.json: " + describe(genesis.error())};
  return std::move(genesis).value();
}

Result<std::string, std::string> read_blocks(const ReadFile& read) {
  ASSIGN_OR_RETURN(auto heavy, read("blocks-heavy.rlp"));
  if (heavy) return std::move(*heavy);
  return must_read(read, "blocks.rlp");
}

/// The blocks of a text, one after the other; it must outlive what is returned.
chain::NextBlock blocks_of(const std::string& packed) {
  return [reader = RlpReader(as_bytes(packed)),
          number = std::uint64_t{0}]() mutable -> Result<std::optional<Block>, std::string> {
    if (reader.at_end()) return std::optional<Block>();
    ++number;
    auto block = chain::next_block(reader);
    if (block.ok()) return std::optional(std::move(block).value());
    return Failure{"block " + std::to_string(number) + ": " + chain::describe(block.error())};
  };
}

/// What the run needs, read and begun.
struct Parts {
  const ReplayOptions& options;
  const ReplayStores& stores;
  chain::Chain& chain;
  HeimdallFile& heimdall;
  ManualClock& clock;
  BlockRecords& records;
  SideBlocks& sides;
  OfferedBlocks& offered;
};

class Run {
 public:
  Run(Parts parts, const Progress& progress)
      : parts_(parts),
        progress_(progress),
        milestone_(parts.heimdall.milestones().begin()),
        first_head_(parts.chain.head().block.header.number),
        settles_each_(parts.offered.is_there() || parts.sides.left() > 0) {}

  Result<ReplayReport, std::string> follow(chain::BlockWindows& windows);

 private:
  /// Everything about one block. False: it differs.
  Result<bool, std::string> take(Block block, BlockSigners signers);
  void import(Block block, BlockSigners signers, Comparison& comparison);
  void told(const std::optional<chain::AheadFault>& fault, MonotonicTime start,
            Comparison& comparison);
  Status<std::string> settle(Comparison& comparison);
  /// Compares canonical blocks that were not looked at yet.
  Status<std::string> compare_new(Comparison& comparison);
  Status<std::string> fix_milestones(Comparison& comparison);
  /// Whether the block is one that the stores held before the run.
  [[nodiscard]] Result<bool, std::string> is_resumed(const Block& block, const Hash256& hash) const;
  /// Everything after the last block, whose number is given.
  Result<ReplayReport, std::string> end(std::uint64_t number);
  ReplayReport finish();

  Parts parts_;
  const Progress& progress_;
  std::vector<chain::Milestone>::const_iterator milestone_;
  std::vector<Hash256> canonical_;  ///< block i + 1 of the record
  std::uint64_t compared_ = 0;
  std::uint64_t first_head_;
  /// Blocks beside the chain are given at their places, so that none of it may be under way then.
  bool settles_each_;
  ReplayReport report_;
};

void Run::import(Block block, BlockSigners signers, Comparison& comparison) {
  const MonotonicTime start = system_clock().monotonic();
  const auto result = parts_.chain.import_ahead(std::move(block), std::move(signers));
  told(result.ok() ? std::nullopt : std::optional(result.error()), start, comparison);
  if (!result.ok() || !settles_each_) return;
  const MonotonicTime waited = system_clock().monotonic();
  const auto status = parts_.chain.settle();
  told(status.ok() ? std::nullopt : std::optional(status.error()), waited, comparison);
}

void Run::told(const std::optional<chain::AheadFault>& fault, MonotonicTime start,
               Comparison& comparison) {
  report_.import_seconds +=
      std::chrono::duration<double>(system_clock().monotonic() - start).count();
  if (fault) {
    comparison.about_block(fault->block_number);
    report_.blocks = fault->block_number - 1;
  }
  comparison.compare("import", "accepted", fault ? chain::describe(fault->fault) : "accepted");
}

/// Waits for the last block and compares it.
Status<std::string> Run::settle(Comparison& comparison) {
  const MonotonicTime start = system_clock().monotonic();
  const auto status = parts_.chain.settle();
  told(status.ok() ? std::nullopt : std::optional(status.error()), start, comparison);
  if (comparison.differences().empty()) RETURN_IF_ERROR(compare_new(comparison));
  if (comparison.differences().empty()) RETURN_IF_ERROR(fix_milestones(comparison));
  if (!comparison.differences().empty()) return Unit{};
  return parts_.sides.import_into(parts_.chain, comparison);
}

Status<std::string> Run::compare_new(Comparison& comparison) {
  const std::uint64_t last =
      std::min<std::uint64_t>(parts_.chain.head().block.header.number, canonical_.size());
  while (compared_ < last) {
    const auto found = parts_.chain.at(compared_ + 1);
    if (!found.ok()) return Failure{chain::describe(found.error())};
    if (*found == nullptr) {
      return Failure{"block " + std::to_string(compared_ + 1) + " of the home is pruned"};
    }
    const ChainBlock& block = **found;
    // For a while another branch may weigh more than the one that won in the end.
    if (block.hash != canonical_[compared_]) break;
    ++compared_;
    comparison.about_block(compared_);
    const auto view = parts_.stores.states.view(compared_);
    RETURN_IF_ERROR(parts_.records.compare(block, view.get(), comparison));
    if (compared_ <= first_head_) continue;
    report_.transactions += block.block.transactions.size();
    report_.gas += block.outcome.total_gas;
  }
  return Unit{};
}

Status<std::string> Run::fix_milestones(Comparison& comparison) {
  const auto& all = parts_.heimdall.milestones();
  const std::uint64_t head = parts_.chain.head().block.header.number;
  for (; milestone_ != all.end() && milestone_->end_block <= head; ++milestone_) {
    ++report_.milestones;
    const auto own = parts_.chain.blocks().canonical_hash(milestone_->end_block);
    if (!own.ok()) return Failure{own.error().detail};
    comparison.compare("milestone at block " + std::to_string(milestone_->end_block),
                       "0x" + to_hex(milestone_->hash), *own ? "0x" + to_hex(**own) : "none");
    const auto status = parts_.chain.fix_milestone({milestone_->end_block, milestone_->hash});
    if (!status.ok()) comparison.compare("milestone", "kept", chain::describe(status.error()));
  }
  return Unit{};
}

Result<bool, std::string> Run::is_resumed(const Block& block, const Hash256& hash) const {
  if (block.header.number > first_head_) return false;
  const auto own = parts_.chain.blocks().canonical_hash(block.header.number);
  if (!own.ok()) return Failure{own.error().detail};
  return *own == hash;
}

Result<bool, std::string> Run::take(Block block, BlockSigners signers) {
  Comparison comparison(block.header.number);
  canonical_.push_back(chain::hash_of(block.header));
  ASSIGN_OR_RETURN(const bool was_there, is_resumed(block, canonical_.back()));
  if (was_there) {
    ++report_.resumed_blocks;
  } else {
    RETURN_IF_ERROR(
        parts_.offered.offer_to(parts_.chain, parts_.clock, block.header.time, comparison));
    import(std::move(block), std::move(signers), comparison);
  }
  if (comparison.differences().empty()) RETURN_IF_ERROR(compare_new(comparison));
  if (comparison.differences().empty()) RETURN_IF_ERROR(fix_milestones(comparison));
  if (comparison.differences().empty()) {
    RETURN_IF_ERROR(parts_.sides.import_into(parts_.chain, comparison));
  }
  report_.differences = comparison.differences();
  if (!report_.is_equal()) return false;
  ++report_.blocks;
  return true;
}

ReplayReport Run::finish() {
  const ChainBlock& head = parts_.chain.head();
  report_.head_number = head.block.header.number;
  report_.head_hash = head.hash;
  report_.state_root = head.block.header.state_root;
  report_.side_blocks = parts_.sides.count();
  report_.offered_blocks = parts_.offered.count();
  report_.compared = parts_.records.counts();
  return std::move(report_);
}

Result<ReplayReport, std::string> Run::follow(chain::BlockWindows& windows) {
  std::uint64_t number = 0;
  while (true) {
    chain::BlockWindow window = windows.next();
    for (std::size_t i = 0; i < window.blocks.size(); ++i) {
      number = window.blocks[i].header.number;
      ASSIGN_OR_RETURN(const bool is_equal,
                       take(std::move(window.blocks[i]), std::move(window.signers[i])));
      report_.head_number = number;
      progress_(report_);
      if (!is_equal) return finish();
      if (number == parts_.options.until_block) return end(number);
    }
    if (!window.error.empty()) return Failure{window.error};
    if (window.blocks.empty()) break;
  }
  return end(number);
}

Result<ReplayReport, std::string> Run::end(std::uint64_t number) {
  Comparison comparison(number);
  RETURN_IF_ERROR(settle(comparison));
  if (parts_.options.until_block == 0 && comparison.differences().empty()) {
    if (!canonical_.empty()) {
      comparison.compare("head", "0x" + to_hex(canonical_.back()),
                         "0x" + to_hex(parts_.chain.head().hash));
    }
    comparison.compare("side blocks without a parent", "0", std::to_string(parts_.sides.left()));
  }
  report_.differences = comparison.differences();
  return finish();
}

}  // namespace

Result<ReplayReport, std::string> replay(const ReplayOptions& options, const ReplayStores& stores,
                                         accel::Engine& engine, const Progress& progress) {
  ASSIGN_OR_RETURN(const Genesis genesis, read_genesis(options.read));
  ASSIGN_OR_RETURN(HeimdallFile heimdall, read_heimdall(options.read));
  ASSIGN_OR_RETURN(const std::string packed, read_blocks(options.read));
  ASSIGN_OR_RETURN(BlockRecords records, BlockRecords::open(options.read));
  ASSIGN_OR_RETURN(OfferedBlocks offered, OfferedBlocks::open(options.read));
  RETURN_IF_ERROR(chain::begin_chain(genesis, stores.states, stores.blocks));
  chain::DurableStates states(stores.states);
  ASSIGN_OR_RETURN(SideBlocks sides, SideBlocks::open(options.read, states.head_number()));
  evm::CodeCache codes;
  // A record is past: nothing in it lies in the future, unless it is offered to see just that.
  constexpr auto kFarAhead = std::chrono::hours(24 * 365 * 200);
  ManualClock clock{WallTime(kFarAhead)};
  auto chain = chain::Chain::start(genesis.config, {engine, heimdall, states, stores.blocks, codes,
                                                    clock, options.lanes, options.counts});
  if (!chain.ok()) return Failure{chain::describe(chain.error())};
  Run run({options, stores, **chain, heimdall, clock, records, sides, offered}, progress);
  chain::BlockWindows windows(blocks_of(packed), options.window, (*chain)->config(), engine);
  return run.follow(windows);
}

}  // namespace buri::execution::replay
