#pragma once

#include "node/consensus/app/abci_messages.hpp"
#include "node/consensus/app/tx_runner.hpp"
#include "node/consensus/codec/schema.hpp"

/// What an estimate of gas says on the wire (cosmos/base/abci/v1beta1/abci.proto).

namespace buri::consensus::api {

using app::AbciEvent;
using app::AbciEventAttribute;

struct GasInfo {
  std::uint64_t gas_wanted = 0;  ///< 2^64 - 1: an estimate has no limit
  std::uint64_t gas_used = 0;
  static constexpr std::string_view kName = "cosmos.base.abci.v1beta1.GasInfo";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "gas_wanted", &GasInfo::gas_wanted},
                     Field{2, "gas_used", &GasInfo::gas_used});
  }
};

struct SimulatedResult {
  Bytes data{};
  std::string log{};
  std::vector<AbciEvent> events{};
  std::vector<codec::Any> msg_responses{};
  static constexpr std::string_view kName = "cosmos.base.abci.v1beta1.Result";
  static constexpr auto fields() {
    using codec::Field;
    using R = SimulatedResult;
    return fields_of(Field{1, "data", &R::data}, Field{2, "log", &R::log},
                     Field{3, "events", &R::events}, Field{4, "msg_responses", &R::msg_responses});
  }
};

/// SimulationResponse of /app/simulate, and SimulateResponse of the service tx: the same fields.
struct Simulation {
  GasInfo gas_info{};
  std::optional<SimulatedResult> result{};
  static constexpr std::string_view kName = "cosmos.tx.v1beta1.SimulateResponse";
  static constexpr auto fields() {
    using codec::Field;
    return fields_of(Field{1, "gas_info", &Simulation::gas_info},
                     Field{2, "result", &Simulation::result});
  }
};

/// REQUIRES: result.ok().
Simulation simulation_of(const app::TxResult& result);

/// Writes Anys as `registry` does, and the empty responses of messages, which it does not know.
codec::AnyJson response_json(const runtime::MessageRegistry& registry);

}  // namespace buri::consensus::api
