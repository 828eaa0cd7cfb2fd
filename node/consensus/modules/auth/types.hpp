#pragma once

#include <optional>
#include <string>
#include <vector>

#include "node/consensus/codec/schema.hpp"

/// Stored values and messages of module auth (cosmos.auth.v1beta1 of the network's SDK fork).

namespace buri::consensus::modules::auth {

using codec::Any;
using codec::Field;

/// Limits and the flat fee of transactions.
struct Params {
  std::uint64_t max_memo_characters = 0;
  std::uint64_t tx_sig_limit = 0;
  std::uint64_t tx_size_cost_per_byte = 0;
  std::uint64_t sig_verify_cost_ed25519 = 0;
  std::uint64_t sig_verify_cost_secp256k1 = 0;
  std::uint64_t max_tx_gas = 0;
  std::string tx_fees{};  ///< amount of "pol", decimal text

  static constexpr std::string_view kName = "cosmos.auth.v1beta1.Params";
  static constexpr auto fields() {
    return fields_of(Field{1, "max_memo_characters", &Params::max_memo_characters},
                     Field{2, "tx_sig_limit", &Params::tx_sig_limit},
                     Field{3, "tx_size_cost_per_byte", &Params::tx_size_cost_per_byte},
                     Field{4, "sig_verify_cost_ed25519", &Params::sig_verify_cost_ed25519},
                     Field{5, "sig_verify_cost_secp256k1", &Params::sig_verify_cost_secp256k1},
                     Field{6, "max_tx_gas", &Params::max_tx_gas},
                     Field{7, "tx_fees", &Params::tx_fees});
  }
  friend bool operator==(const Params&, const Params&) = default;
};

struct BaseAccount {
  std::string address{};
  std::optional<Any> pub_key{};
  std::uint64_t account_number = 0;
  std::uint64_t sequence = 0;

  static constexpr std::string_view kName = "cosmos.auth.v1beta1.BaseAccount";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &BaseAccount::address},
                     Field{2, "pub_key", &BaseAccount::pub_key},
                     Field{3, "account_number", &BaseAccount::account_number},
                     Field{4, "sequence", &BaseAccount::sequence});
  }
  friend bool operator==(const BaseAccount&, const BaseAccount&) = default;
};

struct ModuleAccount {
  std::optional<BaseAccount> base_account{};
  std::string name{};
  std::vector<std::string> permissions{};

  static constexpr std::string_view kName = "cosmos.auth.v1beta1.ModuleAccount";
  static constexpr auto fields() {
    return fields_of(Field{1, "base_account", &ModuleAccount::base_account},
                     Field{2, "name", &ModuleAccount::name},
                     Field{3, "permissions", &ModuleAccount::permissions});
  }
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "cosmos.auth.v1beta1.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "cosmos-sdk/x/auth/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority},
                     Field{2, "params", &MsgUpdateParams::params, codec::Amino::kKeepEmpty});
  }
};

struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct QueryParamsRequest {
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryParamsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryParamsResponse {
  Params params{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryParamsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &QueryParamsResponse::params});
  }
};
struct QueryAccountRequest {
  std::string address{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &QueryAccountRequest::address});
  }
};
struct QueryAccountResponse {
  std::optional<Any> account{};
  static constexpr std::string_view kName = "cosmos.auth.v1beta1.QueryAccountResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "account", &QueryAccountResponse::account});
  }
};

}  // namespace buri::consensus::modules::auth
