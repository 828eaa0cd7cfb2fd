#include "node/consensus/host/consensus_reactor.hpp"

#include <array>

#include "base/hex.hpp"
#include "node/consensus/p2p/channels.hpp"

namespace buri::consensus::host {

using namespace engine;

namespace {

constexpr std::array kChannels{p2p::kStateChannel, p2p::kDataChannel, p2p::kVoteChannel,
                               p2p::kVoteSetBitsChannel};
/// Votes or parts of a peer that make it a good one, as stock counts.
constexpr std::size_t kUsefulOfGood = 10'000;

template <class... T>
bool is_one_of(const Message& message) {
  return (std::holds_alternative<T>(message) || ...);
}

std::uint8_t channel_of(const Message& message) {
  if (is_one_of<Proposal, ProposalPol, BlockPart, BlobPart>(message)) return p2p::kDataChannel;
  if (is_one_of<Vote>(message)) return p2p::kVoteChannel;
  if (is_one_of<VoteSetBits>(message)) return p2p::kVoteSetBitsChannel;
  return p2p::kStateChannel;
}

/// A chain's first height has no commit before it, every other one has.
bool fits_chain(const NewRoundStep& step, std::int64_t initial_height) {
  if (step.height < initial_height) return false;
  return step.height == initial_height ? step.last_commit_round == -1 : step.last_commit_round >= 0;
}

}  // namespace

ConsensusReactor::ConsensusReactor(const ReactorServices& services, const GossipOptions& options,
                                   Logger logger)
    : host_(services.host),
      network_(services.network),
      stored_(*services.stored),
      loop_(services.loop),
      random_(services.random),
      options_(options),
      logger_(std::move(logger)) {
  host_->attach(*this);
}

void ConsensusReactor::start() { pass_later(); }

std::span<const std::uint8_t> ConsensusReactor::channels() const { return kChannels; }

void ConsensusReactor::put(Arrival arrival) {
  const std::lock_guard lock(mutex_);
  inbox_.push_back(std::move(arrival));
  if (inbox_.size() == 1) loop_->post([this] { take_arrivals(); });
}

void ConsensusReactor::peer_added(const p2p::PeerSummary& peer) {
  put({Arrival::Kind::kAdded, peer.id, {}, {}});
}

void ConsensusReactor::peer_removed(const p2p::NodeId& id, std::string_view /*reason*/) {
  put({Arrival::Kind::kRemoved, id, {}, {}});
}

/// In the network's thread: decoding and the rules of a message by itself.
void ConsensusReactor::receive(const p2p::NodeId& from, p2p::IncomingMessage incoming) {
  auto message = decode_message(incoming.bytes);
  if (!message.ok()) return drop(from, codec::describe(message.error()));
  const auto basic = check_basic(*message);
  if (!basic.ok()) return drop(from, basic.error().field);
  if (channel_of(*message) != incoming.channel) return;  // as stock: passed over
  put({Arrival::Kind::kMessage, from, std::move(message).value(), std::move(incoming.hold)});
}

void ConsensusReactor::drop(const p2p::NodeId& id, std::string_view reason) {
  logger_.warning("peer dropped", {{"peer", ByteView(id)}, {"reason", reason}});
  network_->disconnect(id, p2p::Refusal::kUnwanted);
}

void ConsensusReactor::take_arrivals() {
  std::vector<Arrival> arrivals;
  {
    const std::lock_guard lock(mutex_);
    arrivals.swap(inbox_);
  }
  MessagesArrived batch;
  moved_.clear();
  for (Arrival& arrival : arrivals) {
    if (arrival.kind == Arrival::Kind::kAdded) {
      peers_[arrival.peer] = {};
      const Machine* machine = host_->machine();
      if (machine != nullptr) send(arrival.peer, machine->where());
    } else if (arrival.kind == Arrival::Kind::kRemoved) {
      peers_.erase(arrival.peer);
      const std::lock_guard lock(mutex_);
      heights_.erase(arrival.peer);
    } else if (const auto peer = peers_.find(arrival.peer); peer != peers_.end()) {
      take_message(peer->first, peer->second, std::move(arrival.message), batch.messages);
    }
  }
  if (!batch.messages.empty()) host_->receive(std::move(batch));
  for (const p2p::NodeId& id : moved_) {
    if (const auto peer = peers_.find(id); peer != peers_.end()) gossip(id, peer->second);
  }
}

void ConsensusReactor::take_message(const p2p::NodeId& from, Peer& peer, Message message,
                                    std::vector<MessageArrived>& batch) {
  PeerRound& round = peer.round;
  if (const auto* step = std::get_if<NewRoundStep>(&message)) {
    if (!fits_chain(*step, options_.initial_height)) {
      return drop(from, "a step whose last commit does not fit the height");
    }
    round.apply(*step);
    moved_.insert(from);
    const std::lock_guard lock(mutex_);
    heights_[from] = step->height;
  } else if (const auto* valid = std::get_if<NewValidBlock>(&message)) {
    round.apply(*valid);
    moved_.insert(from);
  } else if (const auto* has = std::get_if<HasVote>(&message)) {
    round.apply(*has);
  }
  const Machine* machine = host_->machine();
  if (machine == nullptr) return;
  const RoundState& own = machine->state();
  if (const auto* pol = std::get_if<ProposalPol>(&message)) {
    round.apply(*pol);
  } else if (const auto* bits = std::get_if<VoteSetBits>(&message)) {
    take_bits(peer, *bits);
  } else if (const auto* proposal = std::get_if<Proposal>(&message)) {
    round.has(*proposal);
  } else if (const auto* part = std::get_if<BlockPart>(&message)) {
    round.has(*part);
  } else if (const auto* vote = std::get_if<Vote>(&message)) {
    round.make_places(own.height, own.validators->size());
    if (own.last_commit) round.make_places(own.height - 1, own.last_commit->voters().size());
    round.has(*vote);
  }
  if (is_one_of<Proposal, BlockPart, Vote, VoteSetMaj23>(message)) {
    batch.push_back({std::move(message), to_hex(from)});
  }
}

std::optional<std::int64_t> ConsensusReactor::height_of(const p2p::NodeId& peer) const {
  const std::lock_guard lock(mutex_);
  const auto found = heights_.find(peer);
  if (found == heights_.end()) return std::nullopt;
  return found->second;
}

void ConsensusReactor::take_bits(Peer& peer, const VoteSetBits& bits) {
  const RoundState& own = host_->machine()->state();
  const VoteSet* votes =
      bits.height == own.height ? own.votes->find(bits.round, bits.type) : nullptr;
  peer.round.apply(bits, votes != nullptr ? votes->voters_for(bits.block_id) : nullptr);
}

void ConsensusReactor::announce(const Message& message) {
  network_->broadcast(channel_of(message), encode_message(message));
}

void ConsensusReactor::answer(const std::string& peer_id, const Message& message) {
  const auto id = p2p::parse_node_id(peer_id);
  if (id) send(*id, message);
}

void ConsensusReactor::erred(const std::string& peer_id, const std::string& reason, bool is_fatal) {
  const auto id = p2p::parse_node_id(peer_id);
  if (id && is_fatal) return drop(*id, reason);
  logger_.debug("peer erred", {{"peer", peer_id}, {"reason", reason}});
}

void ConsensusReactor::counted(const MessageArrived& arrived) {
  if (arrived.peer_id.empty()) {
    if (!std::exchange(is_hurried_, true)) {
      loop_->post([this] {
        is_hurried_ = false;
        pass();
      });
    }
    return;
  }
  const auto id = p2p::parse_node_id(arrived.peer_id);
  const auto peer = id ? peers_.find(*id) : peers_.end();
  if (peer == peers_.end() || !is_one_of<Vote, BlockPart>(arrived.message)) return;
  if (++peer->second.useful % kUsefulOfGood == 0) network_->mark_good(*id);
}

void ConsensusReactor::pass_later() {
  loop_->after(options_.period, [this] {
    if (is_stopped_) return;
    pass();
    since_claims_ += options_.period;
    if (since_claims_ >= options_.claims) {
      since_claims_ = {};
      for (const auto& [id, peer] : peers_) claim(id, peer);
    }
    pass_later();
  });
}

void ConsensusReactor::pass() {
  for (auto& [id, peer] : peers_) gossip(id, peer);
}

void ConsensusReactor::gossip(const p2p::NodeId& id, Peer& peer) {
  const Machine* machine = host_->machine();
  if (machine == nullptr) return;
  const RoundState& own = machine->state();
  for (std::size_t i = 0; i < options_.max_messages_per_pass; ++i) {
    if (!network_->can_send(id, p2p::kDataChannel)) break;
    const auto data = next_data(own, peer.round, stored_, *random_);
    if (!data || !send(id, *data)) break;
    peer.round.was_sent(*data);
  }
  for (std::size_t i = 0; i < options_.max_messages_per_pass; ++i) {
    if (!network_->can_send(id, p2p::kVoteChannel)) break;
    const auto vote = next_vote(own, peer.round, stored_, *random_);
    if (!vote || !send(id, *vote)) break;
    peer.round.was_sent(*vote);
  }
}

void ConsensusReactor::claim(const p2p::NodeId& id, const Peer& peer) {
  const Machine* machine = host_->machine();
  if (machine == nullptr) return;
  for (const VoteSetMaj23& one : majority_claims(machine->state(), peer.round, stored_)) {
    send(id, one);
  }
}

bool ConsensusReactor::send(const p2p::NodeId& to, const Message& message) {
  return network_->send(to, channel_of(message), encode_message(message));
}

void ConsensusReactor::for_each_peer(
    const std::function<void(const p2p::NodeId&, const PeerRound&)>& visit) const {
  for (const auto& [id, peer] : peers_) visit(id, peer.round);
}

}  // namespace buri::consensus::host
