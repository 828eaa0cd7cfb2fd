#include "node/cli/execution_replay.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "accel/engine.hpp"
#include "base/hex.hpp"
#include "node/cli/commands.hpp"
#include "node/cli/execution_home.hpp"
#include "node/cli/progress_line.hpp"
#include "node/cli/replay_run.hpp"
#include "node/consensus/records/lines.hpp"
#include "node/execution/replay/replayer.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
namespace records = consensus::records;
using execution::chain::ParallelCounts;
using execution::replay::Difference;
using execution::replay::ReplayReport;

/// Differences of one block that are shown.
constexpr std::size_t kMaxShown = 20;
/// Longer values are cut in lines; --json has them whole.
constexpr std::size_t kMaxShownCharacters = 200;

int unusable(const ExecutionReplayArguments& arguments, const std::string& reason) {
  return refuse_replay("execution replay", reason, arguments.as_json);
}

/// The files of the folder, plain or compressed.
execution::replay::ReadFile file_reader(const std::string& folder) {
  return [folder](const std::string& name) -> Result<std::optional<std::string>, std::string> {
    const auto path = records::existing_path((std::filesystem::path(folder) / name).string());
    if (!std::filesystem::exists(path)) return std::optional<std::string>();
    auto text = records::read_text(path);
    if (!text.ok()) return Failure{records::describe(text.error())};
    return std::optional(std::move(text).value());
  };
}

json::object difference_json(const Difference& difference) {
  json::object object{{"block", difference.block}, {"what", difference.what}};
  if (difference.transaction) object["transaction"] = *difference.transaction;
  object["expected"] = difference.expected;
  object["found"] = difference.found;
  return object;
}

void print_json(const ReplayReport& report, const RunCost& cost, const ParallelCounts& counts) {
  json::object compared;
  for (const auto& [file, count] : report.compared) compared[file] = count;
  json::object object{{"usable", true},
                      {"equal", report.is_equal()},
                      {"blocks", report.blocks},
                      {"resumed_blocks", report.resumed_blocks},
                      {"transactions", report.transactions},
                      {"gas", report.gas},
                      {"side_blocks", report.side_blocks},
                      {"offered_blocks", report.offered_blocks},
                      {"milestones", report.milestones},
                      {"compared_values", std::move(compared)},
                      {"head_number", report.head_number},
                      {"head_hash", "0x" + to_hex(report.head_hash)},
                      {"state_root", "0x" + to_hex(report.state_root)},
                      {"import_seconds", report.import_seconds},
                      {"seconds", cost.seconds},
                      {"cpu_seconds", cost.cpu_seconds},
                      {"executed_ahead", counts.guesses},
                      {"executed_again", counts.conflicts}};
  if (!report.is_equal()) {
    object["difference"] = difference_json(report.differences.front());
    json::array all;
    for (const Difference& difference : report.differences) {
      if (all.size() < kMaxShown) all.push_back(difference_json(difference));
    }
    object["differences"] = std::move(all);
  }
  std::cout << json::serialize(object) << "\n";
}

std::string shortened(const std::string& text) {
  if (text.size() <= kMaxShownCharacters) return text;
  return text.substr(0, kMaxShownCharacters) + "... (" + std::to_string(text.size()) +
         " characters)";
}

void print_difference(const Difference& difference) {
  const std::string place =
      difference.transaction ? ", transaction " + std::to_string(*difference.transaction) : "";
  std::printf("DIFFERENT block %llu%s, %s\n  expected %s\n  found    %s\n",
              static_cast<unsigned long long>(difference.block), place.c_str(),
              difference.what.c_str(), shortened(difference.expected).c_str(),
              shortened(difference.found).c_str());
}

void print_lines(const ReplayReport& report, const RunCost& cost, const ParallelCounts& counts) {
  std::size_t shown = 0;
  for (const Difference& difference : report.differences) {
    if (shown++ < kMaxShown) print_difference(difference);
  }
  // Of a run that found all its blocks in the home, no time was spent on import.
  const double import_seconds = std::max(report.import_seconds, 1e-9);
  const std::uint64_t imported = report.blocks - report.resumed_blocks;
  std::uint64_t values = 0;
  for (const auto& [file, count] : report.compared) values += count;
  std::printf(
      "%s: %llu blocks equal, %llu of them from the home (%llu transactions, %llu gas), %llu "
      "recorded values, %llu side "
      "blocks, %llu offered blocks, %llu milestones\nhead %llu 0x%s, state root 0x%s\n"
      "%.2f s of import, %.0f Mgas/s, %.0f blocks/s; %.2f s and %.2f s of CPU in all\n",
      report.is_equal() ? "EQUAL" : "DIFFERENT", static_cast<unsigned long long>(report.blocks),
      static_cast<unsigned long long>(report.resumed_blocks),
      static_cast<unsigned long long>(report.transactions),
      static_cast<unsigned long long>(report.gas), static_cast<unsigned long long>(values),
      static_cast<unsigned long long>(report.side_blocks),
      static_cast<unsigned long long>(report.offered_blocks),
      static_cast<unsigned long long>(report.milestones),
      static_cast<unsigned long long>(report.head_number), to_hex(report.head_hash).c_str(),
      to_hex(report.state_root).c_str(), report.import_seconds,
      static_cast<double>(report.gas) / 1e6 / import_seconds,
      static_cast<double>(imported) / import_seconds, cost.seconds, cost.cpu_seconds);
  if (counts.guesses > 0) {
    std::printf("%llu transactions were executed ahead of those before them, %llu of them again\n",
                static_cast<unsigned long long>(counts.guesses),
                static_cast<unsigned long long>(counts.conflicts));
  }
}

}  // namespace

int run_execution_replay(const ExecutionReplayArguments& arguments) {
  using namespace execution;
  if (!std::filesystem::is_directory(arguments.chain)) {
    return unusable(arguments, arguments.chain + ": expected a folder, found none");
  }
  const auto engine = accel::Engine::start(accel::best_cpu_backend_alone(arguments.threads));
  if (!engine.ok()) {
    return unusable(arguments, "the crypto engine does not start: " + engine.error().expected);
  }
  const auto home = arguments.home.empty()
                        ? ExecutionHome::in_memory()
                        : ExecutionHome::open({.folder = arguments.home, .may_create = true});
  if (!home.ok()) return unusable(arguments, home.error());
  ThreadLanes lanes(arguments.workers);
  chain::ParallelCounts counts;
  ProgressLine progress;
  const RunMeter meter;
  const auto show = [&](const ReplayReport& sofar) {
    progress.show([&] {
      const double rate =
          static_cast<double>(sofar.gas) / 1e6 / std::max(sofar.import_seconds, 1e-9);
      return "block " + std::to_string(sofar.head_number) + ", " +
             std::to_string(std::llround(rate)) + " Mgas/s";
    });
  };
  const auto report = replay::replay({.read = file_reader(arguments.chain),
                                      .until_block = arguments.until_block,
                                      .lanes = &lanes,
                                      .counts = &counts},
                                     {(*home)->states(), (*home)->blocks()}, **engine, show);
  progress.end();
  if (!report.ok()) return unusable(arguments, report.error());
  const RunCost cost = meter.cost();
  arguments.as_json ? print_json(*report, cost, counts) : print_lines(*report, cost, counts);
  return report->is_equal() ? kExitOk : kExitInvalid;
}

}  // namespace buri::cli
