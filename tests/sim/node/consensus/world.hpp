#pragma once

#include <queue>
#include <set>

#include "tests/sim/node/consensus/sim_node.hpp"

/// A network of simulated validators, played from a seed: first with every fault there is, then
/// healed, when it has to go on.

namespace buri::consensus::sim {

/// What a schedule came to.
struct Report {
  std::string story;  ///< empty if all went well
  std::int64_t heights = 0;
  std::size_t events = 0;
  NodeCounts counts;
  std::size_t cuts = 0;  ///< messages lost, partitions included

  void add(const Report& other);
};

/// Plays one schedule. The same seed plays the same on every machine.
Report play(std::uint64_t seed);

class World final : public Surroundings {
 public:
  explicit World(std::uint64_t seed);
  Report run();

  Random& random() override { return random_; }
  hsm::wire::Timestamp clock(std::size_t node) override;
  void later(std::size_t node, std::int64_t delay_ns, Event event) override;
  void set_timer(std::size_t node, const engine::TimeoutFired& timeout) override;
  void broadcast(std::size_t node, const engine::Message& message) override;
  void decided(std::size_t node, const Stored& stored) override;
  void failed(std::size_t node, const std::string& reason) override;
  bool cuts_power(std::size_t node) override;
  [[nodiscard]] double signer_absence() const override { return signer_absence_; }

 private:
  enum class Kind : std::uint8_t { kEvent, kTimer, kMessages, kGossip, kRestart, kFault };
  struct Due {
    std::int64_t time = 0;
    std::uint64_t order = 0;
    Kind kind{};
    std::size_t node = 0;
    std::uint64_t life = 0;  ///< of the node, or of its timer: nothing of an earlier one counts
    Event event{};
    bool operator>(const Due& other) const {
      return std::tie(time, order) > std::tie(other.time, other.order);
    }
  };

  void push(std::int64_t delay_ns, Due due);
  void step(Due due);
  void deliver(std::size_t from, std::size_t to,
               const std::vector<engine::MessageArrived>& messages);
  void gossip(std::size_t from, std::size_t to);
  void show_faces(const engine::Message& seen);
  void show_faces_of(std::size_t liar, std::int64_t height, std::int32_t round);
  [[nodiscard]] std::int64_t slowness(std::size_t from, std::size_t to,
                                      const engine::Message& message);
  void strike();
  void heal();
  [[nodiscard]] bool is_linked(std::size_t a, std::size_t b) const;
  [[nodiscard]] std::int64_t least_height() const;
  [[nodiscard]] std::int64_t most_height() const;
  void note_crashes();
  [[nodiscard]] std::string where_they_stand() const;

  SeededRandom random_;
  /// In every fourth schedule so often that a third of the signers are away at once; where it is
  /// nothing, votes meet more often and locks are tried harder.
  double signer_absence_ = 0;
  std::int64_t now_ = 0;
  std::uint64_t order_ = 0;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> queue_;
  std::vector<std::unique_ptr<SimNode>> nodes_;
  std::vector<std::size_t> validator_of_;  ///< by node; twins share one
  std::vector<std::int64_t> clock_offset_;
  std::vector<std::uint64_t> life_;
  std::vector<std::uint64_t> timer_;
  std::vector<bool> is_restarting_;
  std::vector<int> group_;
  std::map<std::int64_t, std::pair<BlockId, std::size_t>>
      chain_;  ///< decided, and who said so first
  bool is_healed_ = false;
  double loss_ = 0;
  double doubling_ = 0;
  double power_cuts_ = 0;
  std::int64_t delay_ms_ = 0;
  std::optional<engine::VoteType> slow_votes_;  ///< that one of the links holds back
  std::uint64_t slow_links_ = 0;
  /// What was proposed or voted for at each height, and the rounds that the two-faced have spoken
  /// in.
  std::map<std::int64_t, std::vector<BlockId>> seen_;
  std::set<std::tuple<std::size_t, std::int64_t, std::int32_t, std::size_t>> spoken_;
  Report report_;
};

/// What `from` has and `to` lacks, as the stock node's gossip would send it piece by piece: of the
/// same height proposal, parts, votes and majorities; of a past one its commit and its parts.
std::vector<engine::Message> missing(const SimNode& from, const SimNode& to, Random& random);

}  // namespace buri::consensus::sim
