#pragma once

#include <queue>

#include "base/random.hpp"
#include "node/consensus/host/consensus_host.hpp"
#include "node/consensus/host/consensus_reactor.hpp"
#include "node/consensus/pruning/block_pruner.hpp"
#include "node/consensus/sync/catch_up.hpp"
#include "node/consensus/sync/sync_reactor.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/consensus/engine/simulated_wal_files.hpp"
#include "tests/unit/node/consensus/host/golden_validators.hpp"

/// Several validators in one process: real hosts, reactors, applications and stores over simulated
/// time, disks and links, all in one thread and the same for the same seed.

namespace buri::consensus::host::testing {

/// What happens when.
class Schedule {
 public:
  void at(std::chrono::nanoseconds delay, std::function<void()> work);
  /// Runs the next piece; false if there is none.
  bool step();
  [[nodiscard]] const Clock& clock() const { return clock_; }

 private:
  struct Due {
    std::chrono::nanoseconds time;
    std::uint64_t order;
    std::function<void()> work;
    bool operator>(const Due& other) const {
      return std::tie(time, order) > std::tie(other.time, other.order);
    }
  };
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::chrono::nanoseconds now_{0};
  std::uint64_t order_ = 0;
  ManualClock clock_{WallTime(std::chrono::seconds(1'900'000'000))};
};

class Cluster;

/// A peer by script, linked to one node.
class Stranger {
 public:
  virtual ~Stranger() = default;
  [[nodiscard]] virtual const p2p::NodeId& id() const = 0;
  /// The node sent something.
  virtual void receive(std::uint8_t channel, ByteView message) = 0;
  /// The node hung up on it.
  virtual void dropped() = 0;
};

/// How the nodes of a cluster are set up.
struct NodeSettings {
  HostOptions host;
  pruning::PruningOptions pruning;
  /// Evidence expires behind so many blocks, whatever their time; 0: as the genesis says.
  std::int64_t evidence_age_blocks = 0;
};

/// One validator and the machine it runs on, which may lose power.
class SimValidator {
 public:
  SimValidator(Cluster& cluster, std::size_t index);
  ~SimValidator();

  void start();
  /// Everything but what is durable is gone.
  void crash();
  [[nodiscard]] bool is_up() const { return life_ != nullptr; }
  /// Whether one of its disks has failed since it was started.
  [[nodiscard]] bool has_lost_power() const;
  [[nodiscard]] std::int64_t height() const { return height_; }
  /// Block hash and application hash by height, as it applied them; applied twice they must agree.
  [[nodiscard]] const std::map<std::int64_t, std::pair<Hash256, Hash256>>& applied() const {
    return applied_;
  }
  [[nodiscard]] const p2p::NodeId& id() const { return id_; }
  /// Blocks that the latest life executed without consensus.
  [[nodiscard]] std::size_t synced() const { return synced_; }
  [[nodiscard]] bool is_syncing() const;
  /// A block of its store as block sync serves it; nothing if it has none.
  [[nodiscard]] std::optional<Bytes> served_block(std::int64_t height) const;
  /// Its stores, while it is up.
  [[nodiscard]] const blocks::BlockStore& blocks() const;
  [[nodiscard]] const blocks::StateStore& states() const;
  /// A peer comes, goes or sends something.
  void peer_added(const p2p::PeerSummary& peer);
  void peer_removed(const p2p::NodeId& id, std::string_view reason);
  void receive(const p2p::NodeId& from, const p2p::IncomingMessage& message);
  [[nodiscard]] std::size_t crashes() const { return crashes_; }
  [[nodiscard]] std::size_t replayed() const { return replayed_; }
  buri::testing::SimulatedDisk& application_disk() { return application_disk_; }
  buri::testing::SimulatedDisk& block_disk() { return block_disk_; }
  buri::testing::SimulatedWalFiles& log_files() { return log_files_; }
  [[nodiscard]] const GoldenKey& signer() const { return key_; }
  /// Signatures that the application had to check itself.
  [[nodiscard]] std::size_t application_checks() const;

 private:
  friend class Cluster;
  struct Life;
  class Watch;

  Cluster* cluster_;
  std::size_t index_;
  p2p::NodeId id_;
  buri::testing::SimulatedDisk application_disk_;
  buri::testing::SimulatedDisk block_disk_;
  buri::testing::SimulatedWalFiles log_files_;
  GoldenKey key_;
  std::int64_t height_ = 0;
  std::map<std::int64_t, std::pair<Hash256, Hash256>> applied_;
  std::size_t crashes_ = 0;
  std::size_t replayed_ = 0;
  std::size_t synced_ = 0;
  std::unique_ptr<Life> life_;
};

class Cluster {
 public:
  Cluster(std::size_t size, std::uint64_t seed, const sync::CatchUpOptions& catch_up = {},
          const NodeSettings& settings = {});

  /// Runs until `condition`, at most for so much simulated time; false if it did not come to hold.
  bool run_until(const std::function<bool()>& condition, std::chrono::seconds limit);
  SimValidator& node(std::size_t index) { return *nodes_[index]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::int64_t lowest() const;
  /// What went wrong; empty if nothing did.
  [[nodiscard]] const std::string& story() const { return story_; }
  void fail(const std::string& text);

  Schedule& schedule() { return schedule_; }
  Random& random() { return random_; }
  [[nodiscard]] const sync::CatchUpOptions& catch_up() const { return catch_up_; }
  /// Those of every later start.
  NodeSettings& settings() { return settings_; }
  /// Links of a node to all that are up; a later one comes up by itself.
  void connect(SimValidator& node);
  void disconnect(SimValidator& node);
  [[nodiscard]] bool is_linked(const p2p::NodeId& a, const p2p::NodeId& b) const;
  void transmit(const p2p::NodeId& from, const p2p::NodeId& to, p2p::IncomingMessage message);
  void cut(const p2p::NodeId& a, const p2p::NodeId& b);
  SimValidator* find(const p2p::NodeId& id);
  /// The stranger calls a node; it outlives the cluster.
  void join(Stranger& stranger, SimValidator& node);
  [[nodiscard]] Stranger* stranger(const p2p::NodeId& id) const;

 private:
  friend class SimValidator;
  using Link = std::pair<p2p::NodeId, p2p::NodeId>;
  void look_for_crashes();

  Schedule schedule_;
  SeededRandom random_;
  const sync::CatchUpOptions catch_up_;
  NodeSettings settings_;
  std::vector<std::unique_ptr<SimValidator>> nodes_;
  std::map<p2p::NodeId, Stranger*> strangers_;
  std::map<Link, std::uint64_t> links_;               ///< both ways; the number is the connection's
  std::map<Link, std::chrono::nanoseconds> arrival_;  ///< of the last message: links keep order
  std::uint64_t connections_ = 0;
  std::string story_;
};

}  // namespace buri::consensus::host::testing
