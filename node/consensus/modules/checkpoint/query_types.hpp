#pragma once

#include "node/consensus/modules/checkpoint/message_types.hpp"
#include "node/consensus/modules/stake/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of module checkpoint's queries.

namespace buri::consensus::modules::checkpoint {

struct QueryParamsRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryParamsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryParamsResponse {
  Params params{};
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryParamsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &QueryParamsResponse::params});
  }
};

struct QueryAckCountRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryAckCountRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryAckCountResponse {
  std::uint64_t ack_count = 0;
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryAckCountResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "ack_count", &QueryAckCountResponse::ack_count});
  }
};

struct QueryLastNoAckRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryLastNoAckRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryLastNoAckResponse {
  std::uint64_t last_no_ack_id = 0;  ///< Unix seconds
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryLastNoAckResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "last_no_ack_id", &QueryLastNoAckResponse::last_no_ack_id});
  }
};

struct QueryCheckpointRequest {
  std::uint64_t number = 0;
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "number", &QueryCheckpointRequest::number});
  }
};
struct QueryCheckpointResponse {
  Checkpoint checkpoint{};
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "checkpoint", &QueryCheckpointResponse::checkpoint});
  }
};

struct QueryCheckpointLatestRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointLatestRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryCheckpointBufferRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointBufferRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct QueryNextCheckpointRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryNextCheckpointRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryNextCheckpointResponse {
  MsgCheckpoint checkpoint{};
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryNextCheckpointResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "checkpoint", &QueryNextCheckpointResponse::checkpoint});
  }
};

struct QueryCheckpointListRequest {
  runtime::PageRequest pagination{};
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointListRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "pagination", &QueryCheckpointListRequest::pagination});
  }
};
struct QueryCheckpointListResponse {
  std::vector<Checkpoint> checkpoint_list{};
  runtime::PageResponse pagination{};
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointListResponse";
  static constexpr auto fields() {
    using R = QueryCheckpointListResponse;
    return fields_of(Field{1, "checkpoint_list", &R::checkpoint_list},
                     Field{2, "pagination", &R::pagination});
  }
};

struct QueryCheckpointOverviewRequest {
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointOverviewRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryCheckpointOverviewResponse {
  std::uint64_t ack_count = 0;
  std::uint64_t last_no_ack_id = 0;
  Checkpoint buffer_checkpoint{};
  std::uint64_t validator_count = 0;
  stake::ValidatorSet validator_set{};
  static constexpr std::string_view kName = "heimdallv2.checkpoint.QueryCheckpointOverviewResponse";
  static constexpr auto fields() {
    using R = QueryCheckpointOverviewResponse;
    return fields_of(Field{1, "ack_count", &R::ack_count},
                     Field{2, "last_no_ack_id", &R::last_no_ack_id},
                     Field{3, "buffer_checkpoint", &R::buffer_checkpoint},
                     Field{4, "validator_count", &R::validator_count},
                     Field{5, "validator_set", &R::validator_set});
  }
};

struct QueryCheckpointSignaturesRequest {
  std::string tx_hash{};  ///< hex without "0x"
  static constexpr std::string_view kName =
      "heimdallv2.checkpoint.QueryCheckpointSignaturesRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "tx_hash", &QueryCheckpointSignaturesRequest::tx_hash});
  }
};
struct QueryCheckpointSignaturesResponse {
  std::vector<CheckpointSignature> signatures{};
  static constexpr std::string_view kName =
      "heimdallv2.checkpoint.QueryCheckpointSignaturesResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "signatures", &QueryCheckpointSignaturesResponse::signatures});
  }
};

}  // namespace buri::consensus::modules::checkpoint
