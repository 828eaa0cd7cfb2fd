#include "node/consensus/api/round_state_json.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "node/consensus/api/value_json.hpp"

namespace buri::consensus::api {
namespace {

using engine::VoteSet;
using engine::VoteType;

/// The first six bytes, zeros behind fewer.
std::string fingerprint(ByteView bytes) {
  constexpr std::size_t kBytes = 6;
  Bytes first(bytes.begin(),
              bytes.begin() + static_cast<std::ptrdiff_t>(std::min(bytes.size(), kBytes)));
  first.resize(kBytes);
  return to_upper_hex(first);
}

std::string bits_text(const engine::BitArray& bits) {
  std::string text;
  for (std::size_t index = 0; index < bits.size(); ++index) text += bits.get(index) ? 'x' : '_';
  return text;
}

/// "BA{2:x_} 1000/1050 = 0.95"
std::string voters_text(const VoteSet& votes) {
  const auto members = votes.validators().validators();
  std::int64_t power = 0;
  for (std::size_t index = 0; index < members.size(); ++index) {
    if (votes.voters().get(index)) power += members[index].voting_power;
  }
  const std::int64_t total = votes.validators().total_voting_power();
  return fmt::format("BA{{{}:{}}} {}/{} = {:.2f}", members.size(), bits_text(votes.voters()), power,
                     total, static_cast<double>(power) / static_cast<double>(total));
}

void write_vote_texts(JsonWriter& out, const VoteSet& votes) {
  out.begin_array();
  for (std::size_t index = 0; index < votes.validators().size(); ++index) {
    const engine::Vote* vote = votes.vote(index);
    out.text(vote == nullptr ? "nil-Vote" : vote_text(*vote));
  }
  out.end_array();
}

void write_votes_of(JsonWriter& out, std::string_view name, const VoteSet* votes) {
  out.key(name);
  if (votes == nullptr) {
    out.begin_array().end_array();
  } else {
    write_vote_texts(out, *votes);
  }
  out.key(std::string(name) + "_bit_array")
      .text(votes == nullptr ? "nil-BitArray" : voters_text(*votes));
}

void write_height_votes(JsonWriter& out, const engine::RoundState& state) {
  out.begin_array();
  for (std::int32_t round = 0; state.votes && round <= state.votes->round(); ++round) {
    out.begin_object().key("round").number(round);
    write_votes_of(out, "prevotes", state.votes->find(round, VoteType::kPrevote));
    write_votes_of(out, "precommits", state.votes->find(round, VoteType::kPrecommit));
    out.end_object();
  }
  out.end_array();
}

void write_block_or_null(JsonWriter& out, const engine::ProposedBlockPtr& block) {
  if (block) {
    write_block(out, block->block);
  } else {
    out.null();
  }
}

void write_parts_or_null(JsonWriter& out, const engine::PartSet* parts) {
  if (parts == nullptr) {
    out.null();
    return;
  }
  out.begin_object();
  out.key("count/total")
      .text(std::to_string(parts->present().count()) + "/" + std::to_string(parts->header().total));
  out.key("parts_bit_array").text(bits_text(parts->present())).end_object();
}

void write_set_or_null(JsonWriter& out, const engine::ValidatorSet* set) {
  if (set == nullptr) {
    out.null();
    return;
  }
  out.begin_object().key("validators").begin_array();
  for (const auto& validator : set->validators()) write_validator(out, validator);
  out.end_array();
  write_validator(out.key("proposer"), set->proposer());
  out.end_object();
}

void write_last_commit(JsonWriter& out, const std::optional<VoteSet>& votes) {
  if (!votes) {
    out.null();
    return;
  }
  out.begin_object();
  write_vote_texts(out.key("votes"), *votes);
  out.key("votes_bit_array").text(voters_text(*votes));
  out.key("peer_maj_23s").begin_object().end_object().end_object();
}

ByteView hash_of(const engine::ProposedBlockPtr& block) {
  return block ? ByteView(block->hash) : ByteView();
}

void write_held(JsonWriter& out, std::string_view name, const engine::HeldBlock& held) {
  const std::string prefix(name);
  out.key(prefix + "_round").number(held.round);
  write_block_or_null(out.key(prefix + "_block"), held.block);
  write_parts_or_null(out.key(prefix + "_block_parts"), held.parts.get());
}

}  // namespace

std::string_view step_text(engine::Step step) {
  constexpr std::string_view kNames[] = {
      "RoundStepUnknown",   "RoundStepNewHeight",     "RoundStepNewRound",
      "RoundStepPropose",   "RoundStepPrevote",       "RoundStepPrevoteWait",
      "RoundStepPrecommit", "RoundStepPrecommitWait", "RoundStepCommit"};
  return kNames[static_cast<std::size_t>(step)];
}

std::string vote_text(const engine::Vote& vote) {
  const bool is_prevote = vote.type == VoteType::kPrevote;
  const ByteView hash = vote.block_id.hash ? ByteView(*vote.block_id.hash) : ByteView();
  return fmt::format("Vote{{{}:{} {}/{:02}/{}({}) {} {} {} {} @ {}}}", vote.validator_index,
                     fingerprint(vote.validator_address), vote.height, vote.round,
                     is_prevote ? "SIGNED_MSG_TYPE_PREVOTE" : "SIGNED_MSG_TYPE_PRECOMMIT",
                     is_prevote ? "Prevote" : "Precommit", fingerprint(hash),
                     fingerprint(vote.signature), fingerprint(vote.extension),
                     fingerprint(vote.non_rp_extension), go_time_text(vote.timestamp));
}

void write_proposer(JsonWriter& out, const engine::RoundState& state) {
  const Address& address = state.proposer().address;
  std::int64_t index = -1;
  const auto members = state.validators->validators();
  for (std::size_t at = 0; at < members.size(); ++at) {
    if (members[at].address == address) index = static_cast<std::int64_t>(at);
  }
  out.begin_object().key("address").upper_hex(address).key("index").number(index).end_object();
}

void write_round_state_summary(JsonWriter& out, const engine::RoundState& state) {
  out.begin_object();
  out.key("height/round/step")
      .text(fmt::format("{}/{}/{}", state.height, state.round, static_cast<int>(state.step)));
  out.key("start_time").time(state.start_time);
  out.key("proposal_block_hash").upper_hex(hash_of(state.proposal_block));
  out.key("locked_block_hash").upper_hex(hash_of(state.locked.block));
  out.key("valid_block_hash").upper_hex(hash_of(state.valid.block));
  write_height_votes(out.key("height_vote_set"), state);
  if (state.rotation) write_proposer(out.key("proposer"), state);
  out.end_object();
}

void write_round_state(JsonWriter& out, const engine::RoundState& state) {
  out.begin_object();
  out.key("height").integer(state.height);
  out.key("round").number(state.round);
  out.key("step").number(static_cast<std::int64_t>(state.step));
  out.key("start_time").time(state.start_time);
  out.key("commit_time").time(state.commit_time.value_or(engine::kZeroTime));
  write_set_or_null(out.key("validators"), state.rotation ? &*state.rotation : nullptr);
  out.key("proposal");
  if (state.proposal) {
    write_proposal(out, *state.proposal);
  } else {
    out.null();
  }
  write_block_or_null(out.key("proposal_block"), state.proposal_block);
  write_parts_or_null(out.key("proposal_block_parts"), state.proposal_parts.get());
  write_held(out, "locked", state.locked);
  write_held(out, "valid", state.valid);
  write_height_votes(out.key("votes"), state);
  out.key("commit_round").number(state.commit_round);
  write_last_commit(out.key("last_commit"), state.last_commit);
  write_set_or_null(out.key("last_validators"), state.last_validators.get());
  out.key("triggered_timeout_precommit").boolean(state.has_precommit_timeout);
  out.end_object();
}

}  // namespace buri::consensus::api
