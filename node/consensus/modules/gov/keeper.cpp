#include "node/consensus/modules/gov/keeper.hpp"

#include <algorithm>

#include "node/consensus/modules/gov/keys.hpp"
#include "node/consensus/modules/gov/message_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/decimal.hpp"
#include "node/consensus/runtime/typed_store.hpp"

namespace buri::consensus::modules::gov {
namespace {

using runtime::Context;
using runtime::Decimal;
using runtime::Error;
using runtime::make_error;
using runtime::Outcome;
using runtime::plain_error;
using runtime::to_text;

constexpr std::size_t kMaxMetadataBytes = 255;
constexpr std::size_t kMaxSummaryBytes = 40 * kMaxMetadataBytes;

/// What a proposal may ask for.
constexpr std::array<std::string_view, 9> kAllowedMessages{
    "/cosmos.gov.v1.MsgExecLegacyContent",  "/cosmos.gov.v1.MsgUpdateParams",
    "/cosmos.auth.v1beta1.MsgUpdateParams", "/cosmos.bank.v1beta1.MsgUpdateParams",
    "/cosmos.consensus.v1.MsgUpdateParams", "/heimdallv2.chainmanager.MsgUpdateParams",
    "/heimdallv2.bor.MsgUpdateParams",      "/heimdallv2.checkpoint.MsgUpdateParams",
    "/heimdallv2.milestone.MsgUpdateParams"};
constexpr std::array<std::string_view, 3> kAllowedContents{
    "/cosmos.gov.v1beta1.TextProposal", "/cosmos.params.v1beta1.ParameterChangeProposal",
    "/cosmos.params.v1beta1.ParamChange"};

/// A moment and a span, as Go's time.Add.
Timestamp plus(const Timestamp& time, const Duration& duration) {
  constexpr std::int32_t kNanosPerSecond = 1'000'000'000;
  Timestamp sum{time.seconds + duration.seconds, time.nanos + duration.nanos};
  if (sum.nanos >= kNanosPerSecond) {
    sum.nanos -= kNanosPerSecond;
    ++sum.seconds;
  } else if (sum.nanos < 0) {
    sum.nanos += kNanosPerSecond;
    --sum.seconds;
  }
  return sum;
}

Outcome<Duration> needed(const std::optional<Duration>& duration) {
  if (!duration) return Failure{runtime::nil_panic()};
  return *duration;
}

const Coins& min_deposit_of(const Params& params, bool is_expedited) {
  return is_expedited ? params.expedited_min_deposit : params.min_deposit;
}

Status<Error> check_lengths(const ProposalDraft& draft) {
  const auto too_long = [](std::string_view what, std::uint32_t code, std::size_t size) {
    return Failure{make_error(kCodespace, code, std::string(what) + " too long",
                              "got " + std::string(what) + " with length " + std::to_string(size))};
  };
  if (draft.metadata.size() > kMaxMetadataBytes) {
    return too_long("metadata", 15, draft.metadata.size());
  }
  if (draft.summary.size() > kMaxSummaryBytes) return too_long("summary", 22, draft.summary.size());
  if (draft.title.size() > kMaxMetadataBytes) return too_long("metadata", 15, draft.title.size());
  return Unit{};
}

/// A deposit must reach a share of the minimum in at least one denomination.
Status<Error> check_deposit_share(const Params& params, const Coins& minimum, const Coins& amount) {
  ASSIGN_OR_RETURN(const Decimal ratio, Decimal::from_text(params.min_deposit_ratio));
  RETURN_IF_ERROR(check_deposit_denoms(params, amount));
  if (ratio.is_zero()) return Unit{};
  std::string thresholds;
  for (const runtime::Coin& coin : minimum) {
    ASSIGN_OR_RETURN(const Decimal whole, Decimal::from_integer(coin.amount));
    ASSIGN_OR_RETURN(const Decimal share, multiply(whole, ratio));
    const runtime::Integer threshold = share.truncated();
    thresholds += (thresholds.empty() ? "" : ",") + threshold.to_text() + coin.denom;
    const auto given = std::ranges::find(amount, coin.denom, &runtime::Coin::denom);
    if (given != amount.end() && given->amount >= threshold) return Unit{};
  }
  return Failure{make_error(
      kCodespace, 16, "minimum deposit is too small",
      "received " + to_text(amount) + " but need at least one of the following: " + thresholds)};
}

}  // namespace

Outcome<Params> Keeper::params(const Context& context) const {
  ASSIGN_OR_RETURN(auto params, runtime::read_message<Params>(store_of(context), params_key()));
  if (!params) return Failure{plain_error("collections: not found: governance parameters")};
  return *std::move(params);
}

Status<Error> Keeper::set_params(const Context& context, const Params& params) const {
  return runtime::write_message(store_of(context), params_key(), params);
}

Outcome<Proposal> Keeper::proposal(const Context& context, std::uint64_t id) const {
  ASSIGN_OR_RETURN(auto found,
                   runtime::read_message<Proposal>(store_of(context), proposal_key(id)));
  if (!found) {
    return Failure{plain_error("collections: not found: key '" + std::to_string(id) +
                               "' of type cosmos.gov.v1.Proposal")};
  }
  return *std::move(found);
}

Status<Error> Keeper::set_proposal(const Context& context, const Proposal& proposal) const {
  const auto store = store_of(context);
  const Key marker = voting_marker_key(proposal.id);
  if (proposal.status == ProposalStatus::kVotingPeriod) {
    RETURN_IF_ERROR(store.set(marker, Bytes{1}));
  } else {
    RETURN_IF_ERROR(store.remove(marker));
  }
  return runtime::write_message(store, proposal_key(proposal.id), proposal);
}

Status<Error> Keeper::remove_proposal(const Context& context, std::uint64_t id) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const Proposal found, proposal(context, id));
  if (found.deposit_end_time) {
    RETURN_IF_ERROR(store.remove(inactive_key(*found.deposit_end_time, id)));
  }
  if (found.voting_end_time) {
    RETURN_IF_ERROR(store.remove(active_key(*found.voting_end_time, id)));
    RETURN_IF_ERROR(store.remove(voting_marker_key(id)));
  }
  return store.remove(proposal_key(id));
}

