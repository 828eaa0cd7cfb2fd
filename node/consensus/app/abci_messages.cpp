#include "node/consensus/app/abci_messages.hpp"

namespace buri::consensus::app {
namespace {

bool has_mode(const runtime::Event& event) {
  return !event.attributes.empty() && event.attributes.back().first == "mode";
}

}  // namespace

bool is_indexed(const runtime::Event& event, EventSource source) {
  return source == EventSource::kTransaction || has_mode(event);
}

std::vector<AbciEvent> abci_events(const runtime::EventLog& events, EventSource source) {
  std::vector<AbciEvent> made;
  for (const runtime::Event& event : events) {
    const bool is_event_indexed = is_indexed(event, source);
    AbciEvent& target = made.emplace_back(AbciEvent{event.type, {}});
    for (const auto& [key, value] : event.attributes) {
      target.attributes.push_back({key, value, is_event_indexed});
    }
  }
  return made;
}

AbciTxResult abci_tx_result(const TxResult& result) {
  return {.code = result.code,
          .data = result.data,
          .log = result.log,
          .info = {},
          .gas_wanted = static_cast<std::int64_t>(result.gas_wanted),
          .gas_used = static_cast<std::int64_t>(result.gas_used),
          .events = abci_events(result.events, EventSource::kTransaction),
          .codespace = result.codespace};
}

}  // namespace buri::consensus::app
