#include "tests/unit/node/consensus/host/sim_cluster.hpp"

#include "base/hex.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/p2p/channels.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::host::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr milliseconds kRestart{3000};

Logger quiet_logger(std::size_t index) {
  const char* wanted = std::getenv("BURI_SIM_LOG");
  const auto level = wanted != nullptr ? LogLevel::kInfo : LogLevel::kOff;
  return {"node" + std::to_string(index), level};
}

}  // namespace

void Schedule::at(nanoseconds delay, std::function<void()> work) {
  queue_.push({now_ + delay, order_++, std::move(work)});
}

bool Schedule::step() {
  if (queue_.empty()) return false;
  // The top is const, but it goes at once.
  Due due = std::move(const_cast<Due&>(queue_.top()));
  queue_.pop();
  if (due.time > now_) clock_.advance(due.time - now_);
  now_ = std::max(now_, due.time);
  due.work();
  return true;
}

/// One run of a validator, from its start to its crash.
struct SimValidator::Life {
  /// Both threads of the node as pieces of the schedule, for as long as it lives.
  class Threads final : public Loop, public ApplicationExecutor {
   public:
    explicit Threads(SimValidator& owner) : owner_(&owner) {}
    void post(std::function<void()> work) override { after(nanoseconds(0), std::move(work)); }
    void after(nanoseconds delay, std::function<void()> work) override {
      owner_->cluster_->schedule().at(
          delay, [alive = std::weak_ptr<bool>(alive_), work = std::move(work)] {
            if (!alive.expired()) work();
          });
    }
    void post_first(std::function<void()> work) override {
      Random& random = owner_->cluster_->random();
      const nanoseconds start = std::max(busy_until_, elapsed());
      busy_until_ = start + milliseconds(1 + random.below(10));
      after(busy_until_ - elapsed(), std::move(work));
    }
    bool post_later(std::function<void()> work) override {
      post_first(std::move(work));
      return true;
    }

   private:
    [[nodiscard]] nanoseconds elapsed() const {
      return owner_->cluster_->schedule().clock().monotonic().time_since_epoch();
    }
    SimValidator* owner_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    nanoseconds busy_until_{0};
  };

  class Links final : public p2p::PeerNetwork {
   public:
    explicit Links(SimValidator& owner) : owner_(&owner) {}
    bool send(const p2p::NodeId& to, std::uint8_t channel, Bytes message) override {
      if (!can_send(to, channel)) return false;
      owner_->cluster_->transmit(owner_->id(), to, {channel, std::move(message), nullptr});
      return true;
    }
    [[nodiscard]] bool can_send(const p2p::NodeId& to, std::uint8_t /*channel*/) const override {
      return owner_->cluster_->is_linked(owner_->id(), to);
    }
    std::size_t broadcast(std::uint8_t channel, ByteView message) override {
      std::size_t count = 0;
      for (std::size_t i = 0; i < owner_->cluster_->size(); ++i) {
        const p2p::NodeId& to = owner_->cluster_->node(i).id();
        count += send(to, channel, Bytes(message.begin(), message.end())) ? 1 : 0;
      }
      for (const auto& [to, stranger] : owner_->cluster_->strangers_) {
        count += send(to, channel, Bytes(message.begin(), message.end())) ? 1 : 0;
      }
      return count;
    }
    void disconnect(const p2p::NodeId& id, p2p::Refusal /*reason*/) override {
      Stranger* stranger = owner_->cluster_->stranger(id);
      if (stranger == nullptr) owner_->cluster_->fail("an honest peer was dropped");
      owner_->cluster_->cut(owner_->id(), id);
      if (stranger != nullptr) stranger->dropped();
    }
    void mark_good(const p2p::NodeId& /*id*/) override {}

   private:
    SimValidator* owner_;
  };

  Life(SimValidator& owner, const app::Genesis& genesis);

  Threads threads;
  Links links;
  std::unique_ptr<storage::Database> application_database;
  std::unique_ptr<storage::Database> block_database;
  std::unique_ptr<iavl::Multistore> multistore;
  std::unique_ptr<blocks::BlockStore> blocks;
  std::unique_ptr<blocks::StateStore> states;
  app::OfflineFacts facts;
  std::unique_ptr<app::Application> application;
  std::unique_ptr<Watch> watch;
  std::unique_ptr<pruning::BlockPruner> pruner;
  Observers observers;
  std::unique_ptr<ConsensusHost> host;
  std::unique_ptr<ConsensusReactor> reactor;
  std::unique_ptr<sync::SyncReactor> sync_reactor;
  std::unique_ptr<sync::CatchUp> catch_up;
};

class SimValidator::Watch final : public Observer {
 public:
  explicit Watch(SimValidator& owner) : owner_(&owner) {}
  void block_applied(const AppliedBlock& applied) override {
    const std::int64_t height = applied.block->block.header.height;
    const std::pair now(applied.block->hash, applied.result->app_hash);
    const auto [known, is_new] = owner_->applied_.emplace(height, now);
    if (!is_new && known->second != now) owner_->cluster_->fail("a block was applied otherwise");
    owner_->height_ = height;
    owner_->synced_ += owner_->is_syncing() ? 1 : 0;
  }
  void failed(const std::string& reason) override {
    if (!owner_->has_lost_power()) owner_->cluster_->fail(reason);
  }

