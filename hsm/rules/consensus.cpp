#include "hsm/rules/consensus.hpp"

#include <compare>
#include <limits>
#include <tuple>

#include "hsm/rules/digest.hpp"
#include "hsm/rules/extensions.hpp"
#include "hsm/rules/limits.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {
namespace {

using wire::Purpose;
using wire::Rule;

/// What votes and proposals have in common.
struct Ballot {
  std::string_view name;  ///< "vote", for field paths
  Purpose purpose{};
  std::string_view chain_id;
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step{};
  const wire::BlockId& block_id;
  wire::Timestamp timestamp;

  [[nodiscard]] std::string field(std::string_view inner) const {
    return std::string(name) + "." + std::string(inner);
  }
};

std::string place(std::int64_t height, std::int32_t round, Step step) {
  return std::to_string(height) + "/" + std::to_string(round) + "/" +
         std::to_string(static_cast<unsigned>(step));
}

Status<wire::Refusal> check_form(const Ballot& ballot, const ConsensusPolicy& policy) {
  if (ballot.chain_id != policy.chain_id) {
    return refuse(Rule::kChain, ballot.field("chain_id"), policy.chain_id,
                  std::string(ballot.chain_id));
  }
  if (ballot.height < 1 || ballot.round < 0) {
    return refuse(Rule::kMalformed, ballot.field("height"), "a height from 1, a round from 0",
                  place(ballot.height, ballot.round, ballot.step));
  }
  const bool nil_is_fine = ballot.step != Step::kProposal;
  if (!ballot.block_id.is_complete() && !(nil_is_fine && ballot.block_id.is_nil())) {
    return refuse(Rule::kMalformed, ballot.field("block_id"), "both hashes and a part count",
                  "an incomplete block id");
  }
  return Unit{};
}

Status<wire::Refusal> check_clock(const Ballot& ballot, const Context& context,
                                  Approval& approval) {
  const std::int64_t now = static_cast<std::int64_t>(unix_seconds(context.now));
  const std::int64_t at = ballot.timestamp.seconds;
  // Both are clamped to what a 64-bit difference can hold.
  const std::uint64_t away = at < 0 ? std::numeric_limits<std::uint64_t>::max()
                                    : static_cast<std::uint64_t>(at > now ? at - now : now - at);
  if (away > context.policy.consensus.clock_refuse_s) {
    return refuse(Rule::kClock, ballot.field("timestamp"),
                  "within " + std::to_string(context.policy.consensus.clock_refuse_s) + " s of " +
                      std::to_string(now),
                  std::to_string(at));
  }
  if (away > context.policy.consensus.clock_warn_s) approval.alarms.push_back(Alarm::kClock);
  return Unit{};
}

std::strong_ordering order(const Ballot& ballot, const ConsensusRecord& record) {
  return std::tuple(ballot.height, ballot.round, ballot.step) <=>
         std::tuple(record.height, record.round, record.step);
}

/// A place above the last one: the record that signs it.
Status<wire::Refusal> advance(const Ballot& ballot, const Context& context, Bytes sign_bytes,
                              ConsensusRecord& record) {
  const ConsensusPolicy& policy = context.policy.consensus;
  const auto jump = static_cast<std::uint64_t>(ballot.height - record.height);
  if (jump > policy.max_height_jump) {
    return refuse(Rule::kHeightJump, ballot.field("height"),
                  "at most " + std::to_string(policy.max_height_jump) + " above " +
                      std::to_string(record.height),
                  std::to_string(ballot.height));
  }
  RETURN_IF_ERROR(count_in_minute(record.rate, policy.max_per_minute, context.now));
  if (ballot.height != record.height) record.plain_extensions.clear();
  if (ballot.height != record.height || ballot.round != record.round) {
    record.extensions.clear();
    record.prevoted.reset();
  }
  if (ballot.step == Step::kPrevote) record.prevoted = ballot.block_id.hash;
  record.height = ballot.height;
  record.round = ballot.round;
  record.step = ballot.step;
  record.timestamp = ballot.timestamp;
  record.sign_bytes = std::move(sign_bytes);
  record.signature.reset();
  return Unit{};
}

/// Judges the place of a ballot whose form is fine and adds its slot. `bytes_at` builds its sign
/// bytes for a timestamp.
template <class BytesAt>
Status<wire::Refusal> settle(const Ballot& ballot, const Context& context, const BytesAt& bytes_at,
                             ConsensusRecord& record, Approval& approval, bool& changed) {
  const std::strong_ordering ordering = order(ballot, record);
  if (ordering < 0 || (ordering == 0 && record.sign_bytes.empty())) {
    return refuse(Rule::kHeightRegression, ballot.field("height"),
                  "height/round/step above " + place(record.height, record.round, record.step),
                  place(ballot.height, ballot.round, ballot.step));
  }
  if (ordering > 0) {
    const bool elsewhere = ballot.step == Step::kPrecommit && ballot.block_id.hash &&
                           ballot.height == record.height && ballot.round == record.round &&
                           record.prevoted && *record.prevoted != *ballot.block_id.hash;
    if (elsewhere) approval.alarms.push_back(Alarm::kPrecommitElsewhere);
    RETURN_IF_ERROR(advance(ballot, context, bytes_at(ballot.timestamp), record));
    changed = true;
  } else if (bytes_at(record.timestamp) != record.sign_bytes) {
    return refuse(Rule::kEquivocation, ballot.field("block_id"),
                  "what was signed at " + place(record.height, record.round, record.step),
                  "other content");
  } else if (ballot.timestamp != record.timestamp) {
    approval.timestamp = record.timestamp;
  }
  approval.slots.push_back({ballot.purpose, keccak256(record.sign_bytes), record.signature});
  return Unit{};
}

}  // namespace

