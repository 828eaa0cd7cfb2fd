#include "tests/bench/node/crowd/crowd.hpp"

#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/sync/block_message.hpp"

namespace buri::bench {

using namespace consensus;
using engine::Vote;
using engine::VoteType;

namespace {

SaidMessage said(std::uint8_t channel, const engine::Message& message) {
  return {channel, engine::encode_message(message)};
}

/// The crowd is at the beginning of a height.
SaidMessage said_step(std::int64_t height) {
  return said(p2p::kStateChannel, engine::NewRoundStep{.height = height,
                                                       .round = 0,
                                                       .step = engine::Step::kNewHeight,
                                                       .seconds_since_start_time = 0,
                                                       .last_commit_round = height == 1 ? -1 : 0});
}

}  // namespace

std::size_t Crowd::votes_needed() const {
  const engine::ValidatorSet& validators = chain_->state().validators;
  const engine::Validator* node = validators.find(members_->node());
  CHECK(node != nullptr, "the node is a validator");
  const std::int64_t quorum = validators.total_voting_power() * 2 / 3 + 1;
  const std::int64_t missing = std::max<std::int64_t>(quorum - node->voting_power, 0);
  return static_cast<std::size_t>((missing + kMemberPower - 1) / kMemberPower);
}

Result<CrowdFigures, std::string> Crowd::run() {
  figures_.votes_needed = votes_needed();
  if (figures_.votes_needed == 0) {
    return Failure{std::string("the node decides alone: give it less than two thirds")};
  }
  while (measured_ < plan_.samples + plan_.warm_up) {
    RETURN_IF_ERROR(play_height());
    if (chain_->state().last_height == plan_.max_heights) break;
  }
  figures_.heights = chain_->state().last_height;
  return figures_;
}

Status<std::string> Crowd::play_height() {
  const std::int64_t height = chain_->next_height();
  RETURN_IF_ERROR(listen_until([&] { return place_.height >= height; }, "reach the height"));
  // A node that still synced when it was told before may not have listened.
  if (height == 1) RETURN_IF_ERROR(say({said_step(1)}));
  ASSIGN_OR_RETURN(const CrowdBlock block, block_of_height());
  ASSIGN_OR_RETURN(const app::Extensions extensions, chain_->extend(block));
  Vote prototype;
  prototype.height = height;
  prototype.block_id = block.id();
  const engine::ValidatorSet& validators = chain_->state().validators;
  RETURN_IF_ERROR(say_votes(members_->votes(prototype, validators)));
  prototype.type = VoteType::kPrecommit;
  prototype.extension = extensions.vote_extension;
  prototype.non_rp_extension = extensions.non_rp_extension;
  std::vector<Vote> precommits = members_->votes(prototype, validators);
  RETURN_IF_ERROR(
      listen_until([&] { return precommit_ && precommit_->height == height; }, "precommit"));
  if (precommit_->block_id != block.id()) {
    return Failure{"the node precommitted something else at height " + std::to_string(height)};
  }
  RETURN_IF_ERROR(listen_for(plan_.pause));
  const bool is_measured = chain_->following_proposer() == members_->node();
  ASSIGN_OR_RETURN(const MonotonicTime decided, decide(precommits));
  if (is_measured) RETURN_IF_ERROR(measure(decided));
  precommits.push_back(*precommit_);
  return chain_->decide(block, precommits);
}

/// The node's own, or one of the crowd's that the node is told of.
Result<CrowdBlock, std::string> Crowd::block_of_height() {
  if (chain_->proposer() != members_->node()) {
    ASSIGN_OR_RETURN(CrowdBlock block, chain_->propose());
    RETURN_IF_ERROR(say_block(block));
    return block;
  }
  const std::int64_t height = chain_->next_height();
  RETURN_IF_ERROR(
      listen_until([&] { return proposal_.height == height && parts_ && parts_->is_complete(); },
                   "propose a block"));
  return chain_->read(parts_);
}

Status<std::string> Crowd::say_block(const CrowdBlock& block) {
  engine::Proposal proposal;
  proposal.height = chain_->next_height();
  proposal.block_id = block.id();
  proposal.timestamp = wall_time();
  proposal.signature = members_->sign(
      chain_->proposer(),
      hsm::wire::proposal_sign_bytes({std::string(kCrowdChainId), proposal.height, proposal.round,
                                      proposal.pol_round, proposal.block_id, proposal.timestamp}));
  std::vector<SaidMessage> messages{said(p2p::kDataChannel, proposal)};
  for (std::size_t i = 0; i < block.parts->header().total; ++i) {
    messages.push_back(
        said(p2p::kDataChannel, engine::BlockPart{proposal.height, 0, *block.parts->part(i)}));
  }
  return say(messages);
}

Status<std::string> Crowd::say_votes(const std::vector<Vote>& votes) {
  std::vector<SaidMessage> messages;
  for (const Vote& vote : votes) messages.push_back(said(p2p::kVoteChannel, vote));
  return say(messages);
}

Status<std::string> Crowd::say(const std::vector<SaidMessage>& messages) {
  RETURN_IF_ERROR(link_->write(messages, messages.size()));
  return Unit{};
}

/// All precommits and the word that the crowd is at the next height, as one burst. When the vote
/// that makes two thirds was written.
Result<MonotonicTime, std::string> Crowd::decide(const std::vector<Vote>& precommits) {
  std::vector<SaidMessage> messages;
  for (const Vote& vote : precommits) messages.push_back(said(p2p::kVoteChannel, vote));
  messages.push_back(said_step(chain_->next_height() + 1));
  return link_->write(messages, figures_.votes_needed);
}

Status<std::string> Crowd::measure(MonotonicTime decided) {
  const std::int64_t next = chain_->next_height() + 1;
  RETURN_IF_ERROR(listen_until([&] { return proposal_.height == next; }, "propose the next block"));
  if (measured_++ < plan_.warm_up) return Unit{};
  const std::chrono::duration<double, std::milli> delay = proposal_at_ - decided;
  figures_.delays_ms.push_back(delay.count());
  return Unit{};
}

Status<std::string> Crowd::listen_until(const std::function<bool()>& condition,
                                        std::string_view what) {
  const MonotonicTime until = system_clock().monotonic() + plan_.patience;
  while (!condition()) {
    ASSIGN_OR_RETURN(auto heard, link_->hear(until));
    if (!heard) {
      return Failure{"the node did not " + std::string(what) + " at height " +
                     std::to_string(chain_->next_height()) + " in time"};
    }
    RETURN_IF_ERROR(take(*std::move(heard)));
  }
  return Unit{};
}

Status<std::string> Crowd::listen_for(std::chrono::milliseconds time) {
  const MonotonicTime until = system_clock().monotonic() + time;
  while (system_clock().monotonic() < until) {
    ASSIGN_OR_RETURN(auto heard, link_->hear(until));
    if (heard) RETURN_IF_ERROR(take(*std::move(heard)));
  }
  return Unit{};
}

Status<std::string> Crowd::take(HeardMessage heard) {
  if (heard.channel == p2p::kBlockSyncChannel) {
    const auto asked = sync::decode_block_message(heard.bytes);
    const bool is_status = asked.ok() && std::holds_alternative<sync::StatusRequest>(*asked);
    if (!is_status) return Unit{};
    return link_->write(p2p::kBlockSyncChannel, sync::encode_block_message(sync::StatusResponse{}));
  }
  const bool is_consensus = heard.channel == p2p::kStateChannel ||
                            heard.channel == p2p::kDataChannel ||
                            heard.channel == p2p::kVoteChannel;
  if (!is_consensus) return Unit{};
  const auto message = engine::decode_message(heard.bytes);
  if (!message.ok()) return Failure{std::string("the node sent something that does not decode")};
  return take(*message, heard.at);
}

Status<std::string> Crowd::take(const engine::Message& message, MonotonicTime at) {
  if (const auto* step = std::get_if<engine::NewRoundStep>(&message)) {
    place_ = *step;
    if (step->round == 0) return Unit{};
    return Failure{"the node went to round " + std::to_string(step->round) + " of height " +
                   std::to_string(step->height)};
  }
  if (const auto* proposal = std::get_if<engine::Proposal>(&message)) {
    if (proposal->height <= proposal_.height) return Unit{};
    proposal_ = *proposal;
    proposal_at_ = at;
    parts_ = std::make_shared<engine::PartSet>(proposal->block_id.parts);
  } else if (const auto* part = std::get_if<engine::BlockPart>(&message)) {
    if (part->height != proposal_.height || !parts_) return Unit{};
    if (!parts_->add(part->part).ok()) return Failure{std::string("a part of no block")};
  } else if (const auto* vote = std::get_if<Vote>(&message)) {
    const bool is_precommit =
        vote->type == VoteType::kPrecommit && vote->validator_address == members_->node();
    if (is_precommit) precommit_ = *vote;
  }
  return Unit{};
}

}  // namespace buri::bench