 private:
  SimValidator* owner_;
};

SimValidator::Life::Life(SimValidator& owner, const app::Genesis& genesis)
    : threads(owner), links(owner), watch(std::make_unique<Watch>(owner)) {
  application_database = owner.application_disk_.open(iavl::Multistore::families());
  std::vector<storage::FamilySpec> families;
  for (const auto& some : {blocks::BlockStore::families(), blocks::StateStore::families()}) {
    families.insert(families.end(), some.begin(), some.end());
  }
  block_database = owner.block_disk_.open(families);
  iavl::MultistoreOptions options;
  options.background = false;
  accel::Engine& crypto = buri::testing::engine();
  multistore = iavl::Multistore::open(*application_database, crypto, options).value();
  blocks = blocks::BlockStore::open(*block_database).value();
  states = blocks::StateStore::open(*block_database).value();
  application = std::make_unique<app::Application>(
      app::chain_options(genesis.head, golden_forks()),
      app::AppServices{application_database.get(), multistore.get(), &crypto, facts.facts(),
                       &owner.cluster_->schedule().clock()});
  const NodeSettings& settings = owner.cluster_->settings();
  pruner = std::make_unique<pruning::BlockPruner>(
      pruning::PruningServices{blocks.get(), states.get(), &threads, &threads}, settings.pruning,
      quiet_logger(owner.index_));
  observers.add(*watch);
  observers.add(*pruner);
  host = std::make_unique<ConsensusHost>(HostServices{.crypto = &crypto,
                                                      .application = application.get(),
                                                      .blocks = blocks.get(),
                                                      .states = states.get(),
                                                      .log_files = &owner.log_files_,
                                                      .loop = &threads,
                                                      .worker = &threads,
                                                      .clock = &owner.cluster_->schedule().clock(),
                                                      .observer = &observers,
                                                      .signer = &owner.key_},
                                         settings.host, quiet_logger(owner.index_));
  reactor = std::make_unique<ConsensusReactor>(ReactorServices{.host = host.get(),
                                                               .network = &links,
                                                               .stored = blocks.get(),
                                                               .loop = &threads,
                                                               .random = &owner.cluster_->random()},
                                               GossipOptions{}, quiet_logger(owner.index_));
  sync_reactor =
      std::make_unique<sync::SyncReactor>(*blocks, links, threads, quiet_logger(owner.index_));
  catch_up = std::make_unique<sync::CatchUp>(
      sync::CatchUpServices{.crypto = &crypto,
                            .blocks = blocks.get(),
                            .states = states.get(),
                            .host = host.get(),
                            .peers = reactor.get(),
                            .answers = &sync_reactor->answers(),
                            .network = &links,
                            .loop = &threads,
                            .worker = &threads,
                            .clock = &owner.cluster_->schedule().clock(),
                            .observer = &observers},
      owner.cluster_->catch_up(), quiet_logger(owner.index_));
}

SimValidator::SimValidator(Cluster& cluster, std::size_t index)
    : cluster_(&cluster), index_(index), key_(index + 1) {
  id_.bytes[0] = static_cast<std::uint8_t>(index + 1);
}

SimValidator::~SimValidator() = default;

void SimValidator::peer_added(const p2p::PeerSummary& peer) {
  life_->reactor->peer_added(peer);
  life_->sync_reactor->peer_added(peer);
}

void SimValidator::peer_removed(const p2p::NodeId& id, std::string_view reason) {
  life_->reactor->peer_removed(id, reason);
  life_->sync_reactor->peer_removed(id, reason);
}

void SimValidator::receive(const p2p::NodeId& from, const p2p::IncomingMessage& message) {
  const bool is_sync = message.channel == p2p::kBlockSyncChannel;
  p2p::Reactor& owner =
      is_sync ? static_cast<p2p::Reactor&>(*life_->sync_reactor) : *life_->reactor;
  owner.receive(from, message);
}

std::optional<Bytes> SimValidator::served_block(std::int64_t height) const {
  const auto block = life_->blocks->encoded_block(height);
  const auto commit = life_->blocks->encoded_extended_commit(height);
  if (!block || !commit) return std::nullopt;
  return sync::encode_block_response(*block, *commit);
}

const blocks::BlockStore& SimValidator::blocks() const { return *life_->blocks; }
const blocks::StateStore& SimValidator::states() const { return *life_->states; }

bool SimValidator::is_syncing() const { return life_ && life_->catch_up->is_syncing(); }

bool SimValidator::has_lost_power() const {
  return application_disk_.crashed() || block_disk_.crashed() || log_files_.has_failed();
}

std::size_t SimValidator::application_checks() const {
  return life_ ? life_->application->signatures().checked() : 0;
}

