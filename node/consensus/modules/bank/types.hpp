#pragma once

#include <string>
#include <vector>

#include "node/consensus/runtime/coins.hpp"

/// Stored values and messages of module bank (cosmos.bank.v1beta1).

namespace buri::consensus::modules::bank {

using codec::Field;
using runtime::Coin;
using runtime::Coins;

struct SendEnabled {
  std::string denom{};
  bool enabled = false;

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.SendEnabled";
  static constexpr auto fields() {
    return fields_of(Field{1, "denom", &SendEnabled::denom},
                     Field{2, "enabled", &SendEnabled::enabled});
  }
};

struct Params {
  std::vector<SendEnabled> send_enabled{};  ///< deprecated: moved into entries when set
  bool default_send_enabled = false;

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.Params";
  static constexpr auto fields() {
    return fields_of(Field{1, "send_enabled", &Params::send_enabled},
                     Field{2, "default_send_enabled", &Params::default_send_enabled});
  }
};

struct MsgSend {
  std::string from_address{};
  std::string to_address{};
  Coins amount{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgSend";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgSend";
  static constexpr auto fields() {
    return fields_of(Field{1, "from_address", &MsgSend::from_address},
                     Field{2, "to_address", &MsgSend::to_address},
                     Field{3, "amount", &MsgSend::amount, codec::Amino::kCoins});
  }
};
struct MsgSendResponse {
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgSendResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct Input {
  std::string address{};
  Coins coins{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.Input";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &Input::address},
                     Field{2, "coins", &Input::coins, codec::Amino::kCoins});
  }
};
struct Output {
  std::string address{};
  Coins coins{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.Output";
  static constexpr auto fields() {
    return fields_of(Field{1, "address", &Output::address},
                     Field{2, "coins", &Output::coins, codec::Amino::kCoins});
  }
};
struct MsgMultiSend {
  std::vector<Input> inputs{};
  std::vector<Output> outputs{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgMultiSend";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgMultiSend";
  static constexpr auto fields() {
    return fields_of(Field{1, "inputs", &MsgMultiSend::inputs, codec::Amino::kKeepEmpty},
                     Field{2, "outputs", &MsgMultiSend::outputs, codec::Amino::kKeepEmpty});
  }
};
struct MsgMultiSendResponse {
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgMultiSendResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "cosmos-sdk/x/bank/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority},
                     Field{2, "params", &MsgUpdateParams::params, codec::Amino::kKeepEmpty});
  }
};
struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgSetSendEnabled {
  std::string authority{};
  std::vector<SendEnabled> send_enabled{};
  std::vector<std::string> use_default_for{};

  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgSetSendEnabled";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgSetSendEnabled";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgSetSendEnabled::authority},
                     Field{2, "send_enabled", &MsgSetSendEnabled::send_enabled},
                     Field{3, "use_default_for", &MsgSetSendEnabled::use_default_for});
  }
};
struct MsgSetSendEnabledResponse {
  static constexpr std::string_view kName = "cosmos.bank.v1beta1.MsgSetSendEnabledResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::bank
