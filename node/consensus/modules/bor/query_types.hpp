#pragma once

#include "node/consensus/modules/bor/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of module bor's queries. A map of the .proto file is a list of entries
/// here, which is what it is on the wire; ascending by key.

namespace buri::consensus::modules::bor {

struct QueryLatestSpanRequest {
  static constexpr std::string_view kName = "heimdallv2.bor.QueryLatestSpanRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryLatestSpanResponse {
  Span span{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryLatestSpanResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "span", &QueryLatestSpanResponse::span});
  }
};
struct QuerySpanByIdRequest {
  std::string id{};

  static constexpr std::string_view kName = "heimdallv2.bor.QuerySpanByIdRequest";
  static constexpr auto fields() { return fields_of(Field{1, "id", &QuerySpanByIdRequest::id}); }
};
struct QuerySpanByIdResponse {
  std::optional<Span> span{};

  static constexpr std::string_view kName = "heimdallv2.bor.QuerySpanByIdResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "span", &QuerySpanByIdResponse::span});
  }
};
struct QueryNextSpanSeedRequest {
  std::uint64_t id = 0;

  static constexpr std::string_view kName = "heimdallv2.bor.QueryNextSpanSeedRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "id", &QueryNextSpanSeedRequest::id});
  }
};
struct QueryNextSpanSeedResponse {
  std::string seed{};         ///< "0x" and hex
  std::string seed_author{};  ///< with the checksum's capitals

  static constexpr std::string_view kName = "heimdallv2.bor.QueryNextSpanSeedResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "seed", &QueryNextSpanSeedResponse::seed},
                     Field{2, "seed_author", &QueryNextSpanSeedResponse::seed_author});
  }
};
struct QueryNextSpanRequest {
  std::uint64_t span_id = 0;
  std::uint64_t start_block = 0;
  std::string bor_chain_id{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryNextSpanRequest";
  static constexpr auto fields() {
    using Q = QueryNextSpanRequest;
    return fields_of(Field{1, "span_id", &Q::span_id}, Field{2, "start_block", &Q::start_block},
                     Field{3, "bor_chain_id", &Q::bor_chain_id});
  }
};
struct QueryNextSpanResponse {
  Span span{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryNextSpanResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "span", &QueryNextSpanResponse::span});
  }
};
struct QueryParamsRequest {
  static constexpr std::string_view kName = "heimdallv2.bor.QueryParamsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryParamsResponse {
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryParamsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &QueryParamsResponse::params});
  }
};
struct QueryProducerVotesByValidatorIdRequest {
  std::uint64_t validator_id = 0;

  static constexpr std::string_view kName = "heimdallv2.bor.QueryProducerVotesByValidatorIdRequest";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "validator_id", &QueryProducerVotesByValidatorIdRequest::validator_id});
  }
};
struct QueryProducerVotesByValidatorIdResponse {
  std::vector<std::uint64_t> votes{};

  static constexpr std::string_view kName =
      "heimdallv2.bor.QueryProducerVotesByValidatorIdResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "votes", &QueryProducerVotesByValidatorIdResponse::votes});
  }
};
struct QueryProducerPlannedDowntimeRequest {
  std::uint64_t producer_id = 0;

  static constexpr std::string_view kName = "heimdallv2.bor.QueryProducerPlannedDowntimeRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "producer_id", &QueryProducerPlannedDowntimeRequest::producer_id});
  }
};
struct QueryProducerPlannedDowntimeResponse {
  BlockRange downtime_range{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryProducerPlannedDowntimeResponse";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "downtime_range", &QueryProducerPlannedDowntimeResponse::downtime_range});
  }
};

struct QuerySpanListRequest {
  runtime::PageRequest pagination{};

  static constexpr std::string_view kName = "heimdallv2.bor.QuerySpanListRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "pagination", &QuerySpanListRequest::pagination});
  }
};
struct QuerySpanListResponse {
  std::vector<Span> span_list{};
  runtime::PageResponse pagination{};

  static constexpr std::string_view kName = "heimdallv2.bor.QuerySpanListResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "span_list", &QuerySpanListResponse::span_list},
                     Field{2, "pagination", &QuerySpanListResponse::pagination});
  }
};
struct QueryProducerVotesRequest {
  static constexpr std::string_view kName = "heimdallv2.bor.QueryProducerVotesRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct VotesEntry {
  std::uint64_t key = 0;  ///< validator id
  ProducerVotes value{};

  static constexpr std::string_view kName =
      "heimdallv2.bor.QueryProducerVotesResponse.AllVotesEntry";
  static constexpr bool kIsMapEntry = true;
  static constexpr auto fields() {
    return fields_of(Field{1, "key", &VotesEntry::key}, Field{2, "value", &VotesEntry::value});
  }
};
struct QueryProducerVotesResponse {
  std::vector<VotesEntry> all_votes{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryProducerVotesResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "all_votes", &QueryProducerVotesResponse::all_votes});
  }
};
struct QueryValidatorPerformanceScoreRequest {
  static constexpr std::string_view kName = "heimdallv2.bor.QueryValidatorPerformanceScoreRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct ScoreEntry {
  std::uint64_t key = 0;  ///< validator id
  std::uint64_t value = 0;

  static constexpr std::string_view kName =
      "heimdallv2.bor.QueryValidatorPerformanceScoreResponse.ValidatorPerformanceScoreEntry";
  static constexpr bool kIsMapEntry = true;
  static constexpr auto fields() {
    return fields_of(Field{1, "key", &ScoreEntry::key}, Field{2, "value", &ScoreEntry::value});
  }
};
struct QueryValidatorPerformanceScoreResponse {
  std::vector<ScoreEntry> validator_performance_score{};

  static constexpr std::string_view kName = "heimdallv2.bor.QueryValidatorPerformanceScoreResponse";
  static constexpr auto fields() {
    using Q = QueryValidatorPerformanceScoreResponse;
    return fields_of(Field{1, "validator_performance_score", &Q::validator_performance_score});
  }
};

}  // namespace buri::consensus::modules::bor
