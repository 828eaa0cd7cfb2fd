#include "node/consensus/api/heimdall_api.hpp"

#include <fstream>

#include "base/hex.hpp"
#include "node/consensus/api/node_services.hpp"
#include "node/consensus/api/tx_service.hpp"

namespace buri::consensus::api {
namespace {

std::string upper_hex(ByteView bytes) {
  std::string text = to_hex(bytes);
  for (char& digit : text) {
    if (digit >= 'a' && digit <= 'f') digit = static_cast<char>(digit - ('a' - 'A'));
  }
  return text;
}

/// Members of a JSON object, appended one by one.
class JsonMembers {
 public:
  JsonMembers& text(std::string_view key, std::string_view value) {
    begin(key);
    codec::append_json_string(json_, value);
    return *this;
  }
  JsonMembers& raw(std::string_view key, std::string_view value) {
    begin(key);
    json_ += value;
    return *this;
  }
  JsonMembers& number(std::string_view key, std::int64_t value) {
    return raw(key, std::to_string(value));
  }
  JsonMembers& boolean(std::string_view key, bool value) {
    return raw(key, value ? "true" : "false");
  }
  /// The object; nothing is added afterwards.
  [[nodiscard]] std::string done() { return std::move(json_) + "}"; }

 private:
  void begin(std::string_view key) {
    if (json_.size() > 1) json_ += ',';
    codec::append_json_string(json_, key);
    json_ += ':';
  }
  std::string json_ = "{";
};

std::string time_text(const engine::Timestamp& time) {
  return codec::to_rfc3339({time.seconds, time.nanos});
}

std::string now_text(const Clock& clock) {
  const auto since_epoch = clock.wall().time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const auto nanos = std::chrono::duration_cast<std::chrono::nanoseconds>(since_epoch - seconds);
  return codec::to_rfc3339({seconds.count(), static_cast<std::int32_t>(nanos.count())});
}

/// The first number behind `name` in the kernel's account of this process; 0 if it cannot be read.
std::int64_t process_figure(std::string_view name) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(name)) continue;
    const std::size_t digits = line.find_first_of("0123456789");
    return digits == std::string::npos ? 0 : std::strtoll(line.c_str() + digits, nullptr, 10);
  }
  return 0;
}

/// What stock says of Go's runtime, as far as this process has the like: memory in use and threads.
std::string system_figures(std::string_view toolchain) {
  constexpr std::int64_t kBytesPerKilobyte = 1024;
  return JsonMembers()
      .number("alloc_bytes", process_figure("VmRSS:") * kBytesPerKilobyte)
      .number("goroutines_count", process_figure("Threads:"))
      .number("heap_objects_count", 0)
      .number("total_alloc_bytes", process_figure("VmHWM:") * kBytesPerKilobyte)
      .text("version", toolchain)
      .done();
}

/// Hash, app hash, height and time of a block, under keys that begin with `prefix`.
void add_block(JsonMembers& members, const std::string& prefix,
               const std::optional<ServiceBlock>& block) {
  const engine::Header none;
  const engine::Header& header = block ? block->header : none;
  members.text(prefix + "_block_hash", block && block->id.hash ? upper_hex(*block->id.hash) : "")
      .text(prefix + "_app_hash", upper_hex(header.app_hash))
      .number(prefix + "_block_height", header.height)
      .text(prefix + "_block_time", block ? time_text(header.time) : "0001-01-01T00:00:00Z");
}

}  // namespace

HeimdallApi::HeimdallApi(HeimdallApiParts parts)
    : parts_(std::move(parts)),
      queries_(
          {.stores = parts_.stores,
           .chain = parts_.chain,
           .routers = {&parts_.modules->queries(), &services_},
           .header = [node = parts_.node](std::int64_t height) { return node->header(height); },
           .reporter = parts_.reporter}),
      abci_(queries_, *parts_.runner, parts_.modules->registry(), parts_.names.version),
      rest_(queries_, response_json(parts_.modules->registry())) {
  register_node_services(services_, *parts_.node, parts_.names, abci_);
  register_tx_service(services_, *parts_.node, abci_, parts_.modules->registry());
  rest_.add_page("/status", [this] { return status_page(); });
  rest_.add_page("/health", [this] { return health_page(); });
  rest_.add_page("/version", [this] { return version_page(); });
}

HttpResponse HeimdallApi::status_page() const {
  JsonMembers members;
  add_block(members, "latest", parts_.node->block(parts_.node->height()));
  add_block(members, "earliest", parts_.node->block(parts_.node->base()));
  members.boolean("catching_up", parts_.node->is_catching_up());
  HttpResponse response;
  response.body = members.done();
  return response;
}

HttpResponse HeimdallApi::health_page() const {
  const ServiceNode& node = *parts_.node;
  const auto block = node.block(node.height());
  const OwnValidator own = node.own_validator();
  JsonMembers info;
  info.boolean("catching_up", node.is_catching_up())
      .text("chain_id", parts_.chain->chain_id)
      .text("latest_block_hash", block && block->id.hash ? upper_hex(*block->id.hash) : "")
      .number("latest_block_number", node.height())
      .text("latest_block_timestamp", block ? time_text(block->header.time) : "")
      .number("peer_count", static_cast<std::int64_t>(node.peer_count()))
      .text("validator_address", upper_hex(own.address))
      .number("validator_voting_power", own.power);
  JsonMembers members;
  members
      .raw("component",
           JsonMembers().text("name", "heimdall").text("version", parts_.names.version).done())
      .boolean("error", false)
      .text("error_message", "")
      .raw("node_info", info.done())
      .raw("status", JsonMembers().text("level", "OK").number("code", 0).text("message", "").done())
      .raw("system", system_figures(parts_.names.toolchain))
      .text("timestamp", now_text(parts_.clock != nullptr ? *parts_.clock : system_clock()));
  HttpResponse response;
  response.body = members.done();
  return response;
}

HttpResponse HeimdallApi::version_page() const {
  HttpResponse response;
  response.body = JsonMembers()
                      .text("name", parts_.names.name)
                      .text("server_name", parts_.names.app_name)
                      .text("client_name", parts_.names.app_name)
                      .text("version", parts_.names.version)
                      .text("commit", parts_.names.git_commit)
                      .text("go", parts_.names.toolchain)
                      .done();
  return response;
}

}  // namespace buri::consensus::api
