#pragma once

#include "node/consensus/modules/auth/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of module auth's queries, but for those that types.hpp has.

namespace buri::consensus::modules::auth {

struct QueryAccountInfoResponse {
  std::optional<BaseAccount> info{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountInfoResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "info", &QueryAccountInfoResponse::info});
  }
};

struct QueryAccountsRequest {
  std::optional<runtime::PageRequest> pagination{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountsRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "pagination", &QueryAccountsRequest::pagination});
  }
};
struct QueryAccountsResponse {
  std::vector<Any> accounts{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "accounts", &QueryAccountsResponse::accounts},
                     Field{2, "pagination", &QueryAccountsResponse::pagination});
  }
};

struct QueryAccountAddressByIDRequest {
  std::int64_t id = 0;  ///< of older clients; refused
  std::uint64_t account_id = 0;
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountAddressByIDRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "id", &QueryAccountAddressByIDRequest::id},
                     Field{2, "account_id", &QueryAccountAddressByIDRequest::account_id});
  }
};
struct QueryAccountAddressByIDResponse {
  std::string account_address{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountAddressByIDResponse";
  static constexpr auto fields() {
    using R = QueryAccountAddressByIDResponse;
    return fields_of(Field{1, "account_address", &R::account_address});
  }
};

struct QueryModuleAccountsRequest {
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryModuleAccountsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryModuleAccountsResponse {
  std::vector<Any> accounts{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryModuleAccountsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "accounts", &QueryModuleAccountsResponse::accounts});
  }
};
struct QueryModuleAccountByNameRequest {
  std::string name{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryModuleAccountByNameRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "name", &QueryModuleAccountByNameRequest::name});
  }
};

/// An address in one of its two forms, and in the other.
struct AddressBytesToStringRequest {
  Bytes address_bytes{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.AddressBytesToStringRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address_bytes", &AddressBytesToStringRequest::address_bytes});
  }
};
struct AddressBytesToStringResponse {
  std::string address_string{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.AddressBytesToStringResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "address_string", &AddressBytesToStringResponse::address_string});
  }
};
struct AddressStringToBytesRequest {
  std::string address_string{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.AddressStringToBytesRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address_string", &AddressStringToBytesRequest::address_string});
  }
};
struct AddressStringToBytesResponse {
  Bytes address_bytes{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.AddressStringToBytesResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "address_bytes", &AddressStringToBytesResponse::address_bytes});
  }
};

}  // namespace buri::consensus::modules::auth
