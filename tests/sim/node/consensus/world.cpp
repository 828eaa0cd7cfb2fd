#include "tests/sim/node/consensus/world.hpp"

#include <fmt/format.h>

#include "tests/unit/node/golden.hpp"

namespace buri::consensus::sim {

using namespace engine;

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kSecond = 1'000 * kMillisecond;
/// How long faults rage, about, and how long a healed network may take for two more heights.
constexpr std::int64_t kFaultsNs = 8 * kSecond;
constexpr std::int64_t kPatienceNs = 150 * kSecond;
constexpr hsm::wire::Timestamp kEpoch{1'700'000'000, 0};
/// Clocks jump so far: less than half of what a block may be ahead.
constexpr std::int64_t kClockJumpSeconds = 25;

}  // namespace

void Report::add(const Report& other) {
  heights += other.heights;
  events += other.events;
  cuts += other.cuts;
  counts.crashes += other.counts.crashes;
  counts.refused_signatures += other.counts.refused_signatures;
  counts.evidence += other.counts.evidence;
  counts.replayed_records += other.counts.replayed_records;
  counts.rounds_above_zero += other.counts.rounds_above_zero;
  counts.unlocks += other.counts.unlocks;
}

World::World(std::uint64_t seed) : random_(seed), signer_absence_(seed % 4 == 3 ? 0.12 : 0) {
  const std::size_t count = random_.chance(0.6) ? 4 : 5 + random_.below(2);
  const bool is_equal = random_.chance(0.6);
  std::vector<std::int64_t> powers;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < count; ++i) {
    powers.push_back(10 + (is_equal ? 0 : static_cast<std::int64_t>(random_.below(10))));
    total += powers.back();
  }
  const std::vector<Validator> validators = testing::toy_validators(powers);
  ChainState genesis =
      ChainState::genesis(testing::engine(), "sim-1", 1, kEpoch, validators).value();
  genesis.params.extensions_height = random_.chance(0.8) ? 1 : 0;
  std::int64_t honest = total;
  for (std::size_t i = 0; i < count; ++i) {
    Vice vice = Vice::kNone;
    // The application moves powers by one: a little distance from a third.
    const std::int64_t left = honest - powers[i];
    if (3 * (total - left) < total - 6 && random_.chance(0.5)) {
      vice = random_.chance(0.5) ? Vice::kTwoFaced : static_cast<Vice>(1 + random_.below(3));
      honest = left;
    }
    for (int copy = 0; copy < (vice == Vice::kTwin ? 2 : 1); ++copy) {
      nodes_.push_back(
          std::make_unique<SimNode>(*this, nodes_.size(), genesis, validators[i].address, vice));
      validator_of_.push_back(i);
    }
  }
  clock_offset_.resize(nodes_.size());
  life_.resize(nodes_.size());
  timer_.resize(nodes_.size());
  is_restarting_.resize(nodes_.size());
  group_.resize(nodes_.size());
}

void World::push(std::int64_t delay_ns, Due due) {
  due.time = now_ + std::max<std::int64_t>(delay_ns, 0);
  due.order = ++order_;
  queue_.push(std::move(due));
}

hsm::wire::Timestamp World::clock(std::size_t node) {
  return plus_nanos(kEpoch, kSecond + now_ + clock_offset_[node]);
}

void World::later(std::size_t node, std::int64_t delay_ns, Event event) {
  push(delay_ns,
       {.kind = Kind::kEvent, .node = node, .life = life_[node], .event = std::move(event)});
}

void World::set_timer(std::size_t node, const TimeoutFired& timeout) {
  push(timeout.duration_ns,
       {.kind = Kind::kTimer, .node = node, .life = ++timer_[node], .event = timeout});
}

bool World::is_linked(std::size_t a, std::size_t b) const {
  return validator_of_[a] != validator_of_[b] && (is_healed_ || group_[a] == group_[b]);
}

