#include "node/cli/execution_import.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <iostream>

#include "base/hex.hpp"
#include "node/cli/block_file.hpp"
#include "node/cli/commands.hpp"
#include "node/cli/execution_home.hpp"
#include "node/cli/progress_line.hpp"
#include "node/cli/replay_run.hpp"
#include "node/consensus/records/lines.hpp"
#include "node/execution/chain/block_windows.hpp"
#include "node/execution/chain/chain.hpp"
#include "node/execution/chain/durable_states.hpp"
#include "node/execution/chain/heimdall_file.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
namespace records = consensus::records;
using namespace execution::chain;

/// What an import came to.
struct ImportReport {
  std::uint64_t blocks = 0;  ///< that became the head
  std::uint64_t known_blocks = 0;
  std::uint64_t side_blocks = 0;
  std::uint64_t transactions = 0;  ///< of those that became the head, as the gas
  std::uint64_t gas = 0;
  std::uint64_t milestones = 0;
  std::optional<std::uint64_t> refused_block;
  std::optional<BlockFault> fault;
};

Result<HeimdallFile, std::string> read_heimdall(const std::string& path) {
  const auto text = records::read_text(path);
  if (!text.ok()) return Failure{records::describe(text.error())};
  auto file = HeimdallFile::parse(*text);
  if (file.ok()) return std::move(file).value();
  return Failure{path + ": " + describe(file.error())};
}

std::string head_text(const ChainBlock& head) {
  return std::to_string(head.block.header.number) + " 0x" + to_hex(head.hash);
}

/// One import.
class Import {
 public:
  Import(const ExecutionImportArguments& arguments, Chain& chain, const HeimdallFile& heimdall,
         accel::Engine& engine)
      : arguments_(arguments),
        chain_(chain),
        milestone_(heimdall.milestones().begin()),
        milestones_end_(heimdall.milestones().end()),
        files_(arguments.files),
        resume_below_(chain.head().block.header.number),
        windows_([this] { return next_unknown(); }, {}, chain.config(), engine) {}

  /// To the end, or to the first block that is refused. An error is one sentence about input that
  /// cannot be used.
  Result<ImportReport, std::string> run();

 private:
  /// The next block that is not canonical already: those need no signatures recovered.
  Result<std::optional<Block>, std::string> next_unknown();
  /// Executes a block; its roots and its write go on beside the next one.
  void take(Block block, BlockSigners signers);
  /// Waits for the block under way. False: it was refused.
  bool settle();
  void refuse(AheadFault fault);
  /// Counts the block under way, which has become the head.
  void count_settled();
  void fix_milestones(std::uint64_t taken);
  void show();

  /// What the block under way adds to the report.
  struct UnderWay {
    std::size_t transactions = 0;
    std::uint64_t gas = 0;
  };

  const ExecutionImportArguments& arguments_;
  Chain& chain_;
  std::optional<UnderWay> under_way_;
  std::vector<Milestone>::const_iterator milestone_;
  std::vector<Milestone>::const_iterator milestones_end_;
  BlockFiles files_;
  std::uint64_t resume_below_;
  std::atomic<std::uint64_t> skipped_ = 0;
  ImportReport report_;
  ProgressLine progress_;
  MonotonicTime start_ = system_clock().monotonic();
  BlockWindows windows_;  ///< the last member: it reads the others in its thread
};

Result<std::optional<Block>, std::string> Import::next_unknown() {
  while (true) {
    ASSIGN_OR_RETURN(auto block, files_.next());
    if (!block || block->header.number > resume_below_) return block;
    const auto own = chain_.blocks().canonical_hash(block->header.number);
    if (!own.ok()) return Failure{own.error().detail};
    if (*own != hash_of(block->header)) return block;
    ++skipped_;
  }
}

