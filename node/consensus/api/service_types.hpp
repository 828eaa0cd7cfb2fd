#pragma once

#include "node/consensus/api/block_types.hpp"
#include "node/consensus/p2p/node_info.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of the node's own services: cosmos.base.tendermint, cosmos.base.node and
/// cosmos.params (.proto files of the network's SDK fork).

namespace buri::consensus::api::wire {

using runtime::PageRequest;
using runtime::PageResponse;

struct GetNodeInfoRequest {
  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.GetNodeInfoRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct GetSyncingRequest {
  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.GetSyncingRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct GetLatestBlockRequest {
  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.GetLatestBlockRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct Module {
  std::string path{};
  std::string version{};
  std::string sum{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.Module";
  static constexpr auto fields() {
    using codec::Field;
    using T = Module;
    return fields_of(Field{1, "path", &T::path}, Field{2, "version", &T::version},
                     Field{3, "sum", &T::sum});
  }
};

struct VersionInfo {
  std::string name{};
  std::string app_name{};
  std::string version{};
  std::string git_commit{};
  std::string build_tags{};
  std::string go_version{};
  std::vector<Module> build_deps{};
  std::string cosmos_sdk_version{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.VersionInfo";
  static constexpr auto fields() {
    using codec::Field;
    using T = VersionInfo;
    return fields_of(Field{1, "name", &T::name}, Field{2, "app_name", &T::app_name},
                     Field{3, "version", &T::version}, Field{4, "git_commit", &T::git_commit},
                     Field{5, "build_tags", &T::build_tags}, Field{6, "go_version", &T::go_version},
                     Field{7, "build_deps", &T::build_deps},
                     Field{8, "cosmos_sdk_version", &T::cosmos_sdk_version});
  }
};

struct GetNodeInfoResponse {
  std::optional<p2p::NodeInfo> default_node_info{};
  std::optional<VersionInfo> application_version{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.GetNodeInfoResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetNodeInfoResponse;
    return fields_of(Field{1, "default_node_info", &T::default_node_info},
                     Field{2, "application_version", &T::application_version});
  }
};

struct GetSyncingResponse {
  bool syncing = false;

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.GetSyncingResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetSyncingResponse;
    return fields_of(Field{1, "syncing", &T::syncing});
  }
};

struct GetBlockByHeightRequest {
  std::int64_t height = 0;

  static constexpr std::string_view kName =
      "cosmos.base.tendermint.v1beta1.GetBlockByHeightRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetBlockByHeightRequest;
    return fields_of(Field{1, "height", &T::height});
  }
};

/// Of both ways to ask for a block.
struct GetBlockResponse {
  std::optional<BlockId> block_id{};
  std::optional<Block> block{};
  std::optional<SdkBlock> sdk_block{};

  static constexpr std::string_view kName =
      "cosmos.base.tendermint.v1beta1.GetBlockByHeightResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetBlockResponse;
    return fields_of(Field{1, "block_id", &T::block_id}, Field{2, "block", &T::block},
                     Field{3, "sdk_block", &T::sdk_block});
  }
};

struct GetLatestValidatorSetRequest {
  std::optional<PageRequest> pagination{};

  static constexpr std::string_view kName =
      "cosmos.base.tendermint.v1beta1.GetLatestValidatorSetRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetLatestValidatorSetRequest;
    return fields_of(Field{1, "pagination", &T::pagination});
  }
};

struct GetValidatorSetByHeightRequest {
  std::int64_t height = 0;
  std::optional<PageRequest> pagination{};

  static constexpr std::string_view kName =
      "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetValidatorSetByHeightRequest;
    return fields_of(Field{1, "height", &T::height}, Field{2, "pagination", &T::pagination});
  }
};

struct SdkValidator {
  std::string address{};
  std::optional<Any> pub_key{};
  std::int64_t voting_power = 0;
  std::int64_t proposer_priority = 0;

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.Validator";
  static constexpr auto fields() {
    using codec::Field;
    using T = SdkValidator;
    return fields_of(Field{1, "address", &T::address}, Field{2, "pub_key", &T::pub_key},
                     Field{3, "voting_power", &T::voting_power},
                     Field{4, "proposer_priority", &T::proposer_priority});
  }
};

/// Of both ways to ask for a set.
struct GetValidatorSetResponse {
  std::int64_t block_height = 0;
  std::vector<SdkValidator> validators{};
  std::optional<PageResponse> pagination{};

  static constexpr std::string_view kName =
      "cosmos.base.tendermint.v1beta1.GetValidatorSetByHeightResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = GetValidatorSetResponse;
    return fields_of(Field{1, "block_height", &T::block_height},
                     Field{2, "validators", &T::validators},
                     Field{3, "pagination", &T::pagination});
  }
};