void World::deliver(std::size_t from, std::size_t to, const std::vector<MessageArrived>& messages) {
  if (messages.empty()) return;
  if (!is_linked(from, to) || random_.chance(loss_)) {
    ++report_.cuts;
    return;
  }
  std::int64_t slow = 0;
  for (const MessageArrived& arrived : messages) {
    slow = std::max(slow, slowness(from, to, arrived.message));
  }
  const int copies = random_.chance(doubling_) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    const auto delay =
        slow + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(delay_ms_) + 1));
    push(delay * kMillisecond,
         {.kind = Kind::kMessages, .node = to, .event = MessagesArrived{messages}});
  }
}

/// Milliseconds for which a link holds back one kind of votes: those who decide and those who do
/// not know it come apart.
std::int64_t World::slowness(std::size_t from, std::size_t to, const Message& message) {
  const auto* vote = std::get_if<Vote>(&message);
  if (is_healed_ || vote == nullptr || vote->type != slow_votes_) return 0;
  const std::size_t link = (from * nodes_.size() + to) % 64;
  return (slow_links_ >> link & 1) != 0 ? 1'000 + static_cast<std::int64_t>(random_.below(3'000))
                                        : 0;
}

void World::broadcast(std::size_t node, const Message& message) {
  for (std::size_t to = 0; to < nodes_.size(); ++to) {
    deliver(node, to, {{message, nodes_[node]->name()}});
  }
  show_faces(message);
}

/// No fork: whoever decides a height decides what the first one did. A twin decides for itself: it
/// may be alone with the other validators' votes, but never against an honest node.
void World::decided(std::size_t node, const Stored& stored) {
  const auto [known, is_first] =
      chain_.emplace(stored.commit.height, std::pair(stored.commit.block_id, node));
  if (is_first || known->second.first == stored.commit.block_id) return;
  failed(node, fmt::format("a fork at height {}: node{} decided otherwise", stored.commit.height,
                           known->second.second));
}

void World::failed(std::size_t node, const std::string& reason) {
  if (report_.story.empty()) {
    report_.story = fmt::format("node{} at {} ms: {}", node, now_ / kMillisecond, reason);
  }
}

bool World::cuts_power(std::size_t) { return !is_healed_ && random_.chance(power_cuts_); }

