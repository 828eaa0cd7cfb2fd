#pragma once

#include "node/consensus/modules/gov/types.hpp"

/// Requests and responses of module gov's queries.

namespace buri::consensus::modules::gov {

struct QueryParamsRequest {
  std::string params_type{};  ///< older clients name a part; the whole answers anyway

  static constexpr std::string_view kName = "cosmos.gov.v1.QueryParamsRequest";
  static constexpr auto fields() {
    return std::tuple{Field{1, "params_type", &QueryParamsRequest::params_type}};
  }
};
struct QueryParamsResponse {
  std::optional<Params> params{};

  static constexpr std::string_view kName = "cosmos.gov.v1.QueryParamsResponse";
  static constexpr auto fields() {
    return std::tuple{Field{4, "params", &QueryParamsResponse::params}};
  }
};
struct QueryProposalRequest {
  std::uint64_t proposal_id = 0;

  static constexpr std::string_view kName = "cosmos.gov.v1.QueryProposalRequest";
  static constexpr auto fields() {
    return std::tuple{Field{1, "proposal_id", &QueryProposalRequest::proposal_id}};
  }
};
struct QueryProposalResponse {
  std::optional<Proposal> proposal{};

  static constexpr std::string_view kName = "cosmos.gov.v1.QueryProposalResponse";
  static constexpr auto fields() {
    return std::tuple{Field{1, "proposal", &QueryProposalResponse::proposal}};
  }
};

}  // namespace buri::consensus::modules::gov
