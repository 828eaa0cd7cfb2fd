#include <algorithm>
#include <numeric>

#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/stake/module.hpp"
#include "node/consensus/modules/stake/query_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_text.hpp"

/// Queries of module stake. No meter limits them.

namespace buri::consensus::modules::stake {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

/// What the stock daemon says where a signer has no record.
std::string no_record_text(std::string_view signer) {
  return "error while fetching the validator from the store collections: not found: key '" +
         runtime::format_address(signer) + "' of type github.com/cosmos/gogoproto/" +
         std::string(Validator::kName);
}

QueryResult<QueryValidatorResponse> by_signer(const Context& context,
                                              const QuerySignerRequest& request) {
  if (!runtime::is_hex_address(request.val_address)) {
    return refuse(Code::kInvalidArgument, "invalid validator address");
  }
  ASSIGN_OR_RETURN(auto validator, answer_of(Keeper().by_signer(context, request.val_address)));
  if (validator) return QueryValidatorResponse{*std::move(validator)};
  return refuse(Code::kNotFound, "error in getting validator corresponding to the given address " +
                                     request.val_address +
                                     ". error: " + no_record_text(request.val_address));
}

QueryResult<QueryValidatorResponse> by_id(const Context& context,
                                          const QueryValidatorRequest& request) {
  const std::string id = std::to_string(request.id);
  if (request.id == 0) return refuse(Code::kInvalidArgument, "invalid validator id " + id);
  ASSIGN_OR_RETURN(auto validator, answer_of(Keeper().by_id(context, request.id)));
  if (validator) return QueryValidatorResponse{*std::move(validator)};
  return refuse(Code::kNotFound, "error in getting validator corresponding to the given id " + id +
                                     ". error: collections: not found: key '" + id +
                                     "' of type string");
}

QueryResult<QueryValidatorStatusResponse> status(const Context& context,
                                                 const QueryValidatorStatusRequest& request) {
  if (!runtime::parse_address(request.val_address).ok()) {
    return refuse(Code::kInvalidArgument, "invalid validator address " + request.val_address);
  }
  ASSIGN_OR_RETURN(const auto is_current,
                   answer_of(Keeper().is_current_validator(context, request.val_address)));
  if (is_current) return QueryValidatorStatusResponse{*is_current};
  return refuse(Code::kUnknown, no_record_text(request.val_address));
}

QueryResult<ValidatorSet> current_set(const Context& context) {
  return answer_of(Keeper().set(context, SetKind::kCurrent));
}

QueryResult<QueryTotalPowerResponse> total_power(const Context& context,
                                                 const QueryTotalPowerRequest& /*request*/) {
  ASSIGN_OR_RETURN(const ValidatorSet set, current_set(context));
  return QueryTotalPowerResponse{std::transform_reduce(
      set.validators.begin(), set.validators.end(), std::int64_t{0}, std::plus<>(),
      [](const Validator& member) { return member.voting_power; })};
}

QueryResult<QueryProposersResponse> proposers(const Context& context,
                                              const QueryProposersRequest& request) {
  if (request.times >= INT64_MAX) {
    return refuse(Code::kInvalidArgument, "times exceeds MaxInt64");
  }
  if (request.times == 0) return refuse(Code::kInvalidArgument, "times is 0");
  ASSIGN_OR_RETURN(ValidatorSet set, current_set(context));
  const std::size_t times = std::min<std::size_t>(request.times, set.validators.size());
  QueryProposersResponse answer;
  while (answer.proposers.size() < times) {
    answer.proposers.push_back(*proposer_of(set));
    const auto rotated = increment_priority(set, 1);
    if (!rotated.ok()) return refuse(Code::kInternal, rotated.error().log);
  }
  return answer;
}

QueryResult<QueryValidatorResponse> proposer(const Context& context,
                                             const QueryCurrentProposerRequest& /*request*/) {
  ASSIGN_OR_RETURN(const ValidatorSet set, current_set(context));
  const Validator* found = proposer_of(set);
  if (found != nullptr) return QueryValidatorResponse{*found};
  return refuse(Code::kNotFound, "current proposer not found");
}

QueryResult<QueryStakeIsOldTxResponse> is_old(const Context& context,
                                              const QueryStakeIsOldTxRequest& request,
                                              protocol::RootChain& root_chain) {
  if (runtime::trim_space(request.tx_hash).empty()) {
    return refuse(Code::kInvalidArgument, "invalid tx hash");
  }
  if (request.log_index >= INT64_MAX) return refuse(Code::kInvalidArgument, "invalid log index");
  ASSIGN_OR_RETURN(const auto params, answer_of(chainmanager::Keeper().params(context)));
  const auto receipt = root_chain.confirmed_receipt(runtime::lenient_hash(request.tx_hash),
                                                    params.main_chain_tx_confirmations);
  if (!receipt.ok()) return refuse(Code::kInternal, "not found");
  const std::string sequence = runtime::root_chain_sequence(
      receipt->block_number, request.log_index, context.forks().is_kyoto(context.height()));
  ASSIGN_OR_RETURN(const bool is_applied, answer_of(Keeper().has_sequence(context, sequence)));
  return QueryStakeIsOldTxResponse{is_applied};
}

std::string method(std::string_view name) { return "heimdallv2.stake.Query/" + std::string(name); }

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<QueryCurrentValidatorSetRequest, QueryCurrentValidatorSetResponse>(
      method("GetCurrentValidatorSet"),
      [](const Context& context,
         const QueryCurrentValidatorSetRequest&) -> QueryResult<QueryCurrentValidatorSetResponse> {
        ASSIGN_OR_RETURN(ValidatorSet set, current_set(context));
        return QueryCurrentValidatorSetResponse{std::move(set)};
      });
  router.add<QuerySignerRequest, QueryValidatorResponse>(method("GetSignerByAddress"), &by_signer);
  router.add<QueryValidatorRequest, QueryValidatorResponse>(method("GetValidatorById"), &by_id);
  router.add<QueryValidatorStatusRequest, QueryValidatorStatusResponse>(
      method("GetValidatorStatusByAddress"), &status);
  router.add<QueryTotalPowerRequest, QueryTotalPowerResponse>(method("GetTotalPower"),
                                                              &total_power);
  router.add<QueryProposersRequest, QueryProposersResponse>(method("GetProposersByTimes"),
                                                            &proposers);
  router.add<QueryCurrentProposerRequest, QueryValidatorResponse>(method("GetCurrentProposer"),
                                                                  &proposer);
  router.add<QueryStakeIsOldTxRequest, QueryStakeIsOldTxResponse>(
      method("IsStakeTxOld"),
      [chain = root_chain_](const Context& context, const QueryStakeIsOldTxRequest& request) {
        return is_old(context, request, *chain);
      });
}

}  // namespace buri::consensus::modules::stake
