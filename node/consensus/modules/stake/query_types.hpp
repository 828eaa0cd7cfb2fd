#pragma once

#include "node/consensus/modules/stake/types.hpp"

/// Requests and responses of module stake's queries.

namespace buri::consensus::modules::stake {

struct QueryCurrentValidatorSetRequest {
  static constexpr std::string_view kName = "heimdallv2.stake.QueryCurrentValidatorSetRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryCurrentValidatorSetResponse {
  ValidatorSet validator_set{};
  static constexpr std::string_view kName = "heimdallv2.stake.QueryCurrentValidatorSetResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "validator_set", &QueryCurrentValidatorSetResponse::validator_set});
  }
};

struct QuerySignerRequest {
  std::string val_address{};
  static constexpr std::string_view kName = "heimdallv2.stake.QuerySignerRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "val_address", &QuerySignerRequest::val_address});
  }
};
struct QueryValidatorRequest {
  std::uint64_t id = 0;
  static constexpr std::string_view kName = "heimdallv2.stake.QueryValidatorRequest";
  static constexpr auto fields() { return fields_of(Field{1, "id", &QueryValidatorRequest::id}); }
};
/// Answers by signer, by id and for the proposer.
struct QueryValidatorResponse {
  Validator validator{};
  static constexpr std::string_view kName = "heimdallv2.stake.QueryValidatorResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "validator", &QueryValidatorResponse::validator});
  }
};

struct QueryValidatorStatusRequest {
  std::string val_address{};
  static constexpr std::string_view kName = "heimdallv2.stake.QueryValidatorStatusRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "val_address", &QueryValidatorStatusRequest::val_address});
  }
};
struct QueryValidatorStatusResponse {
  bool is_old = false;  ///< whether it is a current validator
  static constexpr std::string_view kName = "heimdallv2.stake.QueryValidatorStatusResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "is_old", &QueryValidatorStatusResponse::is_old});
  }
};

struct QueryTotalPowerRequest {
  static constexpr std::string_view kName = "heimdallv2.stake.QueryTotalPowerRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryTotalPowerResponse {
  std::int64_t total_power = 0;
  static constexpr std::string_view kName = "heimdallv2.stake.QueryTotalPowerResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "total_power", &QueryTotalPowerResponse::total_power});
  }
};

struct QueryStakeIsOldTxRequest {
  std::string tx_hash{};
  std::uint64_t log_index = 0;
  static constexpr std::string_view kName = "heimdallv2.stake.QueryStakeIsOldTxRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "tx_hash", &QueryStakeIsOldTxRequest::tx_hash},
                     Field{2, "log_index", &QueryStakeIsOldTxRequest::log_index});
  }
};
struct QueryStakeIsOldTxResponse {
  bool is_old = false;
  static constexpr std::string_view kName = "heimdallv2.stake.QueryStakeIsOldTxResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "is_old", &QueryStakeIsOldTxResponse::is_old});
  }
};

struct QueryProposersRequest {
  std::uint64_t times = 0;
  static constexpr std::string_view kName = "heimdallv2.stake.QueryProposersRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "times", &QueryProposersRequest::times});
  }
};
struct QueryProposersResponse {
  std::vector<Validator> proposers{};
  static constexpr std::string_view kName = "heimdallv2.stake.QueryProposersResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposers", &QueryProposersResponse::proposers});
  }
};

struct QueryCurrentProposerRequest {
  static constexpr std::string_view kName = "heimdallv2.stake.QueryCurrentProposerRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::stake