void Import::take(Block block, BlockSigners signers) {
  const std::uint64_t number = block.header.number;
  const UnderWay offered{block.transactions.size(), block.header.gas_used};
  const auto result = chain_.import_ahead(std::move(block), std::move(signers));
  // Whatever came of this block, the one before it is the head now, unless the fault is its own.
  if (result.ok() || result.error().block_number == number) count_settled();
  if (!result.ok()) return refuse(result.error());
  switch (*result) {
    case ImportResult::kKnown:
      ++report_.known_blocks;
      break;
    case ImportResult::kSide:
      ++report_.side_blocks;
      break;
    case ImportResult::kHead:
      under_way_ = offered;
      break;
  }
  fix_milestones(number);
}

bool Import::settle() {
  const auto status = chain_.settle();
  if (status.ok()) {
    count_settled();
  } else {
    refuse(status.error());
  }
  return status.ok();
}

void Import::refuse(AheadFault fault) {
  under_way_.reset();
  report_.refused_block = fault.block_number;
  report_.fault = std::move(fault.fault);
}

void Import::count_settled() {
  if (!under_way_) return;
  ++report_.blocks;
  report_.transactions += under_way_->transactions;
  report_.gas += under_way_->gas;
  under_way_.reset();
}

/// What Heimdall has fixed holds from the moment that the head reaches it.
void Import::fix_milestones(std::uint64_t taken) {
  if (milestone_ == milestones_end_ || milestone_->end_block > taken || !settle()) return;
  const std::uint64_t head = chain_.head().block.header.number;
  for (; milestone_ != milestones_end_ && milestone_->end_block <= head; ++milestone_) {
    const auto status = chain_.fix_milestone({milestone_->end_block, milestone_->hash});
    if (!status.ok()) return refuse({milestone_->end_block, status.error()});
    ++report_.milestones;
  }
}

void Import::show() {
  progress_.show([&] {
    const double seconds =
        std::chrono::duration<double>(system_clock().monotonic() - start_).count();
    const double share = std::max(files_.progress(), 1e-6);
    const auto left = static_cast<long long>(seconds / share * (1 - share));
    char text[160];
    std::snprintf(text, sizeof text,
                  "block %llu, %.0f blocks/s, %.0f Mgas/s, %.1f %% read, %lld:%02lld:%02lld left ",
                  static_cast<unsigned long long>(chain_.head().block.header.number),
                  static_cast<double>(report_.blocks) / seconds,
                  static_cast<double>(report_.gas) / 1e6 / seconds, share * 100, left / 3600,
                  left / 60 % 60, left % 60);
    return std::string(text);
  });
}

Result<ImportReport, std::string> Import::run() {
  while (true) {
    BlockWindow window = windows_.next();
    for (std::size_t i = 0; i < window.blocks.size() && !report_.fault; ++i) {
      const std::uint64_t number = window.blocks[i].header.number;
      if (arguments_.until_block != 0 && number > arguments_.until_block) continue;
      take(std::move(window.blocks[i]), std::move(window.signers[i]));
      show();
    }
    if (!report_.fault) settle();
    report_.known_blocks += skipped_.exchange(0);
    const bool is_past =
        arguments_.until_block != 0 && chain_.head().block.header.number >= arguments_.until_block;
    if (report_.fault || window.blocks.empty() || is_past) {
      progress_.end();
      if (!report_.fault && !is_past && !window.error.empty()) return Failure{window.error};
      return std::move(report_);
    }
    if (!window.error.empty()) {
      progress_.end();
      return Failure{window.error + "; the head is " + head_text(chain_.head())};
    }
  }
}

