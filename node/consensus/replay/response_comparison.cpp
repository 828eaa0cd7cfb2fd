#include "node/consensus/replay/response_comparison.hpp"

#include "base/hex.hpp"

namespace buri::consensus::replay {
namespace {

using runtime::EventLog;

std::string text_of(const runtime::Event& event) {
  std::string text = event.type + " {";
  for (const auto& [key, value] : event.attributes) text += " " + key + "=" + value;
  return text + " }";
}

void compare_events(std::string_view where, const EventLog& expected, const EventLog& found,
                    Comparison& comparison) {
  if (expected == found) return;
  const std::string prefix(where);
  for (std::size_t i = 0; i < std::max(expected.size(), found.size()); ++i) {
    const std::string theirs = i < expected.size() ? text_of(expected[i]) : "no event";
    const std::string ours = i < found.size() ? text_of(found[i]) : "no event";
    comparison.compare(prefix + "event " + std::to_string(i), theirs, ours);
  }
}

void compare_tx(std::size_t index, const app::TxResult& expected, const app::TxResult& found,
                Comparison& comparison) {
  const std::string tx = "tx " + std::to_string(index) + " ";
  if (expected.code != found.code) {
    comparison.note({.rule = tx + "code",
                     .expected = std::to_string(expected.code) + " (" + expected.log + ")",
                     .found = std::to_string(found.code) + " (" + found.log + ")"});
  }
  comparison.compare(tx + "codespace", expected.codespace, found.codespace);
  comparison.compare(tx + "gas wanted", expected.gas_wanted, found.gas_wanted);
  comparison.compare(tx + "gas used", expected.gas_used, found.gas_used);
  comparison.compare(tx + "data", ByteView(expected.data), ByteView(found.data));
  compare_events(tx, expected.events, found.events, comparison);
}

std::string text_of(const std::vector<runtime::ValidatorUpdate>& updates) {
  std::string text;
  for (const auto& update : updates) {
    text += to_hex(update.public_key) + "=" + std::to_string(update.power) + " ";
  }
  return text;
}

}  // namespace

void compare_response(const app::BlockResult& expected, const app::BlockResult& found,
                      Comparison& comparison) {
  comparison.compare("number of tx results", expected.txs.size(), found.txs.size());
  for (std::size_t i = 0; i < std::min(expected.txs.size(), found.txs.size()); ++i) {
    compare_tx(i, expected.txs[i], found.txs[i], comparison);
  }
  compare_events("block ", expected.events, found.events, comparison);
  if (expected.validator_updates.size() + found.validator_updates.size() > 0) {
    comparison.compare("validator updates", text_of(expected.validator_updates),
                       text_of(found.validator_updates));
  }
  comparison.compare("consensus parameters", ByteView(expected.consensus_params),
                     ByteView(found.consensus_params));
  comparison.compare("app hash", ByteView(expected.app_hash), ByteView(found.app_hash));
}

}  // namespace buri::consensus::replay
