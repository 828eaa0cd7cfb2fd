#include "node/consensus/api/simulation.hpp"

#include "node/consensus/codec/json.hpp"
#include "node/consensus/tx/types.hpp"

namespace buri::consensus::api {

Simulation simulation_of(const app::TxResult& result) {
  Simulation made;
  made.gas_info = {result.gas_wanted, result.gas_used};
  SimulatedResult& inner = made.result.emplace();
  inner.data = result.data;
  inner.events = app::abci_events(result.events, app::EventSource::kTransaction);
  if (auto data = codec::decode<tx::TxMsgData>(result.data); data.ok()) {
    inner.msg_responses = std::move(data->msg_responses);
  }
  return made;
}

codec::AnyJson response_json(const runtime::MessageRegistry& registry) {
  codec::AnyJson made;
  made.read = registry.any_json().read;
  made.write = [&registry](std::string& target, const codec::Any& any) {
    if (registry.codec_of(any.type_url) != nullptr) return registry.any_json().write(target, any);
    if (!any.value.empty()) return false;
    target += "{\"@type\":";
    codec::append_json_string(target, any.type_url);
    target += '}';
    return true;
  };
  return made;
}

}  // namespace buri::consensus::api
