#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "node/consensus/replay/replayer.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/bench/accel/libsecp_peer.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/node/chain_run.hpp"
#include "tests/support/consensus/synthetic_chain.hpp"

/// Replay as `buri consensus replay` does it, stores in memory, on one thread: the processor's time
/// per block of the recorded chains, beside what their README says of the stock daemon; and a chain
/// of mainnet's size, beside libsecp256k1 checking the same signatures one by one. Run it from the
/// repository, best under `taskset -c 1`.

namespace buri::bench {
namespace {

using namespace consensus;
using replay::ReplayOptions;

/// What the stock daemon takes to execute chain A's blocks alone: 0.83 CPU seconds for 328
/// (golden/heimdall-devnet/README.md, "Speed of the stock daemon"). The goal is a tenth.
constexpr double kStockMilliseconds = 830.0 / 328;
constexpr double kGoalMilliseconds = kStockMilliseconds / 10;
constexpr const char* kBundledChain = "tests/golden/heimdall-devnet-b";

/// A fresh home in memory, and the time that the replay alone took.
struct Run {
  double cpu_ms = 0;
  std::uint64_t heights = 0;
};
Run run_once(const ReplayOptions& options) {
  storage::RocksOptions rocks;
  rocks.folder = "/replay";
  rocks.in_memory = true;
  const auto database = storage::open_rocks_database(rocks, iavl::Multistore::families()).value();
  iavl::MultistoreOptions store_options;
  store_options.background = false;
  const auto multistore =
      iavl::Multistore::open(*database, one_thread_engine(), store_options).value();
  const double start = cpu_milliseconds();
  const auto report = replay::replay(options, *database, *multistore, one_thread_engine(), {});
  const double used = cpu_milliseconds() - start;
  CHECK(report.ok() && report->is_equal(), "the chain replays equal");
  return {used, report->heights};
}

/// A recorded chain with its blocks.jsonl unpacked: the stock daemon's figure has no xz in it.
class RecordedChain {
 public:
  RecordedChain(const std::string& folder, std::string_view forks) {
    options_.genesis =
        app::open_genesis(app::in_memory(records::read_text(folder + "/genesis.json.xz").value()))
            .value();
    options_.forks = protocol::HeimdallForks::from_json(parse_json(forks).value()).value();
    std::string pattern = (std::filesystem::temp_directory_path() / "buri-chain-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    const std::string path = folder_ + "/blocks.jsonl";
    std::ofstream(path, std::ios::binary)
        << records::read_text(folder + "/blocks.jsonl.xz").value();
    options_.blocks = replay::from_file(path);
  }
  RecordedChain(const RecordedChain&) = delete;
  RecordedChain& operator=(const RecordedChain&) = delete;
  ~RecordedChain() { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const ReplayOptions& options() const { return options_; }

 private:
  std::string folder_;
  ReplayOptions options_;
};

std::string golden_folder() {
  const char* fixtures = std::getenv("BURI_FIXTURES");
  return std::string(fixtures != nullptr ? fixtures : "../shared/fixtures") +
         "/../golden/heimdall-devnet";
}

Figure cpu_figure(const std::string& name, const std::string& folder, std::string_view forks,
                  const Options& options) {
  Figure figure;
  figure.name = name;
  if (!std::filesystem::exists(folder + "/blocks.jsonl.xz")) {
    figure.skipped = "no recorded chain in " + folder;
    return figure;
  }
  const RecordedChain chain(folder, forks);
  run_once(chain.options());
  std::vector<double> times;
  for (unsigned i = 0; i < options.rounds; ++i) {
    const Run run = run_once(chain.options());
    times.push_back(run.cpu_ms / static_cast<double>(run.heights));
  }
  std::sort(times.begin(), times.end());
  const auto quantile = [&](double share) {
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  char text[120];
  std::snprintf(text, sizeof text,
                "stock daemon %.2f ms of CPU a block; ours at least %.3f, in the median %.3f",
                kStockMilliseconds, times.front(), quantile(0.5));
  figure.peer = text;
  figure.ratio = quantile(0.5);
  figure.spread = (quantile(0.9) - quantile(0.1)) / quantile(0.5);
  figure.rounds = options.rounds;
  figure.ours_per_second = 1e3 / quantile(0.5);
  figure.goal = kGoalMilliseconds;
  figure.goal_is_upper_bound = true;
  return figure;
}

std::vector<Figure> replay_cpu(const Options& options) {
  constexpr std::string_view kForksA =
      R"({"rio":384,"tally_fix":15,"producer_downtime":100,"phuket":60,"fee_withdraw_gate":80,)"
      R"("zurich":130,"ithaca":190,"initial":0})";
  constexpr std::string_view kForksB =
      R"({"rio":128,"tally_fix":0,"producer_downtime":0,"phuket":5,"fee_withdraw_gate":6,)"
      R"("zurich":8,"ithaca":10,"initial":0})";
  return {cpu_figure("replay.cpu_per_block_ms.a", golden_folder() + "/A", kForksA, options),
          cpu_figure("replay.cpu_per_block_ms.b", kBundledChain, kForksB, options)};
}

std::vector<Figure> chain_104(const Options& options) {
  constexpr double kGoalBlocksPerSecond = 1200;
  constexpr double kGoalRatio = 10;
  Figure rate;
  rate.name = "chain.104.blocks_per_second";
  const std::string genesis_path = std::string(kBundledChain) + "/genesis.json.xz";
  if (!std::filesystem::exists(genesis_path)) {
    rate.skipped = "no " + genesis_path + " here: run from the repository";
    return {rate};
  }
  // Long enough for what is done once, tables for 104 keys, to cost little of each block.
  const auto chain =
      testing::make_synthetic_chain(records::read_text(genesis_path).value(), one_thread_engine(),
                                    {.validators = 104, .heights = 512});
  ReplayOptions replay_options;
  replay_options.genesis = chain.genesis;
  replay_options.forks = chain.forks;
  replay_options.blocks = chain.source();
  const auto requests = all_requests(chain);
  const auto heights = static_cast<double>(chain.records.size());
  std::vector<double> times;
  const Subject ours{"buri", [&] { times.push_back(run_once(replay_options).cpu_ms); }, heights};
  const Subject peer{
      std::string(kLibsecpVerify) + " of the same 312 signatures a block, nothing else",
      [&] { CHECK(libsecp_verify(requests) == requests.size(), "every signature verifies"); },
      heights};
  Figure ratio = compare("chain.104", ours, peer, {std::min(options.rounds, 4u), 0.001});
  ratio.goal = kGoalRatio;
  std::sort(times.begin(), times.end());
  const auto per_second = [&](double share) {
    return heights * 1e3 /
           times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  rate.ratio = rate.ours_per_second = per_second(0.5);
  rate.spread = (per_second(0.1) - per_second(0.9)) / per_second(0.5);
  rate.rounds = static_cast<unsigned>(times.size());
  rate.peer = "blocks per second of CPU, 104 validators, 312 signatures a block";
  rate.goal = kGoalBlocksPerSecond;
  return {ratio, rate};
}

const Registration kReplayCpu("replay.cpu_per_block_ms", replay_cpu);
const Registration kChain104("chain.104", chain_104);

}  // namespace
}  // namespace buri::bench
