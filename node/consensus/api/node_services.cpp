#include "node/consensus/api/node_services.hpp"

#include <algorithm>

#include "node/consensus/api/service_types.hpp"
#include "node/consensus/runtime/address.hpp"
#include "node/consensus/tx/types.hpp"

namespace buri::consensus::api {
namespace {

using runtime::Context;
using runtime::QueryError;
using runtime::QueryResult;
using runtime::QueryRouter;
using runtime::refuse;
using Code = QueryError::Code;

constexpr std::string_view kService = "cosmos.base.tendermint.v1beta1.Service/";
constexpr std::string_view kTooHigh = "requested block height is bigger then the chain length";
/// The subspaces that the stock application sets up and that hold nothing.
constexpr std::array<std::string_view, 10> kSubspaces{"bank",  "gov",  "checkpoint", "milestone",
                                                      "stake", "auth", "bor",        "chainmanager",
                                                      "clerk", "topup"};

Bytes bytes_of(const engine::OptionalHash& hash) {
  return hash ? Bytes(hash->bytes.begin(), hash->bytes.end()) : Bytes{};
}

wire::BlockId block_id(const engine::BlockId& id) {
  return {bytes_of(id.hash), {id.parts.total, bytes_of(id.parts.hash)}};
}

wire::SdkBlock sdk_block(const wire::Block& block) {
  const wire::Header& from = block.header;
  wire::SdkBlock made;
  made.header = {from.version,
                 from.chain_id,
                 from.height,
                 from.time,
                 from.last_block_id,
                 from.last_commit_hash,
                 from.data_hash,
                 from.validators_hash,
                 from.next_validators_hash,
                 from.consensus_hash,
                 from.app_hash,
                 from.last_results_hash,
                 from.evidence_hash,
                 {}};
  if (from.proposer_address.size() == Address::kSize) {
    made.header.proposer_address = runtime::to_text(Address::from(from.proposer_address));
  }
  made.data = block.data;
  made.evidence = block.evidence;
  made.last_commit = block.last_commit;
  return made;
}

QueryResult<wire::GetBlockResponse> block_answer(const ServiceNode& node, std::int64_t height) {
  ASSIGN_OR_RETURN(const ServiceBlock found, block_at(node, height));
  auto block = codec::decode<wire::Block>(found.encoded);
  if (!block.ok()) return refuse(Code::kInternal, "the stored block does not decode");
  wire::GetBlockResponse answer;
  answer.block_id = block_id(found.id);
  answer.sdk_block = sdk_block(*block);
  answer.block = std::move(block).value();
  return answer;
}

/// One page of a set: pages count from 1 and hold 100 at most.
struct PageBounds {
  std::int64_t page = 1;
  std::int64_t limit = 100;
};

QueryResult<PageBounds> page_bounds(const std::optional<runtime::PageRequest>& request) {
  PageBounds bounds;
  const auto offset = static_cast<std::int64_t>(request ? request->offset : 0);
  const auto limit = static_cast<std::int64_t>(request ? request->limit : 0);
  if (offset < 0) return refuse(Code::kInvalidArgument, "offset must greater than 0");
  if (limit < 0) return refuse(Code::kInvalidArgument, "limit must greater than 0");
  if (limit > 0) bounds.limit = limit;
  bounds.page = offset / bounds.limit + 1;
  bounds.limit = std::min<std::int64_t>(bounds.limit, 100);
  return bounds;
}

wire::SdkValidator validator(const engine::Validator& from) {
  const tx::Secp256k1PublicKey key{
      Bytes(from.public_key.bytes.begin(), from.public_key.bytes.end())};
  return {runtime::to_text(from.address), codec::pack(key), from.voting_power,
          from.proposer_priority};
}

QueryResult<wire::GetValidatorSetResponse> set_answer(
    const ServiceNode& node, std::int64_t height,
    const std::optional<runtime::PageRequest>& request) {
  ASSIGN_OR_RETURN(const PageBounds bounds, page_bounds(request));
  const auto set = node.validators(height);
  if (!set) {
    return refuse(Code::kUnknown,
                  "could not find validator set for height #" + std::to_string(height));
  }
  const auto total = static_cast<std::int64_t>(set->size());
  const std::int64_t pages = std::max<std::int64_t>(1, (total + bounds.limit - 1) / bounds.limit);
  if (bounds.page > pages) {
    return refuse(Code::kUnknown, "page should be within [1, " + std::to_string(pages) +
                                      "] range, given " + std::to_string(bounds.page));
  }
  wire::GetValidatorSetResponse answer;
  answer.block_height = height;
  answer.pagination.emplace().total = static_cast<std::uint64_t>(total);
  const std::int64_t first = (bounds.page - 1) * bounds.limit;
  for (std::int64_t i = first; i < std::min(total, first + bounds.limit); ++i) {
    answer.validators.push_back(validator((*set)[static_cast<std::size_t>(i)]));
  }
  return answer;
}

wire::GetNodeInfoResponse node_info(const ServiceNode& node, const ServiceNames& names) {
  wire::GetNodeInfoResponse answer;
  answer.default_node_info = node.node_info();
  wire::VersionInfo& version = answer.application_version.emplace();
  version.name = names.name;
  version.app_name = names.app_name;
  version.version = names.version;
  version.git_commit = names.git_commit;
  version.go_version = names.toolchain;
  version.cosmos_sdk_version = names.sdk_version;
  return answer;
}

QueryResult<wire::AbciQueryResponse> abci_answer(const AbciQueries& abci,
                                                 const wire::AbciQueryRequest& request) {
  if (request.path.empty()) return refuse(Code::kInvalidArgument, "empty query path");
  std::string_view first = request.path;
  if (first.starts_with('/')) first.remove_prefix(1);
  first = first.substr(0, first.find('/'));
  const bool is_allowed = first == "app" || first == "store" || first == "p2p" || first == "custom";
  if (!is_allowed) {
    return refuse(Code::kInvalidArgument, "unsupported ABCI query path: " + request.path);
  }
  AbciQueryAnswer found = abci.answer({request.path, request.data, request.height, request.prove});
  wire::AbciQueryResponse answer;
  answer.code = static_cast<std::uint32_t>(found.code);
  answer.log = std::move(found.log);
  answer.info = std::move(found.info);
  answer.index = found.index;
  answer.key = std::move(found.key);
  answer.value = std::move(found.value).value_or(Bytes{});
  answer.height = found.height;
  answer.codespace = std::move(found.codespace);
  for (iavl::ProofOperation& operation : found.proof) {
    if (!answer.proof_ops) answer.proof_ops.emplace();
    answer.proof_ops->ops.push_back(
        {std::move(operation.type), std::move(operation.key), std::move(operation.data)});
  }
  return answer;
}

/// The keys of a subspace: entries "subspace/key" of the store of parameters.
QueryResult<wire::QuerySubspacesResponse> subspaces(
    const Context& context, const wire::QuerySubspacesRequest& /*request*/) {
  wire::QuerySubspacesResponse answer;
  for (const std::string_view name : kSubspaces) {
    wire::Subspace& one = answer.subspaces.emplace_back();
    one.subspace = name;
    const std::string prefix = one.subspace + "/";
    ASSIGN_OR_RETURN(auto entry,
                     runtime::answer_of(context.store(runtime::StoreId::kParams)
                                            .iterate(store::prefix_range(as_bytes(prefix)))));
    while (entry.valid()) {
      one.keys.emplace_back(as_text(entry.key().subspan(prefix.size())));
      if (!entry.next().ok()) return refuse(Code::kInternal, "the store cannot be read");
    }
  }
  return answer;
}

QueryResult<wire::QueryParamsResponse> param(const Context& context,
                                             const wire::QueryParamsRequest& request) {
  if (request.subspace.empty() || request.key.empty()) {
    return refuse(Code::kInvalidArgument, "invalid request");
  }
  if (std::ranges::find(kSubspaces, request.subspace) == kSubspaces.end()) {
    return refuse(Code::kUnknown, "codespace params code 2: unknown subspace: " + request.subspace);
  }
  const std::string key = request.subspace + "/" + request.key;
  ASSIGN_OR_RETURN(const auto value,
                   runtime::answer_of(context.store(runtime::StoreId::kParams).get(as_bytes(key))));
  return wire::QueryParamsResponse{
      {request.subspace, request.key, value ? std::string(as_text(*value)) : ""}};
}

void register_blocks(QueryRouter& router, const ServiceNode& node) {
  router.add<wire::GetLatestBlockRequest, wire::GetBlockResponse>(
      std::string(kService) + "GetLatestBlock",
      [&node](const Context&, const wire::GetLatestBlockRequest&) {
        return block_answer(node, node.height());
      });
  router.add<wire::GetBlockByHeightRequest, wire::GetBlockResponse>(
      std::string(kService) + "GetBlockByHeight",
      [&node](const Context&,
              const wire::GetBlockByHeightRequest& request) -> QueryResult<wire::GetBlockResponse> {
        if (request.height > node.height()) {
          return refuse(Code::kInvalidArgument, std::string(kTooHigh));
        }
        return block_answer(node, request.height);
      });
  router.add<wire::GetLatestValidatorSetRequest, wire::GetValidatorSetResponse>(
      std::string(kService) + "GetLatestValidatorSet",
      [&node](const Context&, const wire::GetLatestValidatorSetRequest& request) {
        // While it catches up, a node does not yet know the set of the next height.
        const std::int64_t ahead = node.is_catching_up() ? 0 : 1;
        return set_answer(node, node.height() + ahead, request.pagination);
      });
  router.add<wire::GetValidatorSetByHeightRequest, wire::GetValidatorSetResponse>(
      std::string(kService) + "GetValidatorSetByHeight",
      [&node](const Context&, const wire::GetValidatorSetByHeightRequest& request)
          -> QueryResult<wire::GetValidatorSetResponse> {
        if (request.height > node.height()) {
          return refuse(Code::kInvalidArgument, std::string(kTooHigh));
        }
        return set_answer(node, request.height, request.pagination);
      });
}

void register_node(QueryRouter& router, const ServiceNode& node, const ServiceNames& names,
                   const AbciQueries& abci) {
  router.add<wire::GetNodeInfoRequest, wire::GetNodeInfoResponse>(
      std::string(kService) + "GetNodeInfo",
      [&node, names](const Context&, const wire::GetNodeInfoRequest&)
          -> QueryResult<wire::GetNodeInfoResponse> { return node_info(node, names); });
  router.add<wire::GetSyncingRequest, wire::GetSyncingResponse>(
      std::string(kService) + "GetSyncing",
      [&node](const Context&,
              const wire::GetSyncingRequest&) -> QueryResult<wire::GetSyncingResponse> {
        return wire::GetSyncingResponse{node.is_catching_up()};
      });
  router.add<wire::AbciQueryRequest, wire::AbciQueryResponse>(
      std::string(kService) + "ABCIQuery",
      [&abci](const Context&, const wire::AbciQueryRequest& request) {
        return abci_answer(abci, request);
      });
}

void register_configuration(QueryRouter& router, const ServiceNode& node,
                            const ServiceNames& names) {
  router.add<wire::ConfigRequest, wire::ConfigResponse>(
      "cosmos.base.node.v1beta1.Service/Config",
      [names](const Context&, const wire::ConfigRequest&) -> QueryResult<wire::ConfigResponse> {
        return wire::ConfigResponse{names.minimum_gas_price, names.pruning_keep_recent,
                                    names.pruning_interval, names.halt_height};
      });
  router.add<wire::StatusRequest, wire::StatusResponse>(
      "cosmos.base.node.v1beta1.Service/Status",
      [&node](const Context& context,
              const wire::StatusRequest&) -> QueryResult<wire::StatusResponse> {
        wire::StatusResponse answer;
        answer.height = static_cast<std::uint64_t>(context.height());
        answer.timestamp = context.block().time;
        const auto header = node.header(context.height());
        if (header) {
          answer.app_hash = header->app_hash;
          answer.validator_hash = bytes_of(header->next_validators_hash);
        }
        return answer;
      });
}

}  // namespace

QueryResult<ServiceBlock> block_at(const ServiceNode& node, std::int64_t height) {
  if (height <= 0) {
    return refuse(Code::kUnknown,
                  "height must be greater than 0, but got " + std::to_string(height));
  }
  if (height > node.height()) {
    return refuse(Code::kUnknown,
                  "height " + std::to_string(height) +
                      " must be less than or equal to the current blockchain height " +
                      std::to_string(node.height()));
  }
  if (height < node.base()) {
    return refuse(Code::kUnknown, "height " + std::to_string(height) +
                                      " is not available, lowest height is " +
                                      std::to_string(node.base()));
  }
  auto found = node.block(height);
  if (!found) return refuse(Code::kInternal, "block " + std::to_string(height) + " is not stored");
  return *std::move(found);
}

void register_node_services(QueryRouter& router, const ServiceNode& node, const ServiceNames& names,
                            const AbciQueries& abci) {
  register_blocks(router, node);
  register_node(router, node, names, abci);
  register_configuration(router, node, names);
  router.add<wire::QuerySubspacesRequest, wire::QuerySubspacesResponse>(
      "cosmos.params.v1beta1.Query/Subspaces", &subspaces);
  router.add<wire::QueryParamsRequest, wire::QueryParamsResponse>(
      "cosmos.params.v1beta1.Query/Params", &param);
}

}  // namespace buri::consensus::api
