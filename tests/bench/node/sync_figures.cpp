#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/host/block_executor.hpp"
#include "node/consensus/host/handshake.hpp"
#include "node/consensus/records/chain.hpp"
#include "node/consensus/sync/block_sync.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/bench/accel/libsecp_peer.hpp"
#include "tests/bench/harness.hpp"
#include "tests/bench/node/chain_run.hpp"
#include "tests/support/consensus/synthetic_chain.hpp"

/// Block sync as burid does it, on one thread and with stores in memory: messages of peers are
/// decoded, blocks verified with all signatures of their votes and extensions, stored, executed and
/// committed. Beside it libsecp256k1 checks the same signatures one by one and does nothing else.
/// Run it from the repository, best under `taskset -c 1`.

namespace buri::bench {
namespace {

using namespace consensus;

constexpr const char* kGenesis = "tests/golden/heimdall-devnet-b/genesis.json.xz";
constexpr std::size_t kValidators = 104;
/// Long enough for what is done once, tables for 104 keys, to cost little of each block.
constexpr std::int64_t kHeights = 512;
constexpr std::uint8_t kPeers = 16;
/// As burid sets it.
constexpr std::size_t kWindow = 256;

/// Peers that have the whole chain and answer at once.
class ServingPeers final : public p2p::PeerNetwork {
 public:
  explicit ServingPeers(std::span<const records::BlockRecord> records) {
    for (const auto& record : records) {
      blocks_.push_back(sync::encode_block_response(record.block, record.extended_commit));
    }
  }
  bool send(const p2p::NodeId& to, std::uint8_t /*channel*/, Bytes message) override {
    const auto asked = sync::decode_block_message(message).value();
    if (const auto* block = std::get_if<sync::BlockRequest>(&asked)) {
      answers_.emplace_back(to, blocks_[static_cast<std::size_t>(block->height - 1)]);
    } else {
      const auto height = static_cast<std::int64_t>(blocks_.size());
      answers_.emplace_back(to, sync::encode_block_message(sync::StatusResponse{height, 1}));
    }
    return true;
  }
  [[nodiscard]] bool can_send(const p2p::NodeId&, std::uint8_t) const override { return true; }
  std::size_t broadcast(std::uint8_t channel, ByteView message) override {
    for (std::uint8_t i = 1; i <= kPeers; ++i) {
      p2p::NodeId id{};
      id.bytes[0] = i;
      send(id, channel, Bytes(message.begin(), message.end()));
    }
    return kPeers;
  }
  void disconnect(const p2p::NodeId&, p2p::Refusal) override {
    CHECK(false, "honest peers are not hung up on");
  }
  void mark_good(const p2p::NodeId&) override {}

  void deliver(sync::BlockSync& sync) {
    for (auto& [from, bytes] : std::exchange(answers_, {})) {
      CHECK(sync.receive(from, sync::decode_block_message(bytes).value(), bytes.size()),
            "the answer was asked for");
    }
  }

 private:
  std::vector<Bytes> blocks_;
  std::vector<std::pair<p2p::NodeId, Bytes>> answers_;
};

class Applier final : public sync::BlockApplier {
 public:
  explicit Applier(const host::ExecutionServices& services) : executor_(services) {}
  Result<engine::ChainState, std::string> apply(const engine::ChainState& before,
                                                engine::Block block,
                                                const engine::BlockId& block_id) override {
    auto decided = std::make_shared<const engine::ProposedBlock>(std::move(block), *block_id.hash);
    ASSIGN_OR_RETURN(host::ExecutedBlock executed,
                     executor_.apply(before, std::move(decided), block_id));
    return *executed.applied.chain;
  }

 private:
  host::BlockExecutor executor_;
};

/// A fresh home in memory.
class Home {
 public:
  explicit Home(const testing::SyntheticChain& chain)
      : application_({chain.genesis.head.chain_id, chain.forks,
                      modules::stake::GenesisRules::kWithPenultimate},
                     {application_database_.get(), multistore_.get(), &one_thread_engine(),
                      facts_.facts()}) {
    auto done = host::shake_hands({services(), blocks_.get()}, chain.genesis);
    CHECK(done.ok(), "the genesis begins a chain");
    chain_ = std::move(done->chain);
  }

