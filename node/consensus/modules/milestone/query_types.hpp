#pragma once

#include "node/consensus/modules/milestone/types.hpp"

/// Requests and responses of module milestone's queries.

namespace buri::consensus::modules::milestone {

struct QueryParamsRequest {
  static constexpr std::string_view kName = "heimdallv2.milestone.QueryParamsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryParamsResponse {
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.milestone.QueryParamsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &QueryParamsResponse::params});
  }
};
struct QueryCountRequest {
  static constexpr std::string_view kName = "heimdallv2.milestone.QueryCountRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryCountResponse {
  std::uint64_t count = 0;

  static constexpr std::string_view kName = "heimdallv2.milestone.QueryCountResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "count", &QueryCountResponse::count});
  }
};
struct QueryLatestMilestoneRequest {
  static constexpr std::string_view kName = "heimdallv2.milestone.QueryLatestMilestoneRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryLatestMilestoneResponse {
  Milestone milestone{};

  static constexpr std::string_view kName = "heimdallv2.milestone.QueryLatestMilestoneResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "milestone", &QueryLatestMilestoneResponse::milestone});
  }
};
struct QueryMilestoneRequest {
  std::uint64_t number = 0;

  static constexpr std::string_view kName = "heimdallv2.milestone.QueryMilestoneRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "number", &QueryMilestoneRequest::number});
  }
};
struct QueryMilestoneResponse {
  Milestone milestone{};

  static constexpr std::string_view kName = "heimdallv2.milestone.QueryMilestoneResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "milestone", &QueryMilestoneResponse::milestone});
  }
};

}  // namespace buri::consensus::modules::milestone