Status<Error> Keeper::check_message(const Context& context, const Any& any) const {
  if (std::ranges::find(kAllowedMessages, any.type_url) == kAllowedMessages.end()) {
    return Failure{make_error(kCodespace, 26, "invalid proposal message type",
                              "type not supported: " + any.type_url)};
  }
  auto message = registry_->decode(any);
  if (!message.ok()) return Failure{runtime::fatal("a proposed message does not decode")};
  const runtime::MessageType& type = (*message)->type();
  if (type.validate_basic) {
    auto valid = type.validate_basic(**message);
    if (!valid.ok()) {
      return Failure{make_error(kCodespace, 12, "invalid proposal message", valid.error().log)};
    }
  }
  const auto signers = type.signers(**message);
  ASSIGN_OR_RETURN(const Address signer, runtime::parse_address(signers.at(0)));
  ASSIGN_OR_RETURN(const auth::Account gov, accounts_.module_account(context, auth::kGovModule));
  if (signer != gov.address) {
    return Failure{make_error(kCodespace, 13,
                              "expected gov account as only signer for proposal message",
                              to_text(signer))};
  }
  const auto* legacy = runtime::message_cast<MsgExecLegacyContent>(**message);
  if (legacy == nullptr) return Unit{};
  if (!legacy->content) return Failure{runtime::nil_panic()};
  const std::string& content = legacy->content->type_url;
  if (std::ranges::find(kAllowedContents, content) == kAllowedContents.end()) {
    return Failure{make_error(kCodespace, 27, "invalid proposal content type",
                              "type not supported: " + content)};
  }
  // Contents are tried out; what they write is dropped, their gas stays.
  store::Branch trial(context.branch());
  runtime::EventLog events;
  auto tried = type.handle(context.with_branch(trial).with_events(events), **message);
  if (tried.ok()) return Unit{};
  Error error = std::move(tried).error();
  if (error.is_panic() || error.is(kCodespace, 9)) return Failure{std::move(error)};
  return Failure{make_error(kCodespace, 5, "invalid proposal content", error.log)};
}

