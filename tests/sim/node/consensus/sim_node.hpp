#pragma once

#include <functional>
#include <map>

#include "base/random.hpp"
#include "node/consensus/engine/machine.hpp"
#include "node/consensus/engine/wal.hpp"
#include "tests/support/consensus/toy_signatures.hpp"
#include "tests/unit/node/consensus/engine/simulated_wal_files.hpp"

/// One simulated validator: the real state machine and the real log over a disk that loses power, a
/// signer that never goes back, an application whose state is a chain of hashes.

namespace buri::consensus::sim {

using engine::BlockId;
using engine::ChainState;
using engine::Effect;
using engine::Event;

/// How a validator misbehaves. Two nodes with one key are twins: they equivocate without knowing.
enum class Vice : std::uint8_t {
  kNone,
  kTwin,      ///< another node signs with the same key, and no signer state holds either back
  kAmnesia,   ///< forgets log and signer state when it crashes, and signs whatever it is asked
  kLiar,      ///< its extensions are those that applications refuse
  kTwoFaced,  ///< tells every peer of every round something else (byzantine.cpp)
};

/// A decided block as a node keeps it.
struct Stored {
  engine::ProposedBlockPtr block;
  engine::PartSetPtr parts;
  engine::ExtendedCommitRecord commit;
};

/// What the world does for its nodes.
class Surroundings {
 public:
  virtual ~Surroundings() = default;
  virtual Random& random() = 0;
  /// The node's own clock.
  virtual hsm::wire::Timestamp clock(std::size_t node) = 0;
  /// An event for the node's present life, so many nanoseconds from now.
  virtual void later(std::size_t node, std::int64_t delay_ns, Event event) = 0;
  virtual void set_timer(std::size_t node, const engine::TimeoutFired& timeout) = 0;
  /// The node says something of its own.
  virtual void broadcast(std::size_t node, const engine::Message& message) = 0;
  /// The node stored a decided block.
  virtual void decided(std::size_t node, const Stored& stored) = 0;
  virtual void failed(std::size_t node, const std::string& reason) = 0;
  /// How often a signer is not reached in time.
  [[nodiscard]] virtual double signer_absence() const = 0;
  /// Whether the node loses power before its next effect.
  virtual bool cuts_power(std::size_t node) = 0;
};

/// What happened, for the report.
struct NodeCounts {
  std::size_t crashes = 0;
  std::size_t refused_signatures = 0;
  std::size_t evidence = 0;
  std::size_t replayed_records = 0;
  std::size_t rounds_above_zero = 0;
  std::size_t unlocks = 0;
};

class SimNode {
 public:
  SimNode(Surroundings& surroundings, std::size_t name, ChainState genesis, Address key, Vice vice);

  /// Starts, or starts again after a crash.
  void start();
  void crash();
  [[nodiscard]] bool is_up() const { return machine_ != nullptr; }
  void handle(Event event);

  [[nodiscard]] const engine::Machine& machine() const { return *machine_; }
  [[nodiscard]] const std::map<std::int64_t, Stored>& store() const { return store_; }
  [[nodiscard]] std::int64_t height() const { return states_.rbegin()->second.last_height; }
  [[nodiscard]] Vice vice() const { return vice_; }
  [[nodiscard]] const Address& key() const { return key_; }
  [[nodiscard]] const NodeCounts& counts() const { return counts_; }
  /// Why it refused a block last.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  [[nodiscard]] std::string name() const { return "node" + std::to_string(name_); }
  [[nodiscard]] testing::SimulatedWalFiles& files() { return *files_; }

 private:
  /// What a signer keeps of what it signed last.
  struct Signed {
    std::int64_t height = 0;
    std::int32_t round = -1;
    int step = 0;
    Bytes content;
    hsm::wire::Signed answer;
    hsm::wire::Timestamp time;
  };

  bool perform(const std::vector<Effect>& effects);
  bool perform_one(const Effect& effect);
  bool answer(Event event);
  bool write(const engine::WalEntry& entry, bool is_synced);
  void ask_signer(const engine::Sign& request);
  std::optional<hsm::wire::Signed> sign(const engine::Sign& request);
  void save(const engine::SaveBlock& effect);
  void make_durable();
  void catch_up_application();

  Surroundings* world_;
  std::size_t name_;
  Address key_;
  Vice vice_;
  testing::ToySignatures signatures_;
  std::unique_ptr<testing::SimulatedWalFiles> files_;
  std::optional<engine::WalWriter> log_;
  std::map<std::int64_t, Stored> store_;
  std::optional<Stored> saving_;  ///< until the application commits it: a crash may lose it
  std::map<std::int64_t, ChainState> states_;  ///< the application's, durable
  Signed signed_;
  std::unique_ptr<engine::Machine> machine_;
  bool is_beginning_ = false;  ///< the log is being replayed
  NodeCounts counts_;
  std::string refusal_;
};

/// The extension that applications accept at that height.
Bytes honest_extension(std::int64_t height);

/// The application: a block's outcome follows from the state before it.
engine::BlockOutcome execute(const ChainState& before, const engine::ProposedBlock& block);

}  // namespace buri::consensus::sim
