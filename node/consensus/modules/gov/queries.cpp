#include "node/consensus/modules/gov/keys.hpp"
#include "node/consensus/modules/gov/legacy_queries.hpp"
#include "node/consensus/modules/gov/module.hpp"
#include "node/consensus/modules/gov/query_types.hpp"
#include "node/consensus/modules/gov/tally.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/typed_store.hpp"

/// Queries of module gov. No meter limits them.

namespace buri::consensus::modules::gov {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

Status<QueryError> check_id(std::uint64_t proposal_id) {
  if (proposal_id != 0) return Unit{};
  return refuse(Code::kInvalidArgument, "proposal id can not be 0");
}

QueryResult<Proposal> proposal_of(const Context& context, const Keeper& keeper, std::uint64_t id) {
  RETURN_IF_ERROR(check_id(id));
  auto proposal = keeper.proposal(context, id);
  if (proposal.ok()) return std::move(proposal).value();
  return refuse(Code::kNotFound, "proposal " + std::to_string(id) + " doesn't exist");
}

QueryResult<QueryParamsResponse> params(const Context& context, const Keeper& keeper,
                                        const std::string& type) {
  ASSIGN_OR_RETURN(Params all, answer_of(keeper.params(context)));
  QueryParamsResponse answer;
  if (type == "deposit") {
    answer.deposit_params = DepositParams{all.min_deposit, all.max_deposit_period};
  } else if (type == "voting") {
    answer.voting_params = VotingParams{all.voting_period};
  } else if (type == "tallying") {
    answer.tally_params = TallyParams{all.quorum, all.threshold, all.veto_threshold};
  } else if (!type.empty()) {
    return refuse(Code::kInvalidArgument, "unknown params type: " + type);
  }
  answer.params = std::move(all);
  return answer;
}

/// One page of the values under a prefix.
template <codec::Message T>
QueryResult<runtime::PageResponse> page_of(const Context& context, const Key& prefix,
                                           const OptionalPage& page, std::vector<T>& values,
                                           const runtime::PageFilter& filter = {}) {
  return answer_of(runtime::paginate(
      store_of(context), prefix, page.value_or(runtime::PageRequest{}),
      [&values](ByteView, ByteView value) -> Status<Error> {
        auto decoded = codec::decode<T>(value);
        if (!decoded.ok()) return Failure{runtime::fatal("a stored value does not decode")};
        values.push_back(*std::move(decoded));
        return Unit{};
      },
      filter));
}

/// Whether an account that the request names has an entry for the proposal; yes if it names none.
Outcome<bool> has_entry(const Context& context, const std::string& account, std::uint64_t id,
                        Key (*key)(std::uint64_t, const Address&)) {
  if (account.empty()) return true;
  ASSIGN_OR_RETURN(const Address address, runtime::parse_address(account));
  return store_of(context).has(key(id, address));
}

Outcome<bool> matches(const Context& context, const QueryProposalsRequest& request,
                      const Proposal& proposal) {
  const bool asks_status = request.proposal_status > ProposalStatus::kUnspecified &&
                           request.proposal_status <= ProposalStatus::kFailed;
  if (asks_status && proposal.status != request.proposal_status) return false;
  ASSIGN_OR_RETURN(const bool voted, has_entry(context, request.voter, proposal.id, &vote_key));
  ASSIGN_OR_RETURN(const bool deposited,
                   has_entry(context, request.depositor, proposal.id, &deposit_key));
  return voted && deposited;
}

QueryResult<QueryProposalsResponse> proposals(const Context& context,
                                              const QueryProposalsRequest& request) {
  QueryProposalsResponse answer;
  const auto filter = [&](ByteView, ByteView value) -> Outcome<bool> {
    const auto proposal = codec::decode<Proposal>(value);
    return proposal.ok() ? matches(context, request, *proposal) : Outcome<bool>(false);
  };
  ASSIGN_OR_RETURN(answer.pagination,
                   page_of(context, Key(0x00), request.pagination, answer.proposals, filter));
  return answer;
}

/// The entry of one account.
template <codec::Message T, codec::Message Request>
QueryResult<std::optional<T>> entry_of(const Context& context, const Request& request,
                                       std::string_view role,
                                       Key (*key)(std::uint64_t, const Address&)) {
  RETURN_IF_ERROR(check_id(request.proposal_id));
  if (request.account.empty()) {
    return refuse(Code::kInvalidArgument, "empty " + std::string(role) + " address");
  }
  const auto address = runtime::parse_address(request.account);
  if (!address.ok()) return refuse(Code::kUnknown, address.error().log);
  return answer_of(runtime::read_message<T>(store_of(context), key(request.proposal_id, *address)));
}

QueryResult<QueryVoteResponse> vote(const Context& context, const QueryVoteRequest& request) {
  ASSIGN_OR_RETURN(auto found, entry_of<Vote>(context, request, "voter", &vote_key));
  if (found) return QueryVoteResponse{std::move(found)};
  return refuse(Code::kInvalidArgument, "voter: " + request.account + " not found for proposal: " +
                                            std::to_string(request.proposal_id));
}

QueryResult<QueryDepositResponse> deposit(const Context& context,
                                          const QueryDepositRequest& request) {
  ASSIGN_OR_RETURN(auto found, entry_of<Deposit>(context, request, "depositor", &deposit_key));
  if (found) return QueryDepositResponse{std::move(found)};
  return refuse(Code::kNotFound, "collections: not found");
}

QueryResult<QueryVotesResponse> votes(const Context& context, const QueryVotesRequest& request) {
  RETURN_IF_ERROR(check_id(request.proposal_id));
  QueryVotesResponse answer;
  ASSIGN_OR_RETURN(answer.pagination, page_of(context, Key(0x20).number(request.proposal_id),
                                              request.pagination, answer.votes));
  return answer;
}

QueryResult<QueryDepositsResponse> deposits(const Context& context,
                                            const QueryVotesRequest& request) {
  RETURN_IF_ERROR(check_id(request.proposal_id));
  QueryDepositsResponse answer;
  ASSIGN_OR_RETURN(answer.pagination, page_of(context, Key(0x10).number(request.proposal_id),
                                              request.pagination, answer.deposits));
  return answer;
}

QueryResult<QueryTallyResultResponse> tally(const Context& context, const Keeper& keeper,
                                            const Electorate& electorate, std::uint64_t id) {
  ASSIGN_OR_RETURN(const Proposal proposal, proposal_of(context, keeper, id));
  if (proposal.status == ProposalStatus::kDepositPeriod) {
    return QueryTallyResultResponse{TallyResult{}};
  }
  if (proposal.status != ProposalStatus::kVotingPeriod) {
    return QueryTallyResultResponse{proposal.final_tally_result};
  }
  ASSIGN_OR_RETURN(TallyResult current, answer_of(current_tally(context, electorate, id)));
  return QueryTallyResultResponse{std::move(current)};
}

QueryResult<QueryConstitutionResponse> constitution(const Context& context,
                                                    const QueryConstitutionRequest& /*request*/) {
  ASSIGN_OR_RETURN(const auto text, answer_of(store_of(context).get(constitution_key())));
  return QueryConstitutionResponse{text ? std::string(as_text(*text)) : ""};
}

std::string method(std::string_view name) { return "cosmos.gov.v1.Query/" + std::string(name); }

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryParamsRequest, QueryParamsResponse>(
      method("Params"), [this](const Context& context, const QueryParamsRequest& request) {
        return params(context, keeper_, request.params_type);
      });
  router.add<QueryConstitutionRequest, QueryConstitutionResponse>(method("Constitution"),
                                                                  &constitution);
  router.add<QueryProposalRequest, QueryProposalResponse>(
      method("Proposal"),
      [this](const Context& context,
             const QueryProposalRequest& request) -> QueryResult<QueryProposalResponse> {
        ASSIGN_OR_RETURN(Proposal found, proposal_of(context, keeper_, request.proposal_id));
        return QueryProposalResponse{std::move(found)};
      });
  router.add<QueryProposalRequest, QueryTallyResultResponse>(
      method("TallyResult"), [this](const Context& context, const QueryProposalRequest& request) {
        return tally(context, keeper_, electorate_, request.proposal_id);
      });
  router.add<QueryProposalsRequest, QueryProposalsResponse>(method("Proposals"), &proposals);
  router.add<QueryVoteRequest, QueryVoteResponse>(method("Vote"), &vote);
  router.add<QueryVotesRequest, QueryVotesResponse>(method("Votes"), &votes);
  router.add<QueryDepositRequest, QueryDepositResponse>(method("Deposit"), &deposit);
  router.add<QueryVotesRequest, QueryDepositsResponse>(method("Deposits"), &deposits);
  register_legacy_queries(router);
}

}  // namespace buri::consensus::modules::gov