/// New faults.
void World::strike() {
  loss_ = random_.chance(0.5) ? 0.4 * static_cast<double>(random_.below(100)) / 100 : 0;
  doubling_ = random_.chance(0.5) ? 0.3 : 0;
  delay_ms_ = random_.chance(0.3) ? 1'500 : 60;
  power_cuts_ = random_.chance(0.5) ? 0.01 : 0.0005;
  slow_votes_.reset();
  if (random_.chance(0.6)) {
    slow_votes_ = random_.chance(0.7) ? VoteType::kPrecommit : VoteType::kPrevote;
  }
  slow_links_ = random_.next();
  const std::uint64_t groups = random_.chance(0.6) ? 1 + random_.below(3) : 1;
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    group_[node] = static_cast<int>(random_.below(groups));
    if (random_.chance(0.15)) {
      clock_offset_[node] = (static_cast<std::int64_t>(random_.below(2 * kClockJumpSeconds + 1)) -
                             kClockJumpSeconds) *
                            kSecond;
    }
    // Cuts the power in the middle of one of the next writes.
    if (random_.chance(0.15)) nodes_[node]->files().fail_after(random_.below(6));
  }
  push(static_cast<std::int64_t>(300 + random_.below(1'500)) * kMillisecond,
       {.kind = Kind::kFault});
}

void World::heal() {
  is_healed_ = true;
  loss_ = 0;
  doubling_ = 0;
  delay_ms_ = 40;
  std::ranges::fill(clock_offset_, 0);
  for (const auto& node : nodes_) node->files().fail_after(SIZE_MAX);
}

void World::note_crashes() {
  for (std::size_t node = 0; node < nodes_.size(); ++node) {
    if (nodes_[node]->is_up() || is_restarting_[node]) continue;
    is_restarting_[node] = true;
    ++life_[node];
    ++timer_[node];
    push(static_cast<std::int64_t>(10 + random_.below(2'000)) * kMillisecond,
         {.kind = Kind::kRestart, .node = node});
  }
}

void World::gossip(std::size_t from, std::size_t to) {
  if (!nodes_[from]->is_up() || !nodes_[to]->is_up() || !is_linked(from, to)) return;
  std::vector<MessageArrived> arrived;
  for (Message& message : missing(*nodes_[from], *nodes_[to], random_)) {
    arrived.push_back({std::move(message), nodes_[from]->name()});
  }
  deliver(from, to, arrived);
}

void World::step(Due due) {
  switch (due.kind) {
    case Kind::kEvent:
      if (due.life == life_[due.node]) nodes_[due.node]->handle(std::move(due.event));
      break;
    case Kind::kTimer:
      if (due.life == timer_[due.node]) nodes_[due.node]->handle(std::move(due.event));
      break;
    case Kind::kMessages:
      nodes_[due.node]->handle(std::move(due.event));
      break;
    case Kind::kGossip: {
      const std::size_t from = random_.below(nodes_.size());
      for (std::size_t to = 0; to < nodes_.size(); ++to) gossip(from, to);
      push(static_cast<std::int64_t>(200 / nodes_.size()) * kMillisecond, {.kind = Kind::kGossip});
      break;
    }
    case Kind::kRestart:
      is_restarting_[due.node] = false;
      nodes_[due.node]->start();
      break;
    case Kind::kFault:
      if (!is_healed_) strike();
      break;
  }
}

std::int64_t World::least_height() const {
  std::int64_t least = INT64_MAX;
  for (const auto& node : nodes_) {
    const bool is_honest = node->vice() == Vice::kNone || node->vice() == Vice::kLiar;
    if (is_honest) least = std::min(least, node->is_up() ? node->height() : 0);
  }
  return least;
}

std::int64_t World::most_height() const {
  std::int64_t most = 0;
  for (const auto& node : nodes_) most = std::max(most, node->height());
  return most;
}

std::string World::where_they_stand() const {
  std::string text;
  for (const auto& node : nodes_) {
    text += fmt::format(" {} vice {}", node->name(), static_cast<int>(node->vice()));
    if (!node->is_up()) {
      text += " down,";
      continue;
    }
    const RoundState& state = node->machine().state();
    const auto has = [](bool is_there, std::string_view what) { return is_there ? what : ""; };
    text += fmt::format(" at {}/{}/{} locked {} valid {}{}{}{},", state.height, state.round,
                        static_cast<int>(state.step), state.locked.round, state.valid.round,
                        has(state.proposal.has_value(), " proposal"),
                        has(state.proposal_parts != nullptr, " parts"),
                        has(state.proposal_block != nullptr, " block"));
    if (!node->refusal().empty()) text += " refused: " + node->refusal() + ",";
  }
  return text;
}

Report World::run() {
  strike();
  for (const auto& node : nodes_) node->start();
  push(0, {.kind = Kind::kGossip});
  const auto faults = kFaultsNs / 2 + static_cast<std::int64_t>(random_.below(kFaultsNs));
  std::int64_t goal = INT64_MAX;
  while (report_.story.empty()) {
    if (!is_healed_ && now_ >= faults) {
      heal();
      goal = most_height() + 2;
    }
    if (is_healed_ && least_height() >= goal) break;
    if (now_ > faults + kPatienceNs) {
      failed(0, fmt::format("no progress: the slowest honest node is at {} of {};{}",
                            least_height(), goal, where_they_stand()));
    }
    note_crashes();
    Due due = queue_.top();
    queue_.pop();
    now_ = due.time;
    ++report_.events;
    step(std::move(due));
  }
  report_.heights = least_height();
  for (const auto& node : nodes_) {
    Report own;
    own.counts = node->counts();
    report_.add(own);
    // No height is lost: all of them are there, one on the other.
    std::int64_t height = 0;
    for (const auto& [stored, block] : node->store()) {
      if (stored != ++height) failed(0, fmt::format("height {} is missing", height));
    }
  }
  return report_;
}

Report play(std::uint64_t seed) { return World(seed).run(); }

}  // namespace buri::consensus::sim