  [[nodiscard]] host::ExecutionServices services() {
    return {&one_thread_engine(), &application_, states_.get()};
  }
  [[nodiscard]] blocks::BlockStore& blocks() { return *blocks_; }
  [[nodiscard]] const engine::ChainState& chain() const { return *chain_; }

 private:
  static std::unique_ptr<storage::Database> open(std::span<const storage::FamilySpec> families) {
    storage::RocksOptions rocks;
    rocks.folder = "/sync";
    rocks.in_memory = true;
    return storage::open_rocks_database(rocks, families).value();
  }
  static std::vector<storage::FamilySpec> block_families() {
    auto families = blocks::BlockStore::families();
    for (const auto& one : blocks::StateStore::families()) families.push_back(one);
    return families;
  }
  static iavl::MultistoreOptions store_options() {
    iavl::MultistoreOptions options;
    options.background = false;
    return options;
  }

  std::unique_ptr<storage::Database> application_database_ = open(iavl::Multistore::families());
  std::unique_ptr<storage::Database> block_database_ = open(block_families());
  std::unique_ptr<iavl::Multistore> multistore_ =
      iavl::Multistore::open(*application_database_, one_thread_engine(), store_options()).value();
  std::unique_ptr<blocks::BlockStore> blocks_ = blocks::BlockStore::open(*block_database_).value();
  std::unique_ptr<blocks::StateStore> states_ = blocks::StateStore::open(*block_database_).value();
  app::OfflineFacts facts_;
  app::Application application_;
  std::optional<engine::ChainState> chain_;
};

/// The processor's time to sync all blocks but the last, which nothing proves.
double sync_once(const testing::SyntheticChain& chain) {
  Home home(chain);
  ServingPeers peers(chain.records);
  engine::BatchedSignatures signatures(one_thread_engine(), home.chain().chain_id);
  Applier applier(home.services());
  sync::BlockSyncOptions options;
  options.window_blocks = kWindow;
  options.pool.window_heights = kWindow + 1;
  const double start = cpu_milliseconds();
  sync::BlockSync sync(
      {&one_thread_engine(), &signatures, &home.blocks(), &applier, &peers, &system_clock()},
      home.chain(), options, Logger("sync", LogLevel::kOff));
  const auto target = static_cast<std::int64_t>(chain.records.size()) - 1;
  while (sync.chain().last_height < target) {
    sync.tick();
    if (sync.failure()) std::fprintf(stderr, "%s\n", sync.failure()->c_str());
    CHECK(!sync.failure(), "the chain syncs");
    peers.deliver(sync);
  }
  const double used = cpu_milliseconds() - start;
  CHECK(sync.chain().app_hash.size() == Hash256::kSize, "the chain has a state");
  return used;
}

std::vector<Figure> sync_104(const Options& options) {
  constexpr double kGoalRatio = 10;
  Figure rate;
  rate.name = "sync.104.blocks_per_second";
  if (!std::filesystem::exists(kGenesis)) {
    rate.skipped = std::string("no ") + kGenesis + " here: run from the repository";
    return {rate};
  }
  const auto chain =
      testing::make_synthetic_chain(records::read_text(kGenesis).value(), one_thread_engine(),
                                    {.validators = kValidators, .heights = kHeights});
  const auto requests = all_requests(chain);
  const auto heights = static_cast<double>(chain.records.size() - 1);
  std::vector<double> times;
  const Subject ours{"buri", [&] { times.push_back(sync_once(chain)); }, heights};
  const Subject peer{
      std::string(kLibsecpVerify) + " of the same 312 signatures a block, nothing else",
      [&] { CHECK(libsecp_verify(requests) == requests.size(), "every signature verifies"); },
      static_cast<double>(chain.records.size())};
  Figure ratio = compare("sync.104", ours, peer, {std::min(options.rounds, 4u), 0.001});
  ratio.goal = kGoalRatio;
  std::sort(times.begin(), times.end());
  const auto per_second = [&](double share) {
    return heights * 1e3 /
           times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
  };
  rate.ratio = rate.ours_per_second = per_second(0.5);
  rate.spread = (per_second(0.1) - per_second(0.9)) / per_second(0.5);
  rate.rounds = static_cast<unsigned>(times.size());
  rate.peer = "blocks per second of CPU: decoded, verified, stored, executed; 104 validators";
  return {ratio, rate};
}

const Registration kSync104("sync.104", sync_104);

}  // namespace
}  // namespace buri::bench