Outcome<Proposal> Keeper::submit(const Context& context, const ProposalDraft& draft) const {
  RETURN_IF_ERROR(check_lengths(draft));
  std::string type_urls;
  std::vector<Any> messages;
  for (const Any& any : draft.messages) {
    type_urls += "," + any.type_url;
    RETURN_IF_ERROR(check_message(context, any));
    auto canonical = registry_->codec_of(any.type_url)->canonical(any.value);
    if (!canonical.ok()) return Failure{runtime::fatal("a proposed message does not encode")};
    messages.push_back({any.type_url, std::move(canonical).value()});
  }
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const auto next, runtime::read_counter(store, next_id_key()));
  const std::uint64_t id = next.value_or(0);
  RETURN_IF_ERROR(runtime::write_counter(store, next_id_key(), id + 1));
  ASSIGN_OR_RETURN(const Params limits, params(context));
  ASSIGN_OR_RETURN(const Duration deposit_period, needed(limits.max_deposit_period));
  const Timestamp now = context.block().time;
  Proposal made{.id = id,
                .messages = std::move(messages),
                .status = ProposalStatus::kDepositPeriod,
                .final_tally_result = TallyResult{},
                .submit_time = now,
                .deposit_end_time = plus(now, deposit_period),
                .metadata = draft.metadata,
                .title = draft.title,
                .summary = draft.summary,
                .proposer = to_text(draft.proposer),
                .expedited = draft.expedited};
  RETURN_IF_ERROR(set_proposal(context, made));
  RETURN_IF_ERROR(store.set(inactive_key(*made.deposit_end_time, id), runtime::number_value(id)));
  context.emit({"submit_proposal",
                {{"proposal_id", std::to_string(id)},
                 {"proposal_proposer", made.proposer},
                 {"proposal_messages", type_urls}}});
  return made;
}

Status<Error> Keeper::activate(const Context& context, Proposal proposal) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const Params limits, params(context));
  ASSIGN_OR_RETURN(const Duration period, needed(proposal.expedited ? limits.expedited_voting_period
                                                                    : limits.voting_period));
  proposal.voting_start_time = context.block().time;
  proposal.voting_end_time = plus(context.block().time, period);
  proposal.status = ProposalStatus::kVotingPeriod;
  RETURN_IF_ERROR(set_proposal(context, proposal));
  RETURN_IF_ERROR(store.remove(inactive_key(*proposal.deposit_end_time, proposal.id)));
  return store.set(active_key(*proposal.voting_end_time, proposal.id),
                   runtime::number_value(proposal.id));
}

Outcome<bool> Keeper::deposit(const Context& context, std::uint64_t id, const Address& depositor,
                              const Coins& amount) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(Proposal target, proposal(context, id));
  if (target.status != ProposalStatus::kDepositPeriod &&
      target.status != ProposalStatus::kVotingPeriod) {
    return Failure{make_error(kCodespace, 3, "inactive proposal", std::to_string(id))};
  }
  ASSIGN_OR_RETURN(const Params limits, params(context));
  const Coins& minimum = min_deposit_of(limits, target.expedited);
  RETURN_IF_ERROR(check_deposit_share(limits, minimum, amount));
  RETURN_IF_ERROR(bank_.send_to_module(context, depositor, auth::kGovModule, amount));
  ASSIGN_OR_RETURN(target.total_deposit, runtime::add_coins(target.total_deposit, amount));
  RETURN_IF_ERROR(set_proposal(context, target));
  const bool starts_voting = target.status == ProposalStatus::kDepositPeriod &&
                             runtime::covers(target.total_deposit, minimum);
  if (starts_voting) RETURN_IF_ERROR(activate(context, target));
  ASSIGN_OR_RETURN(auto own, runtime::read_message<Deposit>(store, deposit_key(id, depositor)));
  if (!own) own = Deposit{.proposal_id = id, .depositor = to_text(depositor)};
  ASSIGN_OR_RETURN(own->amount, runtime::add_coins(own->amount, amount));
  context.emit({"proposal_deposit",
                {{"depositor", to_text(depositor)},
                 {"amount", to_text(amount)},
                 {"proposal_id", std::to_string(id)}}});
  RETURN_IF_ERROR(insert_deposit(context, *own));
  return starts_voting;
}

