#include "node/devnet/view.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.hpp"

namespace buri::devnet {
namespace {

namespace json = boost::json;

std::string url(std::uint16_t port) { return fmt::format("http://127.0.0.1:{}", port); }

/// "runs", "starts", or how it ended.
std::string state_of(const Daemon& daemon, bool answers) {
  if (daemon.is_running()) return answers ? "runs" : "starts";
  return daemon.end().empty() ? "stopped" : daemon.end();
}

json::object validator_json(const Network& network, std::size_t number,
                            const ValidatorStatus& status) {
  const Ports& ports = network.ports(number);
  const Daemon& node = network.node(number);
  const Daemon* signer = network.signer(number);
  return {{"number", number},
          {"address", "0x" + to_hex(network.identity().validators[number - 1].address())},
          {"node", state_of(node, status.answers)},
          {"node_process", node.process()},
          {"height", status.height},
          {"round", status.round},
          {"peers", status.peers},
          {"hash", status.hash},
          {"signer",
           signer != nullptr && !signer->is_running() ? state_of(*signer, false) : status.signer},
          {"signer_process", signer != nullptr ? signer->process() : 0},
          {"rpc", url(ports.rpc)},
          {"rest", url(ports.rest)},
          {"grpc", fmt::format("127.0.0.1:{}", ports.grpc)},
          {"metrics", url(ports.metrics)},
          {"p2p", fmt::format("127.0.0.1:{}", ports.p2p)}};
}

std::string text(const json::value& object, std::string_view key) {
  const json::value& value = object.at(key);
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

}  // namespace

json::object status_json(const Network& network, const std::vector<ValidatorStatus>& statuses) {
  json::array validators;
  std::int64_t height = 0;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    validators.push_back(validator_json(network, i + 1, statuses[i]));
    height = std::max(height, statuses[i].height);
  }
  return {{"chain_id", network.identity().chain_id},
          {"home", network.layout().root().string()},
          {"height", height},
          {"groups", groups_text(network.links().groups())},
          {"validators", validators}};
}

std::vector<std::string> status_lines(const json::object& status) {
  const std::string groups = text(status, "groups");
  std::vector<std::string> lines{fmt::format("{}: height {}{}", text(status, "chain_id"),
                                             text(status, "height"),
                                             groups.empty() ? "" : ", partition " + groups)};
  lines.push_back(fmt::format("  {:>2}  {:<18} {:>8} {:>5} {:>5}  {:<12} {}", "", "node", "height",
                              "round", "peers", "signer", "rpc"));
  for (const json::value& validator : status.at("validators").as_array()) {
    lines.push_back(
        fmt::format("  {:>2}  {:<18} {:>8} {:>5} {:>5}  {:<12} {}", text(validator, "number"),
                    text(validator, "node"), text(validator, "height"), text(validator, "round"),
                    text(validator, "peers"), text(validator, "signer"), text(validator, "rpc")));
  }
  return lines;
}

std::string summary_line(const json::object& status) {
  std::int64_t lowest = INT64_MAX;
  std::size_t running = 0;
  std::size_t active = 0;
  const json::array& validators = status.at("validators").as_array();
  for (const json::value& validator : validators) {
    active += text(validator, "signer") == "ACTIVE" ? 1 : 0;
    if (text(validator, "node") != "runs") continue;
    ++running;
    lowest = std::min(lowest, validator.at("height").as_int64());
  }
  const std::string groups = text(status, "groups");
  return fmt::format("height {} to {}, {} of {} validators run, {} signers ACTIVE{}",
                     running == 0 ? 0 : lowest, text(status, "height"), running, validators.size(),
                     active, groups.empty() ? "" : ", partition " + groups);
}

}  // namespace buri::devnet
