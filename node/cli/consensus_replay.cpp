#include "node/cli/consensus_replay.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/hex.hpp"
#include "node/cli/commands.hpp"
#include "node/cli/consensus_home.hpp"
#include "node/cli/consensus_inputs.hpp"
#include "node/cli/progress_line.hpp"
#include "node/cli/replay_run.hpp"
#include "node/consensus/replay/replayer.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;
using consensus::replay::Difference;
using consensus::replay::ReplayOptions;
using consensus::replay::ReplayReport;

/// Differences of one height that are shown.
constexpr std::size_t kMaxShown = 20;

int unusable(const ReplayArguments& arguments, const std::string& reason) {
  return refuse_replay("consensus replay", reason, arguments.as_json);
}

json::object difference_json(const Difference& difference) {
  json::object object{{"height", difference.height}, {"rule", difference.rule}};
  if (!difference.store.empty()) object["store"] = difference.store;
  if (!difference.key.empty()) object["key"] = difference.key;
  object["expected"] = difference.expected;
  object["found"] = difference.found;
  return object;
}

void print_json(const ReplayReport& report, const RunCost& cost) {
  json::object object{{"usable", true},
                      {"equal", report.is_equal()},
                      {"first_height", report.first_height},
                      {"last_equal_height", report.last_height},
                      {"equal_heights", report.heights},
                      {"resumed_heights", report.resumed},
                      {"transactions", report.transactions},
                      {"signatures", report.signatures},
                      {"app_hash", to_hex(report.app_hash)},
                      {"seconds", cost.seconds},
                      {"cpu_seconds", cost.cpu_seconds}};
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

void print_difference(const Difference& difference) {
  const std::string store = difference.store.empty() ? "" : ", store " + difference.store;
  const std::string key = difference.key.empty() ? "" : ", key " + difference.key;
  std::printf("DIFFERENT height %lld, %s%s%s\n  expected %s\n  found    %s\n",
              static_cast<long long>(difference.height), difference.rule.c_str(), store.c_str(),
              key.c_str(), difference.expected.c_str(), difference.found.c_str());
}

void print_lines(const ReplayReport& report, const RunCost& cost) {
  std::size_t shown = 0;
  for (const Difference& difference : report.differences) {
    if (shown++ < kMaxShown) print_difference(difference);
  }
  std::printf(
      "%s: heights %lld to %lld equal (%llu transactions, %llu signatures), app hash %s\n"
      "%.2f s, %.2f s of CPU, %.0f blocks/s, %.3f ms of CPU per block\n",
      report.is_equal() ? "EQUAL" : "DIFFERENT", static_cast<long long>(report.first_height),
      static_cast<long long>(report.last_height),
      static_cast<unsigned long long>(report.transactions),
      static_cast<unsigned long long>(report.signatures), to_hex(report.app_hash).c_str(),
      cost.seconds, cost.cpu_seconds, static_cast<double>(report.heights) / cost.seconds,
      cost.cpu_seconds * 1e3 / static_cast<double>(std::max<std::uint64_t>(report.heights, 1)));
}

/// The files of a replay, read.
Result<ReplayOptions, std::string> read_inputs(const ReplayArguments& arguments) {
  using namespace consensus;
  ReplayOptions options;
  ASSIGN_OR_RETURN(options.genesis, open_genesis_file(arguments.genesis));
  ASSIGN_OR_RETURN(options.forks, read_forks(arguments.forks));
  options.until_height = arguments.until_height;
  std::filesystem::path blocks = arguments.records;
  if (std::filesystem::is_directory(blocks)) {
    blocks = records::existing_path((blocks / "blocks.jsonl").string());
  }
  options.blocks = consensus::replay::from_file(blocks.string());
  const auto writes = records::existing_path((blocks.parent_path() / "writes.jsonl").string());
  if (std::filesystem::exists(writes)) options.writes_path = writes;
  return options;
}

/// Where this user's measurements of the machine are kept between runs: $XDG_CACHE_HOME/buri or
/// ~/.cache/buri; empty if it cannot be made, and then every run measures.
std::string profile_folder() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  if (cache == nullptr && home == nullptr) return {};
  const std::filesystem::path base =
      cache != nullptr ? std::filesystem::path(cache) : std::filesystem::path(home) / ".cache";
  std::error_code failed;
  std::filesystem::create_directories(base / "buri", failed);
  return failed ? std::string() : (base / "buri").string();
}

/// The stores of a replay: kept in the home, or in memory without one.
Result<std::unique_ptr<ConsensusHome>, std::string> open_home(const ReplayArguments& arguments,
                                                              accel::Engine& engine) {
  if (arguments.home.empty()) return ConsensusHome::in_memory(engine);
  return ConsensusHome::open(
      {.folder = arguments.home, .may_create = true, .works_in_background = true}, engine);
}

}  // namespace

int run_replay(const ReplayArguments& arguments) {
  const auto options = read_inputs(arguments);
  if (!options.ok()) return unusable(arguments, options.error());
  accel::EngineOptions engine_options = accel::best_cpu_backend_alone(arguments.threads);
  engine_options.profile_directory = profile_folder();
  const auto engine = accel::Engine::start(engine_options);
  if (!engine.ok()) {
    return unusable(arguments, "the crypto engine does not start: " + engine.error().expected);
  }
  const auto home = open_home(arguments, **engine);
  if (!home.ok()) return unusable(arguments, home.error());
  ProgressLine progress;
  const RunMeter meter;
  const auto report = consensus::replay::replay(
      *options, (*home)->database(), (*home)->stores(), **engine, [&](const ReplayReport& sofar) {
        progress.show([&] {
          return "height " + std::to_string(sofar.last_height) + ", " +
                 std::to_string(
                     std::llround(static_cast<double>(sofar.heights) / meter.cost().seconds)) +
                 " blocks/s";
        });
      });
  progress.end();
  if (!report.ok()) return unusable(arguments, report.error());
  if (!arguments.home.empty()) {
    // The next command on this home then applies nothing again.
    const auto anchored = (*home)->stores().write_anchor();
    if (!anchored.ok()) return unusable(arguments, arguments.home + ": " + anchored.error().detail);
  }
  const RunCost cost = meter.cost();
  arguments.as_json ? print_json(*report, cost) : print_lines(*report, cost);
  return report->is_equal() ? kExitOk : kExitInvalid;
}

}  // namespace buri::cli