Status<Error> Keeper::vote(const Context& context, std::uint64_t id, const Address& voter,
                           VoteOption option, std::string_view metadata) const {
  const auto store = store_of(context);
  ASSIGN_OR_RETURN(const bool is_voting, store.has(voting_marker_key(id)));
  if (!is_voting) {
    return Failure{make_error(kCodespace, 3, "inactive proposal", std::to_string(id))};
  }
  if (metadata.size() > kMaxMetadataBytes) {
    return Failure{make_error(kCodespace, 15, "metadata too long",
                              "got metadata with length " + std::to_string(metadata.size()))};
  }
  constexpr std::string_view kWhole = "1.000000000000000000";
  RETURN_IF_ERROR(insert_vote(context, Vote{.proposal_id = id,
                                            .voter = to_text(voter),
                                            .options = {{option, std::string(kWhole)}},
                                            .metadata = std::string(metadata)}));
  context.emit({"proposal_vote",
                {{"voter", to_text(voter)},
                 {"option", "[{\"option\":" + std::to_string(static_cast<int>(option)) +
                                ",\"weight\":\"" + std::string(kWhole) + "\"}]"},
                 {"proposal_id", std::to_string(id)}}});
  return Unit{};
}

Status<Error> Keeper::cancel(const Context& context, std::uint64_t id,
                             std::string_view proposer) const {
  ASSIGN_OR_RETURN(const Proposal target, proposal(context, id));
  if (target.proposer.empty()) {
    return Failure{make_error(kCodespace, 21, "invalid proposal",
                              "proposal " + std::to_string(id) + " doesn't have proposer")};
  }
  if (target.proposer != proposer) {
    return Failure{make_error(kCodespace, 18, "invalid proposer",
                              "invalid proposer " + std::string(proposer))};
  }
  if (target.status != ProposalStatus::kDepositPeriod &&
      target.status != ProposalStatus::kVotingPeriod) {
    return Failure{make_error(kCodespace, 21, "invalid proposal",
                              "proposal should be in the deposit or voting period")};
  }
  if (target.voting_end_time && *target.voting_end_time < context.block().time) {
    return Failure{
        make_error(kCodespace, 20, "voting period already ended",
                   "voting period is already ended for this proposal " + std::to_string(id))};
  }
  ASSIGN_OR_RETURN(const Params limits, params(context));
  RETURN_IF_ERROR(charge_deposits(context, limits, id));
  if (target.voting_start_time) RETURN_IF_ERROR(remove_votes(context, id));
  return remove_proposal(context, id);
}

Status<Error> check_deposit_denoms(const Params& params, const Coins& amount) {
  for (const runtime::Coin& coin : amount) {
    const auto accepted = std::ranges::find(params.min_deposit, coin.denom, &runtime::Coin::denom);
    if (accepted == params.min_deposit.end()) {
      return Failure{make_error(kCodespace, 23, "invalid deposit denom",
                                "deposited " + to_text(amount) +
                                    ", but gov accepts only the denominations of " +
                                    to_text(params.min_deposit))};
    }
  }
  return Unit{};
}

Status<Error> check_initial_deposit(const Params& params, const Coins& amount, bool is_expedited) {
  RETURN_IF_ERROR(runtime::check_coins(amount, runtime::SdkCode::kInvalidCoins));
  ASSIGN_OR_RETURN(const Decimal ratio, Decimal::from_text(params.min_initial_deposit_ratio));
  if (ratio.is_zero()) return Unit{};
  Coins needed_coins = min_deposit_of(params, is_expedited);
  for (runtime::Coin& coin : needed_coins) {
    ASSIGN_OR_RETURN(const Decimal whole, Decimal::from_integer(coin.amount));
    ASSIGN_OR_RETURN(const Decimal share, multiply(whole, ratio));
    coin.amount = share.rounded();
  }
  const bool is_enough =
      needed_coins.empty() || (!amount.empty() && runtime::covers(amount, needed_coins));
  if (is_enough) return Unit{};
  return Failure{make_error(kCodespace, 16, "minimum deposit is too small",
                            "was (" + to_text(amount) + "), need (" + to_text(needed_coins) + ")")};
}

}  // namespace buri::consensus::modules::gov