Decision decide_proposal(const Context& context, const ConsensusRecord& record,
                         const wire::SignProposal& request) {
  const Ballot ballot{"proposal",    Purpose::kProposal, request.chain_id, request.height,
                      request.round, Step::kProposal,    request.block_id, request.timestamp};
  RETURN_IF_ERROR(require_enabled(context.policy.consensus.proposals, "proposal"));
  RETURN_IF_ERROR(check_form(ballot, context.policy.consensus));
  if (request.pol_round < -1 || request.pol_round >= request.round) {
    return refuse(Rule::kMalformed, "proposal.pol_round", "-1 or a round before this one",
                  std::to_string(request.pol_round));
  }
  Approval approval;
  RETURN_IF_ERROR(check_clock(ballot, context, approval));
  ConsensusRecord next = record;
  bool changed = false;
  const auto bytes_at = [&request](wire::Timestamp timestamp) {
    wire::SignProposal same = request;
    same.timestamp = timestamp;
    return wire::proposal_sign_bytes(same);
  };
  RETURN_IF_ERROR(settle(ballot, context, bytes_at, next, approval, changed));
  if (changed) approval.record = std::move(next);
  return approval;
}

Decision decide_vote(const Context& context, const ConsensusRecord& record,
                     const wire::SignVote& request) {
  const bool precommit = request.type == wire::VoteType::kPrecommit;
  const Ballot ballot{"vote",           Purpose::kVote,
                      request.chain_id, request.height,
                      request.round,    precommit ? Step::kPrecommit : Step::kPrevote,
                      request.block_id, request.timestamp};
  RETURN_IF_ERROR(require_enabled(context.policy.consensus.votes, "vote"));
  RETURN_IF_ERROR(check_form(ballot, context.policy.consensus));
  if (request.validator_address != context.address) {
    return refuse(Rule::kIdentity, "vote.validator_address", "the address of the signing key",
                  "another one");
  }
  const bool extended = request.extension.has_value();
  if (extended != request.plain_extension.has_value() ||
      (extended && (!precommit || request.block_id.is_nil()))) {
    return refuse(Rule::kVoteExtension, "vote.extension",
                  "two extensions or none, none but for a precommit of a block", "otherwise");
  }
  Approval approval;
  RETURN_IF_ERROR(check_clock(ballot, context, approval));
  ConsensusRecord next = record;
  bool changed = false;
  const auto bytes_at = [&request](wire::Timestamp timestamp) {
    return wire::vote_sign_bytes(request.chain_id, request.type, request.height, request.round,
                                 request.block_id, timestamp);
  };
  RETURN_IF_ERROR(settle(ballot, context, bytes_at, next, approval, changed));
  if (extended) {
    const bool advanced = changed;
    RETURN_IF_ERROR(decide_extensions(context, request, next, approval, changed));
    if (changed && !advanced) {
      RETURN_IF_ERROR(
          count_in_minute(next.rate, context.policy.consensus.max_per_minute, context.now));
    }
  }
  if (changed) approval.record = std::move(next);
  return approval;
}

}  // namespace buri::hsm::rules
