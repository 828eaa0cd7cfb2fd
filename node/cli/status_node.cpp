#include "node/cli/status_node.hpp"

#include <fmt/format.h>

#include "node/consensus/codec/json.hpp"

namespace buri::cli {
namespace {

namespace json = boost::json;

constexpr std::chrono::seconds kAnswerPatience{5};
constexpr std::string_view kStatusQuestions =
    R"([{"jsonrpc":"2.0","id":1,"method":"status","params":{}},)"
    R"({"jsonrpc":"2.0","id":2,"method":"net_info","params":{}},)"
    R"({"jsonrpc":"2.0","id":3,"method":"consensus_state","params":{}},)"
    R"({"jsonrpc":"2.0","id":4,"method":"num_unconfirmed_txs","params":{}},)"
    R"({"jsonrpc":"2.0","id":5,"method":"abci_info","params":{}}])";
/// A block of Heimdall takes one to two seconds; a few failed rounds are no alarm.
constexpr double kFreshBlockSeconds = 30;
/// The first block's time in an empty store.
constexpr std::string_view kNoTime = "0001-01-01T00:00:00Z";

/// The result of the answer with that id; null if there is none.
json::value result_of(const json::array& answers, std::int64_t id) {
  for (const json::value& answer : answers) {
    const json::object* object = answer.if_object();
    if (object == nullptr || number_at(answer, "/id") != id) continue;
    const auto result = object->find("result");
    if (result != object->end()) return result->value();
  }
  return nullptr;
}

/// Seconds from an RFC 3339 time to now; nothing if the text is none.
std::optional<double> age_s(const std::string& time, WallTime now) {
  if (time.empty() || time == kNoTime) return std::nullopt;
  const auto parsed = consensus::codec::timestamp_from_rfc3339(time);
  if (!parsed) return std::nullopt;
  const std::chrono::duration<double> since_epoch = now.time_since_epoch();
  return since_epoch.count() - static_cast<double>(parsed->seconds) -
         static_cast<double>(parsed->nanos) / 1e9;
}

json::object sync_facts(const json::value& status, WallTime now) {
  json::object facts;
  facts["height"] = number_at(status, "/sync_info/latest_block_height");
  const std::string time = text_at(status, "/sync_info/latest_block_time");
  if (const auto age = age_s(time, now)) {
    facts["last_block_time"] = time;
    facts["last_block_age_s"] = *age;
  }
  facts["last_block_hash"] = text_at(status, "/sync_info/latest_block_hash");
  facts["oldest_height"] = number_at(status, "/sync_info/earliest_block_height");
  const std::string oldest = text_at(status, "/sync_info/earliest_block_time");
  if (age_s(oldest, now)) facts["oldest_block_time"] = oldest;
  boost::system::error_code missing;
  const json::value* catching_up = status.find_pointer("/sync_info/catching_up", missing);
  facts["is_catching_up"] =
      catching_up != nullptr && catching_up->is_bool() && catching_up->as_bool();
  return facts;
}

json::object validator_facts(const json::value& status) {
  const std::string address = text_at(status, "/validator_info/address");
  if (address.empty() || address.find_first_not_of('0') == std::string::npos) {
    return unavailable(
        "This node signs nothing: to validate, set signer.socket and signer.public_key.");
  }
  const std::int64_t power = number_at(status, "/validator_info/voting_power");
  return {{"address", "0x" + address}, {"power", power}, {"is_in_set", power > 0}};
}

json::object versions_of(const json::value& status, const json::value& application) {
  json::object versions;
  for (const auto& [name, pointer] :
       {std::pair("consensus", "/node_info/version"),
        std::pair("peer_protocol", "/node_info/protocol_version/p2p"),
        std::pair("block_protocol", "/node_info/protocol_version/block")}) {
    const std::string text = text_at(status, pointer);
    if (!text.empty()) versions[name] = text;
  }
  const std::string name = text_at(application, "/response/data");
  const std::string version = text_at(application, "/response/version");
  if (!name.empty()) versions["application"] = version.empty() ? name : name + " " + version;
  return versions;
}

}  // namespace

std::optional<json::object> node_facts(std::string_view text, WallTime now) {
  boost::system::error_code fault;
  const json::value document = json::parse(text, fault);
  if (fault || !document.is_array()) return std::nullopt;
  const json::array& answers = document.as_array();
  const json::value status = result_of(answers, 1);
  if (!status.is_object()) return std::nullopt;
  json::object facts;
  facts["chain_id"] = text_at(status, "/node_info/network");
  facts["id"] = text_at(status, "/node_info/id");
  facts["moniker"] = text_at(status, "/node_info/moniker");
  for (auto& [key, value] : sync_facts(status, now)) facts[key] = value;
  const json::value network = result_of(answers, 2);
  if (network.is_object()) {
    facts["peers"] = number_at(network, "/n_peers");
    facts["is_listening"] = network.as_object().contains("listening") &&
                            network.at("listening").is_bool() && network.at("listening").as_bool();
  }
  const std::string place = text_at(result_of(answers, 3), "/round_state/height~1round~1step");
  if (!place.empty()) facts["height_round_step"] = place;
  const json::value waiting = result_of(answers, 4);
  if (waiting.is_object()) facts["waiting_transactions"] = number_at(waiting, "/total");
  facts["validator"] = validator_facts(status);
  facts["versions"] = versions_of(status, result_of(answers, 5));
  return facts;
}

json::object ask_node(protocol::json_rpc::Transport& rpc, const Clock& clock) {
  const std::string label = rpc.label(0);
  const auto body = rpc.post(0, kStatusQuestions, clock.monotonic() + kAnswerPatience);
  if (!body.ok()) {
    return unavailable(
        fmt::format("{} does not answer ({}): look whether burid runs (systemctl status burid) and "
                    "whether rpc.listen is that address, or name it with --node.",
                    label, protocol::json_rpc::describe(body.error())));
  }
  auto facts = node_facts(*body, clock.wall());
  if (!facts) {
    return unavailable(fmt::format(
        "{} answers, but not as CometBFT's RPC does: name the RPC's address with --node.", label));
  }
  (*facts)["rpc"] = label;
  return *std::move(facts);
}

json::object lag_of(const json::object& node, const json::object* network) {
  if (!is_available(node)) return unavailable("The node does not answer, so its lag is not known.");
  json::object lag;
  const bool is_catching_up = node.at("is_catching_up").as_bool();
  const auto age = node.find("last_block_age_s");
  if (age == node.end()) {
    return unavailable(
        "The node has no block: it needs peers (see peers), or the chain has not "
        "begun.");
  }
  lag["last_block_age_s"] = age->value();
  const bool is_fresh = age->value().to_number<double>() < kFreshBlockSeconds;
  lag["follows_the_network"] = is_fresh && !is_catching_up;
  if (network == nullptr) return lag;
  if (!is_available(*network)) {
    lag["heights"] = *network;
    return lag;
  }
  if (network->at("chain_id") != node.at("chain_id")) {
    lag["heights"] = unavailable("--network is a node of another chain: name one of this chain.");
    return lag;
  }
  const std::int64_t behind =
      std::max<std::int64_t>(0, network->at("height").as_int64() - node.at("height").as_int64());
  lag["heights"] = behind;
  return lag;
}

}  // namespace buri::cli
