#pragma once

#include <optional>
#include <string>

#include "node/consensus/codec/schema.hpp"

/// Stored values and messages of module chainmanager (heimdallv2.chainmanager).

namespace buri::consensus::modules::chainmanager {

using codec::Amino;
using codec::Field;

/// Chain ids and contract addresses, all texts as the genesis or governance wrote them.
struct ChainParams {
  std::string bor_chain_id{};
  std::string heimdall_chain_id{};
  std::string pol_token_address{};
  std::string staking_manager_address{};
  std::string slash_manager_address{};
  std::string root_chain_address{};
  std::string staking_info_address{};
  std::string state_sender_address{};
  std::string state_receiver_address{};
  std::string validator_set_address{};

  static constexpr std::string_view kName = "heimdallv2.chainmanager.ChainParams";
  static constexpr auto fields() {
    using enum Amino;
    using C = ChainParams;
    return fields_of(Field{1, "bor_chain_id", &C::bor_chain_id, kKeepEmpty},
                     Field{2, "heimdall_chain_id", &C::heimdall_chain_id, kKeepEmpty},
                     Field{3, "pol_token_address", &C::pol_token_address, kKeepEmpty},
                     Field{4, "staking_manager_address", &C::staking_manager_address, kKeepEmpty},
                     Field{5, "slash_manager_address", &C::slash_manager_address, kKeepEmpty},
                     Field{6, "root_chain_address", &C::root_chain_address, kKeepEmpty},
                     Field{7, "staking_info_address", &C::staking_info_address, kKeepEmpty},
                     Field{8, "state_sender_address", &C::state_sender_address, kKeepEmpty},
                     Field{9, "state_receiver_address", &C::state_receiver_address, kKeepEmpty},
                     Field{10, "validator_set_address", &C::validator_set_address, kKeepEmpty});
  }
  friend bool operator==(const ChainParams&, const ChainParams&) = default;
};

struct Params {
  ChainParams chain_params{};
  std::uint64_t main_chain_tx_confirmations = 0;
  std::uint64_t bor_chain_tx_confirmations = 0;

  static constexpr std::string_view kName = "heimdallv2.chainmanager.Params";
  static constexpr auto fields() {
    using enum Amino;
    return fields_of(
        Field{1, "chain_params", &Params::chain_params, kKeepEmpty},
        Field{2, "main_chain_tx_confirmations", &Params::main_chain_tx_confirmations, kKeepEmpty},
        Field{3, "bor_chain_tx_confirmations", &Params::bor_chain_tx_confirmations, kKeepEmpty});
  }
  friend bool operator==(const Params&, const Params&) = default;
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.chainmanager.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "heimdallv2/chainmanager/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority, Amino::kKeepEmpty},
                     Field{2, "params", &MsgUpdateParams::params, Amino::kKeepEmpty});
  }
};
struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "heimdallv2.chainmanager.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct GenesisState {
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.chainmanager.GenesisState";
  static constexpr auto fields() { return fields_of(Field{1, "params", &GenesisState::params}); }
};

struct QueryParamsRequest {
  static constexpr std::string_view kName = "heimdallv2.chainmanager.QueryParamsRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryParamsResponse {
  Params params{};

  static constexpr std::string_view kName = "heimdallv2.chainmanager.QueryParamsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "params", &QueryParamsResponse::params});
  }
};

}  // namespace buri::consensus::modules::chainmanager