json::object report_json(const ImportReport& report, const ChainBlock& head, const RunCost& cost) {
  json::object object{{"usable", true},
                      {"complete", !report.fault},
                      {"blocks", report.blocks},
                      {"known_blocks", report.known_blocks},
                      {"side_blocks", report.side_blocks},
                      {"transactions", report.transactions},
                      {"gas", report.gas},
                      {"milestones", report.milestones},
                      {"head_number", head.block.header.number},
                      {"head_hash", "0x" + to_hex(head.hash)},
                      {"state_root", "0x" + to_hex(head.block.header.state_root)},
                      {"seconds", cost.seconds},
                      {"cpu_seconds", cost.cpu_seconds}};
  if (report.fault) {
    object["refused"] = json::object{{"block", *report.refused_block},
                                     {"rule", describe(report.fault->rule)},
                                     {"expected", report.fault->expected},
                                     {"found", report.fault->found}};
  }
  return object;
}

void print_lines(const ImportReport& report, const ChainBlock& head, const RunCost& cost) {
  std::printf(
      "%llu blocks imported (%llu transactions, %llu gas), %llu known, %llu beside the chain, %llu "
      "milestones\nhead %s, state root 0x%s\n%.2f s, %.0f Mgas/s, %.0f blocks/s, %.2f s of CPU\n",
      static_cast<unsigned long long>(report.blocks),
      static_cast<unsigned long long>(report.transactions),
      static_cast<unsigned long long>(report.gas),
      static_cast<unsigned long long>(report.known_blocks),
      static_cast<unsigned long long>(report.side_blocks),
      static_cast<unsigned long long>(report.milestones), head_text(head).c_str(),
      to_hex(head.block.header.state_root).c_str(), cost.seconds,
      static_cast<double>(report.gas) / 1e6 / cost.seconds,
      static_cast<double>(report.blocks) / cost.seconds, cost.cpu_seconds);
}

/// A missing answer or parent is the input's lack, not the block's fault.
int exit_code_of(const ImportReport& report) {
  if (!report.fault) return kExitOk;
  return is_final(report.fault->rule) ? kExitInvalid : kExitUnusable;
}

int unusable(const ExecutionImportArguments& arguments, const std::string& reason) {
  return refuse_replay("execution import", reason, arguments.as_json);
}

}  // namespace

int run_execution_import(const ExecutionImportArguments& arguments) {
  const auto home = ExecutionHome::open(
      {.folder = arguments.home, .cache_bytes = std::size_t{arguments.cache_mib} << 20});
  if (!home.ok()) return unusable(arguments, home.error());
  const auto config = (*home)->config();
  if (!config.ok()) return unusable(arguments, config.error());
  auto heimdall = read_heimdall(arguments.heimdall);
  if (!heimdall.ok()) return unusable(arguments, heimdall.error());
  const auto engine = accel::Engine::start(accel::best_cpu_backend_alone(arguments.threads));
  if (!engine.ok()) {
    return unusable(arguments, "the crypto engine does not start: " + engine.error().expected);
  }
  DurableStates states((*home)->states());
  execution::evm::CodeCache codes;
  // A file is past: its blocks are not measured against this machine's clock.
  constexpr auto kFarAhead = std::chrono::hours(24 * 365 * 200);
  const ManualClock clock{WallTime(kFarAhead)};
  const RunMeter meter;
  ThreadLanes lanes(arguments.workers);
  auto chain =
      Chain::start(*config, {**engine, *heimdall, states, (*home)->blocks(), codes, clock, &lanes});
  if (!chain.ok()) return unusable(arguments, arguments.home + ": " + describe(chain.error()));
  const auto report = Import(arguments, **chain, *heimdall, **engine).run();
  if (!report.ok()) return unusable(arguments, report.error());
  const ChainBlock& head = (*chain)->head();
  if (arguments.as_json) {
    std::cout << json::serialize(report_json(*report, head, meter.cost())) << "\n";
  } else {
    print_lines(*report, head, meter.cost());
  }
  if (report->fault) {
    std::fprintf(stderr, "buri execution import: block %llu is refused: %s; the head stays %s\n",
                 static_cast<unsigned long long>(*report->refused_block),
                 describe(*report->fault).c_str(), head_text(head).c_str());
  }
  return exit_code_of(*report);
}

}  // namespace buri::cli
