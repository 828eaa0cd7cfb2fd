#include <algorithm>
#include <map>

#include "node/consensus/modules/gov/keeper.hpp"
#include "node/consensus/modules/gov/keys.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/decimal.hpp"

/// What happens to proposals at the end of a block (spec/heimdall.md 2a). What is written here is
/// hashed, the text of a failure's reason included.

namespace buri::consensus::modules::gov {
namespace {

using runtime::Context;
using runtime::Decimal;
using runtime::Error;
using runtime::EventLog;
using runtime::Integer;
using runtime::Outcome;

/// The ids that a queue holds up to and with `now`, in its order.
Outcome<std::vector<std::uint64_t>> due(const Context& context, std::uint8_t queue) {
  store::KeyRange range = store::prefix_range(Key(queue));
  // The first key that is later than every id of this moment.
  Key end = Key(queue).time(context.block().time);
  for (int i = 0; i < 9; ++i) end.byte(0xFF);
  range.end = end.bytes();
  std::vector<std::uint64_t> ids;
  ASSIGN_OR_RETURN(auto entries, store_of(context).iterate(range));
  while (entries.valid()) {
    ASSIGN_OR_RETURN(const std::uint64_t id, runtime::read_number(entries.value()));
    ids.push_back(id);
    RETURN_IF_ERROR(entries.next());
  }
  return ids;
}

/// Power by option; options that the stored votes cannot hold do not occur.
struct Count {
  std::array<Integer, 5> by_option{};
  Integer voted;
  Integer electorate;

  [[nodiscard]] const Integer& of(VoteOption option) const {
    return by_option[static_cast<std::size_t>(option)];
  }
  [[nodiscard]] TallyResult result() const {
    return {of(VoteOption::kYes).to_text(), of(VoteOption::kAbstain).to_text(),
            of(VoteOption::kNo).to_text(), of(VoteOption::kNoWithVeto).to_text()};
  }
};

Integer plus(const Integer& a, std::int64_t power) {
  return add(a, Integer(static_cast<std::uint64_t>(power))).value();
}

/// Counts the votes of current members; the last vote of a voter is the only one stored.
Outcome<Count> count_votes(const std::vector<Elector>& electors, const std::vector<Vote>& votes) {
  std::map<Address, VoteOption> choices;
  for (const Vote& vote : votes) {
    ASSIGN_OR_RETURN(const Address voter, runtime::parse_address(vote.voter));
    if (!vote.options.empty()) choices[voter] = vote.options.front().option;
  }
  Count count;
  for (const Elector& elector : electors) {
    count.electorate = plus(count.electorate, elector.power);
    const auto choice = choices.find(elector.address);
    const auto option =
        choice == choices.end() ? std::size_t{5} : static_cast<std::size_t>(choice->second);
    if (option >= count.by_option.size()) continue;
    count.by_option[option] = plus(count.by_option[option], elector.power);
    count.voted = plus(count.voted, elector.power);
  }
  return count;
}

/// a / b as the SDK's decimals divide.
Outcome<Decimal> ratio(const Integer& a, const Integer& b) {
  ASSIGN_OR_RETURN(const Decimal dividend, Decimal::from_integer(a));
  ASSIGN_OR_RETURN(const Decimal divisor, Decimal::from_integer(b));
  return divide(dividend, divisor);
}

/// A stored threshold; text that is no decimal counts as zero, as in the stock daemon.
Decimal threshold_of(const std::string& text) {
  const auto value = Decimal::from_text(text);
  return value.ok() ? *value : Decimal{};
}

/// Whether the count reaches quorum and thresholds.
Outcome<bool> passes(const Count& count, const Params& params, bool is_expedited) {
  if (count.voted.is_zero()) return false;
  ASSIGN_OR_RETURN(const Decimal turnout, ratio(count.voted, count.electorate));
  if (turnout < threshold_of(params.quorum)) return false;
  const Integer decided = subtract(count.voted, count.of(VoteOption::kAbstain)).value();
  if (decided.is_zero()) return false;
  ASSIGN_OR_RETURN(const Decimal veto, ratio(count.of(VoteOption::kNoWithVeto), count.voted));
  if (veto > threshold_of(params.veto_threshold)) return false;
  ASSIGN_OR_RETURN(const Decimal yes, ratio(count.of(VoteOption::kYes), decided));
  return yes > threshold_of(is_expedited ? params.expedited_threshold : params.threshold);
}

}  // namespace

/// The end of one block.
class EndBlock {
 public:
  EndBlock(const Keeper& keeper, const Context& context) : keeper_(keeper), context_(context) {}

  Status<Error> run() {
    ASSIGN_OR_RETURN(const auto dead, due(context_, 0x02));
    for (const std::uint64_t id : dead) RETURN_IF_ERROR(drop(id));
    ASSIGN_OR_RETURN(const auto ended, due(context_, 0x01));
    for (const std::uint64_t id : ended) RETURN_IF_ERROR(conclude(id));
    return Unit{};
  }

 private:
  /// A proposal that did not collect its deposit in time.
  Status<Error> drop(std::uint64_t id) {
    RETURN_IF_ERROR(keeper_.distribute_deposits(context_, id));
    RETURN_IF_ERROR(keeper_.remove_proposal(context_, id));
    context_.emit({"inactive_proposal",
                   {{"proposal_id", std::to_string(id)}, {"proposal_result", "proposal_dropped"}}});
    return Unit{};
  }

