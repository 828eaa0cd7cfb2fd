#pragma once

#include <optional>

#include "node/consensus/modules/bank/genesis_types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of module bank's queries.

namespace buri::consensus::modules::bank {

using OptionalPage = std::optional<runtime::PageRequest>;

struct QueryParamsRequest {
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryParamsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryParamsResponse {
  Params params{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryParamsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &QueryParamsResponse::params});
  }
};

struct QueryBalanceRequest {
  std::string address{};
  std::string denom{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryBalanceRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &QueryBalanceRequest::address},
                     Field{2, "denom", &QueryBalanceRequest::denom});
  }
};
struct QueryBalanceResponse {
  std::optional<Coin> balance{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryBalanceResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "balance", &QueryBalanceResponse::balance});
  }
};

struct QueryAllBalancesRequest {
  std::string address{};
  OptionalPage pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryAllBalancesRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &QueryAllBalancesRequest::address},
                     Field{2, "pagination", &QueryAllBalancesRequest::pagination});
  }
};
struct QueryAllBalancesResponse {
  Coins balances{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryAllBalancesResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "balances", &QueryAllBalancesResponse::balances},
                     Field{2, "pagination", &QueryAllBalancesResponse::pagination});
  }
};

struct QueryTotalSupplyRequest {
  OptionalPage pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryTotalSupplyRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "pagination", &QueryTotalSupplyRequest::pagination});
  }
};
struct QueryTotalSupplyResponse {
  Coins supply{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryTotalSupplyResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "supply", &QueryTotalSupplyResponse::supply},
                     Field{2, "pagination", &QueryTotalSupplyResponse::pagination});
  }
};

/// Asks for the supply, for the names or, with pages, for the owners of a denomination.
struct QueryDenomRequest {
  std::string denom{};
  OptionalPage pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryDenomOwnersRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "denom", &QueryDenomRequest::denom},
                     Field{2, "pagination", &QueryDenomRequest::pagination});
  }
};
struct QuerySupplyOfResponse {
  Coin amount{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QuerySupplyOfResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "amount", &QuerySupplyOfResponse::amount});
  }
};
struct QueryDenomMetadataResponse {
  Metadata metadata{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryDenomMetadataResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "metadata", &QueryDenomMetadataResponse::metadata});
  }
};
struct DenomOwner {
  std::string address{};
  Coin balance{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.DenomOwner";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &DenomOwner::address},
                     Field{2, "balance", &DenomOwner::balance});
  }
};
struct QueryDenomOwnersResponse {
  std::vector<DenomOwner> denom_owners{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryDenomOwnersResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "denom_owners", &QueryDenomOwnersResponse::denom_owners},
                     Field{2, "pagination", &QueryDenomOwnersResponse::pagination});
  }
};

struct QueryDenomsMetadataRequest {
  OptionalPage pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryDenomsMetadataRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "pagination", &QueryDenomsMetadataRequest::pagination});
  }
};
struct QueryDenomsMetadataResponse {
  std::vector<Metadata> metadatas{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QueryDenomsMetadataResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "metadatas", &QueryDenomsMetadataResponse::metadatas},
                     Field{2, "pagination", &QueryDenomsMetadataResponse::pagination});
  }
};

struct QuerySendEnabledRequest {
  std::vector<std::string> denoms{};
  OptionalPage pagination{};  ///< used only without denominations
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QuerySendEnabledRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "denoms", &QuerySendEnabledRequest::denoms},
                     Field{99, "pagination", &QuerySendEnabledRequest::pagination});
  }
};
struct QuerySendEnabledResponse {
  std::vector<SendEnabled> send_enabled{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.QuerySendEnabledResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "send_enabled", &QuerySendEnabledResponse::send_enabled},
                     Field{99, "pagination", &QuerySendEnabledResponse::pagination});
  }
};

}  // namespace buri::consensus::modules::bank