struct AbciQueryRequest {
  Bytes data{};
  std::string path{};
  std::int64_t height = 0;
  bool prove = false;

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.ABCIQueryRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = AbciQueryRequest;
    return fields_of(Field{1, "data", &T::data}, Field{2, "path", &T::path},
                     Field{3, "height", &T::height}, Field{4, "prove", &T::prove});
  }
};

struct ProofOp {
  std::string type{};
  Bytes key{};
  Bytes data{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.ProofOp";
  static constexpr auto fields() {
    using codec::Field;
    using T = ProofOp;
    return fields_of(Field{1, "type", &T::type}, Field{2, "key", &T::key},
                     Field{3, "data", &T::data});
  }
};

struct ProofOps {
  std::vector<ProofOp> ops{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.ProofOps";
  static constexpr auto fields() {
    using codec::Field;
    using T = ProofOps;
    return fields_of(Field{1, "ops", &T::ops});
  }
};

struct AbciQueryResponse {
  std::uint32_t code = 0;
  std::string log{};
  std::string info{};
  std::int64_t index = 0;
  Bytes key{};
  Bytes value{};
  std::optional<ProofOps> proof_ops{};
  std::int64_t height = 0;
  std::string codespace{};

  static constexpr std::string_view kName = "cosmos.base.tendermint.v1beta1.ABCIQueryResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = AbciQueryResponse;
    return fields_of(Field{1, "code", &T::code}, Field{3, "log", &T::log},
                     Field{4, "info", &T::info}, Field{5, "index", &T::index},
                     Field{6, "key", &T::key}, Field{7, "value", &T::value},
                     Field{8, "proof_ops", &T::proof_ops}, Field{9, "height", &T::height},
                     Field{10, "codespace", &T::codespace});
  }
};

struct ConfigRequest {
  static constexpr std::string_view kName = "cosmos.base.node.v1beta1.ConfigRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct ConfigResponse {
  std::string minimum_gas_price{};
  std::string pruning_keep_recent{};
  std::string pruning_interval{};
  std::uint64_t halt_height = 0;

  static constexpr std::string_view kName = "cosmos.base.node.v1beta1.ConfigResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = ConfigResponse;
    return fields_of(Field{1, "minimum_gas_price", &T::minimum_gas_price},
                     Field{2, "pruning_keep_recent", &T::pruning_keep_recent},
                     Field{3, "pruning_interval", &T::pruning_interval},
                     Field{4, "halt_height", &T::halt_height});
  }
};

struct StatusRequest {
  static constexpr std::string_view kName = "cosmos.base.node.v1beta1.StatusRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct StatusResponse {
  std::uint64_t earliest_store_height = 0;
  std::uint64_t height = 0;
  std::optional<Timestamp> timestamp{};
  Bytes app_hash{};
  Bytes validator_hash{};

  static constexpr std::string_view kName = "cosmos.base.node.v1beta1.StatusResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = StatusResponse;
    return fields_of(Field{1, "earliest_store_height", &T::earliest_store_height},
                     Field{2, "height", &T::height}, Field{3, "timestamp", &T::timestamp},
                     Field{4, "app_hash", &T::app_hash},
                     Field{5, "validator_hash", &T::validator_hash});
  }
};

struct QueryParamsRequest {
  std::string subspace{};
  std::string key{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.QueryParamsRequest";
  static constexpr auto fields() {
    using codec::Field;
    using T = QueryParamsRequest;
    return fields_of(Field{1, "subspace", &T::subspace}, Field{2, "key", &T::key});
  }
};

struct ParamChange {
  std::string subspace{};
  std::string key{};
  std::string value{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.ParamChange";
  static constexpr auto fields() {
    using codec::Field;
    using T = ParamChange;
    return fields_of(Field{1, "subspace", &T::subspace}, Field{2, "key", &T::key},
                     Field{3, "value", &T::value});
  }
};

struct QueryParamsResponse {
  ParamChange param{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.QueryParamsResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = QueryParamsResponse;
    return fields_of(Field{1, "param", &T::param});
  }
};

struct QuerySubspacesRequest {
  static constexpr std::string_view kName = "cosmos.params.v1beta1.QuerySubspacesRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct Subspace {
  std::string subspace{};
  std::vector<std::string> keys{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.Subspace";
  static constexpr auto fields() {
    using codec::Field;
    using T = Subspace;
    return fields_of(Field{1, "subspace", &T::subspace}, Field{2, "keys", &T::keys});
  }
};

struct QuerySubspacesResponse {
  std::vector<Subspace> subspaces{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.QuerySubspacesResponse";
  static constexpr auto fields() {
    using codec::Field;
    using T = QuerySubspacesResponse;
    return fields_of(Field{1, "subspaces", &T::subspaces});
  }
};

}  // namespace buri::consensus::api::wire