  /// A proposal whose voting period is over.
  Status<Error> conclude(std::uint64_t id) {
    ASSIGN_OR_RETURN(Proposal proposal, keeper_.proposal(context_, id));
    ASSIGN_OR_RETURN(const auto electors, keeper_.electorate_(context_));
    ASSIGN_OR_RETURN(const auto votes, read_all<Vote>(context_, Key(0x20).number(id)));
    ASSIGN_OR_RETURN(const Count count, count_votes(electors, votes));
    RETURN_IF_ERROR(keeper_.remove_votes(context_, id));
    ASSIGN_OR_RETURN(const Params params, keeper_.params(context_));
    ASSIGN_OR_RETURN(const bool passed, passes(count, params, proposal.expedited));
    RETURN_IF_ERROR(settle_deposits(proposal, passed));
    if (!proposal.voting_end_time) {
      return Failure{runtime::fatal("a proposal in voting has no end")};
    }
    RETURN_IF_ERROR(store_of(context_).remove(active_key(*proposal.voting_end_time, id)));
    ASSIGN_OR_RETURN(const Verdict verdict, decide(proposal, passed, params));
    proposal.final_tally_result = count.result();
    RETURN_IF_ERROR(keeper_.set_proposal(context_, proposal));
    context_.emit({"active_proposal",
                   {{"proposal_id", std::to_string(id)},
                    {"proposal_result", verdict.result},
                    {"proposal_log", verdict.log}}});
    return Unit{};
  }

  Status<Error> settle_deposits(const Proposal& proposal, bool passed) {
    if (passed) return keeper_.refund_deposits(context_, proposal.id);
    // A failed expedited proposal goes on as a regular one; before Phuket it lost its deposits.
    const bool goes_on = proposal.expedited;
    if (goes_on && context_.forks().is_phuket(context_.height())) return Unit{};
    return keeper_.distribute_deposits(context_, proposal.id);
  }

  struct Verdict {
    std::string result;
    std::string log;
  };

  Outcome<Verdict> decide(Proposal& proposal, bool passed, const Params& params) {
    if (passed) return execute(proposal);
    if (!proposal.expedited) {
      proposal.status = ProposalStatus::kRejected;
      proposal.failed_reason = "proposal did not get enough votes to pass";
      return Verdict{"proposal_rejected", "rejected"};
    }
    proposal.expedited = false;
    if (!proposal.voting_start_time || !params.voting_period) {
      return Failure{runtime::nil_panic()};
    }
    proposal.voting_end_time = add(*proposal.voting_start_time, *params.voting_period);
    RETURN_IF_ERROR(store_of(context_).set(active_key(*proposal.voting_end_time, proposal.id),
                                           runtime::number_value(proposal.id)));
    return Verdict{"expedited_proposal_rejected", "expedited proposal converted to regular"};
  }

  static Timestamp add(const Timestamp& time, const Duration& duration) {
    const std::int64_t nanos = std::int64_t{time.nanos} + duration.nanos;
    const std::int64_t carry = nanos < 0 ? -1 : nanos / 1'000'000'000;
    return {time.seconds + duration.seconds + carry,
            static_cast<std::int32_t>(nanos - carry * 1'000'000'000)};
  }

  /// Runs the messages of a proposal that passed: all of them or none.
  Outcome<Verdict> execute(Proposal& proposal) {
    store::Branch branch(context_.branch());
    EventLog events;
    std::size_t index = 0;
    auto status = Status<Error>(Unit{});
    for (; index < proposal.messages.size(); ++index) {
      status =
          execute_one(context_.with_branch(branch).with_events(events), proposal.messages[index]);
      if (!status.ok()) break;
    }
    if (status.ok()) {
      branch.write();
      for (runtime::Event& event : events) context_.emit(std::move(event));
      proposal.status = ProposalStatus::kPassed;
      return Verdict{"proposal_passed", "passed"};
    }
    Error error = std::move(status).error();
    if (error.kind == Error::Kind::kFatal) return Failure{std::move(error)};
    proposal.status = ProposalStatus::kFailed;
    proposal.failed_reason = error.log;
    return Verdict{"proposal_failed", "passed, but msg " + std::to_string(index) + " (" +
                                          proposal.messages[index].type_url +
                                          ") failed on execution: " + error.log};
  }

  Status<Error> execute_one(const Context& context, const Any& any) {
    auto message = keeper_.registry_->decode(any);
    if (!message.ok()) return Failure{runtime::fatal("a stored message does not decode")};
    const runtime::MessageType& type = (*message)->type();
    if (type.validate_basic) RETURN_IF_ERROR(type.validate_basic(**message));
    auto handled = type.handle(context, **message);
    if (handled.ok()) return Unit{};
    Error error = std::move(handled).error();
    if (error.kind == Error::Kind::kPanic) {
      std::string text;
      type.codec.compact_text(text, any.value);
      error.log = "handling x/gov proposal msg [" + text + "] PANICKED: " + error.log;
    }
    return Failure{std::move(error)};
  }

  const Keeper& keeper_;
  const Context& context_;
};

Status<Error> Keeper::end_block(const Context& context) const {
  return EndBlock(*this, context).run();
}

}  // namespace buri::consensus::modules::gov
