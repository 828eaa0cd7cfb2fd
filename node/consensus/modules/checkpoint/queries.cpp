#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/modules/checkpoint/module.hpp"
#include "node/consensus/modules/checkpoint/query_types.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "node/consensus/modules/topup/keeper.hpp"
#include "node/consensus/runtime/go_text.hpp"

/// Queries of module checkpoint. No meter limits them.

namespace buri::consensus::modules::checkpoint {
namespace {

using runtime::answer_of;
using runtime::Context;
using runtime::Error;
using runtime::Outcome;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::refuse;
using Code = QueryError::Code;

constexpr std::uint64_t kMaxListLimit = 10'000;

Outcome<QueryCheckpointOverviewResponse> overview(const Context& context) {
  const Keeper keeper;
  QueryCheckpointOverviewResponse answer;
  ASSIGN_OR_RETURN(answer.validator_set, stake::Keeper().set(context, stake::SetKind::kCurrent));
  answer.validator_count = answer.validator_set.validators.size();
  ASSIGN_OR_RETURN(answer.ack_count, ack_count(context));
  ASSIGN_OR_RETURN(answer.last_no_ack_id, keeper.last_no_ack(context));
  ASSIGN_OR_RETURN(answer.buffer_checkpoint, keeper.buffer(context));
  return answer;
}

QueryResult<QueryCheckpointResponse> by_number(const Context& context, std::uint64_t number) {
  auto checkpoint = Keeper().by_number(context, number);
  if (!checkpoint.ok()) return refuse(Code::kInternal, checkpoint.error().log);
  if (*checkpoint) return QueryCheckpointResponse{**std::move(checkpoint)};
  return refuse(Code::kInternal, "collections: not found: key '" + std::to_string(number) +
                                     "' of type github.com/cosmos/gogoproto/" +
                                     std::string(Checkpoint::kName));
}

QueryResult<QueryCheckpointResponse> latest(const Context& context) {
  auto last = Keeper().last(context);
  if (!last.ok()) return refuse(Code::kInternal, last.error().log);
  if (last->is_none()) return refuse(Code::kInternal, "checkpoint not found");
  return by_number(context, last->ack_count);
}

/// Where the next checkpoint would end: an average length, at least two blocks, from Lugano on; one
/// block more before.
std::uint64_t next_end(const Context& context, const Params& params, std::uint64_t start) {
  if (!context.forks().is_lugano(context.height())) return start + params.avg_checkpoint_length;
  return start + std::max<std::uint64_t>(params.avg_checkpoint_length, 2) - 1;
}

/// The next checkpoint but for its Bor root.
Outcome<MsgCheckpoint> next_without_root(const Context& context) {
  ASSIGN_OR_RETURN(const chainmanager::Params chain, chainmanager::Keeper().params(context));
  ASSIGN_OR_RETURN(const stake::ValidatorSet set,
                   stake::Keeper().set(context, stake::SetKind::kCurrent));
  const stake::Validator* proposer = stake::proposer_of(set);
  if (proposer == nullptr) {
    return Failure{runtime::plain_error("could not get proposer from validator set")};
  }
  ASSIGN_OR_RETURN(const LastCheckpoint last, Keeper().last(context));
  if (!last.is_none() && !last.checkpoint) {
    return Failure{runtime::plain_error("collections: not found")};
  }
  ASSIGN_OR_RETURN(const Params params, Keeper().params(context));
  ASSIGN_OR_RETURN(const auto accounts, topup::Keeper().accounts(context));
  ASSIGN_OR_RETURN(const Hash256 account_root, topup::account_root(accounts));
  const std::uint64_t start = last.checkpoint ? last.checkpoint->end_block + 1 : 0;
  const ByteView root = account_root;
  return MsgCheckpoint{.proposer = proposer->signer,
                       .start_block = start,
                       .end_block = next_end(context, params, start),
                       .account_root_hash = Bytes(root.begin(), root.end()),
                       .bor_chain_id = chain.chain_params.bor_chain_id};
}

QueryResult<QueryNextCheckpointResponse> next(const Context& context, protocol::BorRoots& bor) {
  auto message = next_without_root(context);
  if (!message.ok()) return refuse(Code::kInternal, message.error().log);
  const auto root = bor.root_hash(message->start_block, message->end_block);
  if (!root.ok()) return refuse(Code::kInternal, "could not fetch rootHash");
  const ByteView bytes = *root;
  message->root_hash.assign(bytes.begin(), bytes.end());
  return QueryNextCheckpointResponse{std::move(message).value()};
}

QueryResult<QueryCheckpointListResponse> list(const Context& context,
                                              const runtime::PageRequest& page) {
  if (page == runtime::PageRequest{}) {
    return refuse(Code::kInvalidArgument,
                  "pagination request is empty (at least one of offset, key or limit must be set)");
  }
  if (page.limit == 0 || page.limit > kMaxListLimit) {
    return refuse(Code::kInvalidArgument,
                  "limit cannot be 0 or greater than " + std::to_string(kMaxListLimit));
  }
  QueryCheckpointListResponse answer;
  auto paged = Keeper().page(context, page, answer.checkpoint_list);
  if (!paged.ok()) {
    return refuse(Code::kInternal,
                  "error in pagination; please verify the pagination params: " + paged.error().log);
  }
  answer.pagination = std::move(paged).value();
  return answer;
}

QueryResult<QueryCheckpointSignaturesResponse> signatures(const Context& context,
                                                          const std::string& tx_hash) {
  const Keeper keeper;
  if (runtime::trim_space(tx_hash).empty()) {
    return refuse(Code::kInvalidArgument, "invalid tx hash");
  }
  const auto stored = keeper.signatures_tx_hash(context);
  if (!stored.ok()) return refuse(Code::kInternal, stored.error().log);
  if (*stored != tx_hash) {
    return refuse(Code::kNotFound, "checkpoint signatures not set for the given tx hash");
  }
  auto found = keeper.signatures(context);
  if (!found.ok()) return refuse(Code::kInternal, found.error().log);
  if (found->signatures.empty()) return refuse(Code::kNotFound, "checkpoint signatures not set");
  return QueryCheckpointSignaturesResponse{std::move(found->signatures)};
}

std::string method(std::string_view name) {
  return "heimdallv2.checkpoint.Query/" + std::string(name);
}

/// Adds a query that reads one value.
template <class Request, class Response, class Value>
void add_read(runtime::QueryRouter& router, std::string_view name,
              Outcome<Value> (*read)(const Context&)) {
  router.add<Request, Response>(
      method(name), [read](const Context& context, const Request&) -> QueryResult<Response> {
        ASSIGN_OR_RETURN(auto value, answer_of(read(context)));
        return Response{std::move(value)};
      });
}

}  // namespace

void Module::register_queries(runtime::QueryRouter& router) {
  add_read<QueryParamsRequest, QueryParamsResponse, Params>(
      router, "GetCheckpointParams",
      [](const Context& context) { return Keeper().params(context); });
  add_read<QueryAckCountRequest, QueryAckCountResponse, std::uint64_t>(
      router, "GetAckCount", [](const Context& context) { return ack_count(context); });
  add_read<QueryLastNoAckRequest, QueryLastNoAckResponse, std::uint64_t>(
      router, "GetLastNoAck", [](const Context& context) { return Keeper().last_no_ack(context); });
  add_read<QueryCheckpointBufferRequest, QueryCheckpointResponse, Checkpoint>(
      router, "GetCheckpointBuffer",
      [](const Context& context) { return Keeper().buffer(context); });
  router.add<QueryCheckpointOverviewRequest, QueryCheckpointOverviewResponse>(
      method("GetCheckpointOverview"),
      [](const Context& context, const QueryCheckpointOverviewRequest&) {
        return answer_of(overview(context));
      });
  router.add<QueryCheckpointRequest, QueryCheckpointResponse>(
      method("GetCheckpoint"), [](const Context& context, const QueryCheckpointRequest& request) {
        return by_number(context, request.number);
      });
  router.add<QueryCheckpointLatestRequest, QueryCheckpointResponse>(
      method("GetCheckpointLatest"),
      [](const Context& context, const QueryCheckpointLatestRequest&) { return latest(context); });
  router.add<QueryNextCheckpointRequest, QueryNextCheckpointResponse>(
      method("GetNextCheckpoint"),
      [bor = facts_.bor](const Context& context, const QueryNextCheckpointRequest&) {
        return next(context, *bor);
      });
  router.add<QueryCheckpointListRequest, QueryCheckpointListResponse>(
      method("GetCheckpointList"),
      [](const Context& context, const QueryCheckpointListRequest& request) {
        return list(context, request.pagination);
      });
  router.add<QueryCheckpointSignaturesRequest, QueryCheckpointSignaturesResponse>(
      method("GetCheckpointSignatures"),
      [](const Context& context, const QueryCheckpointSignaturesRequest& request) {
        return signatures(context, request.tx_hash);
      });
}

}  // namespace buri::consensus::modules::checkpoint
