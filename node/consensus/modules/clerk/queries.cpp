#include "base/hex.hpp"
#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/clerk/module.hpp"
#include "node/consensus/modules/clerk/query_types.hpp"
#include "node/consensus/modules/clerk/visible_records.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/runtime/go_text.hpp"
#include "node/consensus/runtime/root_chain_sequence.hpp"

/// Queries of module clerk. From Lugano on hashes are answered in one form, whatever text the
/// message had.

namespace buri::consensus::modules::clerk {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::Outcome;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

constexpr std::uint64_t kMaxListLimit = 50;
constexpr std::uint64_t kMaxListOffset = 10'000;

EventRecord as_answered(const Context& context, EventRecord record) {
  if (context.forks().is_lugano(context.height())) {
    record.tx_hash = "0x" + to_hex(runtime::lenient_hash(record.tx_hash));
  }
  return record;
}

Status<QueryError> check_limit(std::uint64_t limit) {
  if (limit > 0 && limit <= kMaxListLimit) return Unit{};
  return refuse(Code::kInvalidArgument,
                "limit cannot be 0 or greater than " + std::to_string(kMaxListLimit));
}

QueryResult<RecordResponse> by_id(const Context& context, const RecordRequest& request) {
  ASSIGN_OR_RETURN(auto record, answer_of(Keeper().record(context, request.record_id)));
  if (record) return RecordResponse{as_answered(context, *std::move(record))};
  return refuse(Code::kInternal,
                "collections: not found: key '" + std::to_string(request.record_id) +
                    "' of type github.com/cosmos/gogoproto/" + std::string(EventRecord::kName));
}

QueryResult<RecordListResponse> list(const Context& context, const RecordListRequest& request) {
  if (request.page == 0) return refuse(Code::kInvalidArgument, "page cannot be 0");
  RETURN_IF_ERROR(check_limit(request.limit));
  RecordListResponse answer;
  const std::uint64_t first = (request.page - 1) * request.limit + 1;
  const std::uint64_t end = request.page * request.limit + 1;
  RETURN_IF_ERROR(
      answer_of(Keeper().for_each_record(context, first, [&](EventRecord record) -> Outcome<bool> {
        if (record.id >= end) return false;
        answer.event_records.push_back(as_answered(context, std::move(record)));
        return true;
      })));
  if (answer.event_records.empty() && request.page > 1) {
    return refuse(Code::kInternal, "page " + std::to_string(request.page) + " does not exist");
  }
  return answer;
}

Status<QueryError> check_time_request(const RecordListWithTimeRequest& request) {
  const auto invalid = [](std::string text) {
    return refuse(Code::kInvalidArgument, std::move(text));
  };
  if (request.pagination == runtime::PageRequest{}) {
    return invalid("pagination request is empty (at least one argument must be set)");
  }
  RETURN_IF_ERROR(check_limit(request.pagination.limit));
  if (request.pagination.offset > kMaxListOffset) {
    return invalid("offset cannot be greater than " + std::to_string(kMaxListOffset));
  }
  if (request.from_id < 1) return invalid("fromId cannot be less than 1");
  if (!request.to_time) return invalid("to_time must be set");
  if (request.to_time->seconds <= 0) return invalid("to_time must be greater than Unix epoch");
  return Unit{};
}

QueryResult<RecordListResponse> list_by_time(const Context& context,
                                             const RecordListWithTimeRequest& request) {
  RETURN_IF_ERROR(check_time_request(request));
  RecordListResponse answer;
  ASSIGN_OR_RETURN(auto records,
                   answer_of(visible_records(context, {.from_id = request.from_id,
                                                       .to_time = *request.to_time,
                                                       .offset = request.pagination.offset,
                                                       .limit = request.pagination.limit})));
  for (EventRecord& record : records) {
    answer.event_records.push_back(as_answered(context, std::move(record)));
  }
  return answer;
}

/// The number of a confirmed event's place, if its record was applied.
QueryResult<std::uint64_t> applied_sequence(const Context& context,
                                            const RecordSequenceRequest& request,
                                            protocol::RootChain& root_chain) {
  const bool is_valid = context.forks().is_lugano(context.height())
                            ? runtime::is_fixed_width_hash(request.tx_hash)
                            : !runtime::trim_space(request.tx_hash).empty();
  if (!is_valid) return refuse(Code::kInvalidArgument, "invalid tx hash");
  ASSIGN_OR_RETURN(const auto params, answer_of(chainmanager::Keeper().params(context)));
  const auto receipt = root_chain.confirmed_receipt(runtime::lenient_hash(request.tx_hash),
                                                    params.main_chain_tx_confirmations);
  if (!receipt.ok()) {
    return refuse(Code::kInternal,
                  "transaction is not confirmed yet. please wait for sometime and try again");
  }
  const std::string sequence = runtime::root_chain_sequence(
      receipt->block_number, request.log_index, context.forks().is_kyoto(context.height()));
  ASSIGN_OR_RETURN(const bool is_applied, answer_of(Keeper().has_sequence(context, sequence)));
  if (!is_applied) return refuse(Code::kNotFound, "record sequence not found");
  return receipt->block_number * runtime::kSequenceUnit + request.log_index;
}

QueryResult<LatestRecordIdResponse> latest_id(const Context& context,
                                              protocol::RootChainState* state) {
  ASSIGN_OR_RETURN(const auto params, answer_of(chainmanager::Keeper().params(context)));
  ASSIGN_OR_RETURN(const Address sender,
                   answer_of(runtime::parse_address(params.chain_params.state_sender_address)));
  const auto unanswered = [] {
    return refuse(Code::kInternal, "failed to get latest state counter from L1");
  };
  if (state == nullptr) return unanswered();
  const auto counter = state->state_counter(sender);
  if (!counter.ok()) return unanswered();
  ASSIGN_OR_RETURN(const bool is_known, answer_of(Keeper().has_record(context, *counter)));
  return LatestRecordIdResponse{*counter, is_known};
}

std::string method(std::string_view name) { return "heimdallv2.clerk.Query/" + std::string(name); }

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  router.add<RecordRequest, RecordResponse>(method("GetRecordById"), &by_id);
  router.add<RecordListRequest, RecordListResponse>(method("GetRecordList"), &list);
  router.add<RecordListWithTimeRequest, RecordListResponse>(method("GetRecordListWithTime"),
                                                            &list_by_time);
  router.add<RecordCountRequest, RecordCountResponse>(
      method("GetRecordCount"),
      [](const Context& context, const RecordCountRequest&) -> QueryResult<RecordCountResponse> {
        ASSIGN_OR_RETURN(const std::uint64_t count, answer_of(Keeper().last_record_id(context)));
        return RecordCountResponse{count};
      });
  router.add<LatestRecordIdRequest, LatestRecordIdResponse>(
      method("GetLatestRecordId"),
      [state = state_](const Context& context, const LatestRecordIdRequest&) {
        return latest_id(context, state);
      });
  router.add<RecordSequenceRequest, RecordSequenceResponse>(
      method("GetRecordSequence"),
      [chain = root_chain_](const Context& context, const RecordSequenceRequest& request)
          -> QueryResult<RecordSequenceResponse> {
        ASSIGN_OR_RETURN(const std::uint64_t sequence, applied_sequence(context, request, *chain));
        return RecordSequenceResponse{sequence};
      });
  router.add<RecordSequenceRequest, IsClerkTxOldResponse>(
      method("IsClerkTxOld"),
      [chain = root_chain_](const Context& context, const RecordSequenceRequest& request)
          -> QueryResult<IsClerkTxOldResponse> {
        RETURN_IF_ERROR(applied_sequence(context, request, *chain));
        return IsClerkTxOldResponse{true};
      });
}

}  // namespace buri::consensus::modules::clerk
