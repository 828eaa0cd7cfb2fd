#include "node/consensus/modules/gov/legacy_queries.hpp"

#include "node/consensus/modules/gov/legacy_query_types.hpp"
#include "node/consensus/modules/gov/message_types.hpp"
#include "node/consensus/modules/gov/query_types.hpp"
#include "node/consensus/runtime/decimal.hpp"

namespace buri::consensus::modules::gov {
namespace {

using runtime::Context;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::QueryRouter;
using runtime::refuse;
using Code = QueryError::Code;

constexpr std::size_t kDecimalDigits = 18;

QueryResult<LegacyDecimal> decimal(const std::string& text) {
  auto value = LegacyDecimal::from_decimal(text);
  if (value) return *std::move(value);
  return refuse(Code::kUnknown, "failed to set decimal string: " + text);
}

LegacyTallyResult legacy(const TallyResult& tally) {
  return {tally.yes_count, tally.abstain_count, tally.no_count, tally.no_with_veto_count};
}

LegacyDeposit legacy(const Deposit& deposit) {
  return {deposit.proposal_id, deposit.depositor, deposit.amount};
}

QueryResult<LegacyVote> legacy(const Vote& vote) {
  LegacyVote made{vote.proposal_id, vote.voter, VoteOption::kUnspecified, {}};
  for (const WeightedVoteOption& share : vote.options) {
    ASSIGN_OR_RETURN(LegacyDecimal weight, decimal(share.weight));
    made.options.push_back({share.option, std::move(weight)});
  }
  return made;
}

QueryResult<LegacyProposal> legacy(const Proposal& proposal) {
  LegacyProposal made;
  made.proposal_id = proposal.id;
  made.status = proposal.status;
  if (proposal.final_tally_result) made.final_tally_result = legacy(*proposal.final_tally_result);
  made.submit_time = proposal.submit_time.value_or(kNoTime);
  made.deposit_end_time = proposal.deposit_end_time.value_or(kNoTime);
  made.voting_start_time = proposal.voting_start_time.value_or(kNoTime);
  made.voting_end_time = proposal.voting_end_time.value_or(kNoTime);
  made.total_deposit = proposal.total_deposit;
  if (proposal.messages.size() != 1) {
    return refuse(Code::kUnknown,
                  "codespace sdk code 29: invalid type: can't convert a gov/v1 Proposal to "
                  "gov/v1beta1 Proposal when amount of proposal messages not exactly one");
  }
  made.content = proposal.messages.front();
  if (made.content->type_url == codec::type_url<MsgExecLegacyContent>()) {
    auto wrapped = codec::decode<MsgExecLegacyContent>(made.content->value);
    if (wrapped.ok() && wrapped->content) made.content = std::move(wrapped->content);
  }
  return made;
}

template <class Old, class New>
QueryResult<std::vector<Old>> legacy_all(const std::vector<New>& values) {
  std::vector<Old> made;
  for (const New& value : values) {
    QueryResult<Old> one = legacy(value);
    if (!one.ok()) return Failure{std::move(one).error()};
    made.push_back(std::move(one).value());
  }
  return made;
}

/// The answer of v1 to the same question.
template <codec::Message Response, codec::Message Request>
QueryResult<Response> ask(const QueryRouter& router, const Context& context, std::string_view name,
                          const Request& request) {
  ASSIGN_OR_RETURN(
      const Bytes bytes,
      router.answer(context, "cosmos.gov.v1.Query/" + std::string(name), codec::encode(request)));
  auto response = codec::decode<Response>(bytes);
  CHECK(response.ok(), "the module's own answer decodes");
  return std::move(response).value();
}

QueryResult<LegacyParamsResponse> params(const QueryRouter& router, const Context& context,
                                         const QueryParamsRequest& request) {
  ASSIGN_OR_RETURN(const auto found, ask<QueryParamsResponse>(router, context, "Params", request));
  LegacyParamsResponse made;
  if (!found.deposit_params && !found.voting_params && !found.tally_params) {
    return refuse(Code::kInvalidArgument, request.params_type + " is not a valid parameter type");
  }
  if (found.deposit_params) {
    made.deposit_params = {found.deposit_params->min_deposit,
                           found.deposit_params->max_deposit_period.value_or(Duration{})};
  }
  if (found.voting_params) {
    made.voting_params = {found.voting_params->voting_period.value_or(Duration{})};
  }
  if (found.tally_params) {
    ASSIGN_OR_RETURN(made.tally_params.quorum, decimal(found.tally_params->quorum));
    ASSIGN_OR_RETURN(made.tally_params.threshold, decimal(found.tally_params->threshold));
    ASSIGN_OR_RETURN(made.tally_params.veto_threshold, decimal(found.tally_params->veto_threshold));
  }
  return made;
}

QueryResult<LegacyProposalResponse> proposal(const QueryRouter& router, const Context& context,
                                             const QueryProposalRequest& request) {
  ASSIGN_OR_RETURN(const auto found,
                   ask<QueryProposalResponse>(router, context, "Proposal", request));
  ASSIGN_OR_RETURN(LegacyProposal made, legacy(*found.proposal));
  return LegacyProposalResponse{std::move(made)};
}

QueryResult<LegacyProposalsResponse> proposals(const QueryRouter& router, const Context& context,
                                               const QueryProposalsRequest& request) {
  ASSIGN_OR_RETURN(const auto found,
                   ask<QueryProposalsResponse>(router, context, "Proposals", request));
  ASSIGN_OR_RETURN(auto made, legacy_all<LegacyProposal>(found.proposals));
  return LegacyProposalsResponse{std::move(made), found.pagination};
}

QueryResult<LegacyVoteResponse> vote(const QueryRouter& router, const Context& context,
                                     const QueryVoteRequest& request) {
  ASSIGN_OR_RETURN(const auto found, ask<QueryVoteResponse>(router, context, "Vote", request));
  ASSIGN_OR_RETURN(LegacyVote made, legacy(*found.vote));
  return LegacyVoteResponse{std::move(made)};
}

QueryResult<LegacyVotesResponse> votes(const QueryRouter& router, const Context& context,
                                       const QueryVotesRequest& request) {
  ASSIGN_OR_RETURN(const auto found, ask<QueryVotesResponse>(router, context, "Votes", request));
  ASSIGN_OR_RETURN(auto made, legacy_all<LegacyVote>(found.votes));
  return LegacyVotesResponse{std::move(made), found.pagination};
}

QueryResult<LegacyDepositResponse> deposit(const QueryRouter& router, const Context& context,
                                           const QueryDepositRequest& request) {
  ASSIGN_OR_RETURN(const auto found,
                   ask<QueryDepositResponse>(router, context, "Deposit", request));
  return LegacyDepositResponse{legacy(*found.deposit)};
}

QueryResult<LegacyDepositsResponse> deposits(const QueryRouter& router, const Context& context,
                                             const QueryVotesRequest& request) {
  ASSIGN_OR_RETURN(const auto found,
                   ask<QueryDepositsResponse>(router, context, "Deposits", request));
  ASSIGN_OR_RETURN(auto made, legacy_all<LegacyDeposit>(found.deposits));
  return LegacyDepositsResponse{std::move(made), found.pagination};
}

QueryResult<LegacyTallyResponse> tally(const QueryRouter& router, const Context& context,
                                       const QueryProposalRequest& request) {
  ASSIGN_OR_RETURN(const auto found,
                   ask<QueryTallyResultResponse>(router, context, "TallyResult", request));
  return LegacyTallyResponse{legacy(found.tally.value_or(TallyResult{}))};
}

template <codec::Message Request, codec::Message Response>
void add(QueryRouter& router, std::string_view name,
         QueryResult<Response> (*answer)(const QueryRouter&, const Context&, const Request&)) {
  router.add<Request, Response>("cosmos.gov.v1beta1.Query/" + std::string(name),
                                [&router, answer](const Context& context, const Request& request) {
                                  return answer(router, context, request);
                                });
}

}  // namespace

std::optional<LegacyDecimal> LegacyDecimal::from_decimal(std::string_view text) {
  const auto value = runtime::Decimal::from_text(text);
  if (!value.ok()) return std::nullopt;
  std::string digits = value->to_text();
  std::erase(digits, '.');
  const bool is_negative = digits.starts_with('-');
  const std::size_t start = digits.find_first_not_of("-0");
  if (start == std::string::npos) return LegacyDecimal{};
  return LegacyDecimal{(is_negative ? "-" : "") + digits.substr(start)};
}

std::optional<LegacyDecimal> LegacyDecimal::from_text(std::string_view text) {
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool is_number = !digits.empty() && digits.size() <= 100 &&
                         digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) return std::nullopt;
  return LegacyDecimal{std::string(text)};
}

std::string LegacyDecimal::to_json_text() const {
  const bool is_negative = scaled.starts_with('-');
  std::string digits = scaled.substr(is_negative ? 1 : 0);
  if (digits.size() <= kDecimalDigits) digits.insert(0, kDecimalDigits + 1 - digits.size(), '0');
  digits.insert(digits.size() - kDecimalDigits, ".");
  return (is_negative ? "-" : "") + digits;
}

void register_legacy_queries(runtime::QueryRouter& router) {
  add(router, "Params", &params);
  add(router, "Proposal", &proposal);
  add(router, "Proposals", &proposals);
  add(router, "Vote", &vote);
  add(router, "Votes", &votes);
  add(router, "Deposit", &deposit);
  add(router, "Deposits", &deposits);
  add(router, "TallyResult", &tally);
}

}  // namespace buri::consensus::modules::gov
