#pragma once

#include "node/consensus/modules/topup/types.hpp"

/// Requests and responses of module topup's queries.

namespace buri::consensus::modules::topup {

struct QueryTopupSequenceRequest {
  std::string tx_hash{};
  std::uint64_t log_index = 0;
  static constexpr std::string_view kName = "heimdallv2.topup.QueryTopupSequenceRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "tx_hash", &QueryTopupSequenceRequest::tx_hash},
                     Field{2, "log_index", &QueryTopupSequenceRequest::log_index});
  }
};
struct QueryTopupSequenceResponse {
  std::string sequence{};
  static constexpr std::string_view kName = "heimdallv2.topup.QueryTopupSequenceResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "sequence", &QueryTopupSequenceResponse::sequence});
  }
};
struct QueryIsTopupTxOldResponse {
  bool is_old = false;
  static constexpr std::string_view kName = "heimdallv2.topup.QueryIsTopupTxOldResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "is_old", &QueryIsTopupTxOldResponse::is_old});
  }
};

struct QueryDividendAccountRequest {
  std::string address{};
  static constexpr std::string_view kName = "heimdallv2.topup.QueryDividendAccountRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &QueryDividendAccountRequest::address});
  }
};
struct QueryDividendAccountResponse {
  DividendAccount dividend_account{};
  static constexpr std::string_view kName = "heimdallv2.topup.QueryDividendAccountResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "dividend_account", &QueryDividendAccountResponse::dividend_account});
  }
};

struct QueryDividendAccountRootHashRequest {
  static constexpr std::string_view kName = "heimdallv2.topup.QueryDividendAccountRootHashRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryDividendAccountRootHashResponse {
  Bytes account_root_hash{};
  static constexpr std::string_view kName = "heimdallv2.topup.QueryDividendAccountRootHashResponse";
  static constexpr auto fields() {
    using R = QueryDividendAccountRootHashResponse;
    return fields_of(Field{1, "account_root_hash", &R::account_root_hash});
  }
};

struct QueryVerifyAccountProofRequest {
  std::string address{};
  std::string proof{};  ///< hex
  static constexpr std::string_view kName = "heimdallv2.topup.QueryVerifyAccountProofRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &QueryVerifyAccountProofRequest::address},
                     Field{2, "proof", &QueryVerifyAccountProofRequest::proof});
  }
};
struct QueryVerifyAccountProofResponse {
  bool is_verified = false;
  static constexpr std::string_view kName = "heimdallv2.topup.QueryVerifyAccountProofResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "is_verified", &QueryVerifyAccountProofResponse::is_verified});
  }
};

struct QueryAccountProofRequest {
  std::string address{};
  static constexpr std::string_view kName = "heimdallv2.topup.QueryAccountProofRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &QueryAccountProofRequest::address});
  }
};
struct AccountProof {
  std::string address{};
  Bytes account_proof{};
  std::uint64_t index = 0;
  static constexpr std::string_view kName = "heimdallv2.topup.AccountProof";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &AccountProof::address},
                     Field{2, "account_proof", &AccountProof::account_proof},
                     Field{3, "index", &AccountProof::index});
  }
};
struct QueryAccountProofResponse {
  AccountProof proof{};
  static constexpr std::string_view kName = "heimdallv2.topup.QueryAccountProofResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proof", &QueryAccountProofResponse::proof});
  }
};

}  // namespace buri::consensus::modules::topup