void SimValidator::start() {
  application_disk_.restart(cluster_->random());
  block_disk_.restart(cluster_->random());
  log_files_.restart(cluster_->random().below(1001));
  app::Genesis genesis = golden_genesis();
  if (const std::int64_t age = cluster_->settings().evidence_age_blocks; age > 0) {
    genesis.head.params.evidence->max_age_num_blocks = age;
    genesis.head.params.evidence->max_age_duration = {};
  }
  life_ = std::make_unique<Life>(*this, genesis);
  const auto opened = life_->host->open(genesis);
  if (!opened.ok()) return cluster_->fail("open: " + opened.error());
  replayed_ += static_cast<std::size_t>(opened->replayed);
  height_ = opened->chain.last_height;
  synced_ = 0;
  const auto begun = life_->catch_up->start();
  if (!begun.ok()) return cluster_->fail("start: " + begun.error());
  life_->reactor->start();
  cluster_->connect(*this);
}

void SimValidator::crash() {
  life_ = nullptr;
  ++crashes_;
  cluster_->disconnect(*this);
}

Cluster::Cluster(std::size_t size, std::uint64_t seed, const sync::CatchUpOptions& catch_up,
                 const NodeSettings& settings)
    : random_(seed), catch_up_(catch_up), settings_(settings) {
  for (std::size_t i = 0; i < size; ++i) {
    nodes_.push_back(std::make_unique<SimValidator>(*this, i));
  }
  for (const auto& node : nodes_) node->start();
}

void Cluster::fail(const std::string& text) {
  if (story_.empty()) story_ = text;
}

std::int64_t Cluster::lowest() const {
  std::int64_t lowest = INT64_MAX;
  for (const auto& node : nodes_) lowest = std::min(lowest, node->height());
  return lowest;
}

SimValidator* Cluster::find(const p2p::NodeId& id) {
  for (const auto& node : nodes_) {
    if (node->id() == id) return node.get();
  }
  return nullptr;
}

Stranger* Cluster::stranger(const p2p::NodeId& id) const {
  const auto found = strangers_.find(id);
  return found == strangers_.end() ? nullptr : found->second;
}

void Cluster::join(Stranger& stranger, SimValidator& node) {
  strangers_[stranger.id()] = &stranger;
  ++connections_;
  links_[{node.id(), stranger.id()}] = connections_;
  links_[{stranger.id(), node.id()}] = connections_;
  node.peer_added({stranger.id(), p2p::Direction::kInbound, {}, {}});
}

void Cluster::connect(SimValidator& node) {
  for (const auto& other : nodes_) {
    if (other.get() == &node || !other->is_up()) continue;
    ++connections_;
    links_[{node.id(), other->id()}] = connections_;
    links_[{other->id(), node.id()}] = connections_;
    other->peer_added({node.id(), p2p::Direction::kInbound, {}, {}});
    node.peer_added({other->id(), p2p::Direction::kOutbound, {}, {}});
  }
}

void Cluster::disconnect(SimValidator& node) {
  for (const auto& other : nodes_) {
    if (other.get() != &node) cut(node.id(), other->id());
  }
}

void Cluster::cut(const p2p::NodeId& a, const p2p::NodeId& b) {
  if (links_.erase({a, b}) == 0) return;
  links_.erase({b, a});
  for (const auto& [here, there] : {std::pair(a, b), std::pair(b, a)}) {
    SimValidator* node = find(here);
    if (node != nullptr && node->is_up()) node->peer_removed(there, "cut");
  }
}

bool Cluster::is_linked(const p2p::NodeId& a, const p2p::NodeId& b) const {
  return links_.contains({a, b});
}

void Cluster::transmit(const p2p::NodeId& from, const p2p::NodeId& to,
                       p2p::IncomingMessage message) {
  const nanoseconds now = schedule_.clock().monotonic().time_since_epoch();
  nanoseconds& last = arrival_[{from, to}];
  last = std::max(last, now + milliseconds(1 + random_.below(20)));
  if (!is_linked(from, to)) return;
  const std::uint64_t connection = links_.at({from, to});
  schedule_.at(last - now, [this, from, to, connection, message = std::move(message)] {
    const auto link = links_.find({from, to});
    if (link == links_.end() || link->second != connection) return;
    SimValidator* node = find(to);
    if (node != nullptr) return node->receive(from, message);
    strangers_.at(to)->receive(message.channel, message.bytes);
  });
}

void Cluster::look_for_crashes() {
  for (const auto& node : nodes_) {
    if (!node->is_up() || !node->has_lost_power()) continue;
    node->crash();
    schedule_.at(kRestart, [raw = node.get()] { raw->start(); });
  }
}

bool Cluster::run_until(const std::function<bool()>& condition, std::chrono::seconds limit) {
  const MonotonicTime end = schedule_.clock().monotonic() + limit;
  while (story_.empty() && !condition()) {
    if (schedule_.clock().monotonic() > end || !schedule_.step()) return false;
    look_for_crashes();
  }
  return story_.empty();
}

}  // namespace buri::consensus::host::testing
