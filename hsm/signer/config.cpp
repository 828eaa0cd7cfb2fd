#include "hsm/signer/config.hpp"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "hsm/signer/clef/call.hpp"
#include "hsm/signer/config_table.hpp"
#include "hsm/signer/text_file.hpp"
#include "hsm/wire/codec.hpp"

namespace buri::hsm::signer {
namespace {

constexpr std::size_t kPublicKeyBytes = 65;
constexpr std::uint8_t kUncompressed = 0x04;
constexpr std::int64_t kMostSessions = 64;
constexpr std::int64_t kLastPort = 65535;
constexpr std::int64_t kLongestDaemonWaitMs = 5000;

std::optional<std::uint32_t> parse_id(std::string_view text) {
  std::uint32_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return id;
}

std::optional<std::uint32_t> user_id(const std::string& name) {
  if (const auto id = parse_id(name)) return id;
  const passwd* entry = ::getpwnam(name.c_str());  // NOLINT(*-mt-unsafe): start-up, one thread
  return entry != nullptr ? std::optional<std::uint32_t>(entry->pw_uid) : std::nullopt;
}

std::optional<std::uint32_t> group_id(const std::string& name) {
  if (const auto id = parse_id(name)) return id;
  const group* entry = ::getgrnam(name.c_str());  // NOLINT(*-mt-unsafe): start-up, one thread
  return entry != nullptr ? std::optional<std::uint32_t>(entry->gr_gid) : std::nullopt;
}

SigningKey read_key(ConfigTable table) {
  SigningKey key;
  const auto bytes = fixed_from_hex<kPublicKeyBytes>(table.text("public_key"));
  if (!bytes || bytes->bytes[0] != kUncompressed) {
    table.fail("public_key", "65 bytes in hex, beginning with 04");
    return key;
  }
  key.public_key = *bytes;
  const ByteView point = ByteView(key.public_key).subspan(1);
  Hash256 hash;
  accel::scalar_hasher().keccak256_batch({&point, 1}, {&hash, 1});
  key.address = Address::from(ByteView(hash).last(Address::kSize));
  table.refuse_others();
  return key;
}

SocketOptions read_socket(ConfigTable& table) {
  SocketOptions options;
  options.path = table.text("path");
  for (const std::string& name : table.texts("users", false)) {
    const auto id = user_id(name);
    if (!id) table.fail("users", "users of this machine, not " + name);
    options.uids.push_back(id.value_or(UINT32_MAX));
  }
  for (const std::string& name : table.texts("groups", false)) {
    const auto id = group_id(name);
    if (!id) table.fail("groups", "groups of this machine, not " + name);
    options.gids.push_back(id.value_or(UINT32_MAX));
  }
  if (options.uids.empty() && options.gids.empty()) table.fail("users", "users or groups to admit");
  return options;
}

RequestSocket read_request_socket(ConfigTable& table) {
  RequestSocket one{read_socket(table), {}};
  one.socket.max_frame_bytes = wire::kMaxFrameBytes;
  for (const std::string& name : table.texts("purposes", true)) {
    const auto purpose = wire::purpose_from_name(name);
    if (!purpose) table.fail("purposes", "names of purposes, not " + name);
    one.purposes.push_back(purpose.value_or(wire::Purpose::kVote));
  }
  return one;
}

ClefSocket read_clef(ConfigTable& table) {
  ClefSocket clef{read_request_socket(table)};
  clef.requests.socket.framing = Framing::kLine;
  clef.requests.socket.max_frame_bytes = clef::kMaxLineBytes;
  clef.bor_chain_id = static_cast<std::uint64_t>(
      table.integer_or("bor_chain_id", 0, 1, std::numeric_limits<std::int64_t>::max()));
  const auto& purposes = clef.requests.purposes;
  const bool seals =
      std::find(purposes.begin(), purposes.end(), wire::Purpose::kBorHeader) != purposes.end();
  if (seals && clef.bor_chain_id == 0) table.fail("bor_chain_id", "the chain whose headers come");
  clef.timeout_ms = static_cast<std::uint32_t>(
      table.integer_or("timeout_ms", clef.timeout_ms, 1, wire::kMaxTimeoutMs));
  return clef;
}

privval::DiallerOptions read_daemon(ConfigTable table) {
  const SocketOptions socket = read_socket(table);
  privval::DiallerOptions daemon{socket.path, socket.uids, socket.gids};
  daemon.timeout_ms = static_cast<std::uint32_t>(
      table.integer_or("timeout_ms", daemon.timeout_ms, 1, kLongestDaemonWaitMs));
  table.refuse_others();
  return daemon;
}

pkcs11::DeviceConfig read_device(ConfigTable table) {
  pkcs11::DeviceConfig device;
  device.name = table.text("name");
  device.key_uri = table.text("uri");
  device.profile = table.text_or("profile", device.profile);
  device.sessions = static_cast<unsigned>(table.integer_or("sessions", 0, 0, kMostSessions));
  device.warm_standby = table.flag_or("warm_standby", false);
  const std::string pin_file = table.text_or("pin_file", "");
  if (!pin_file.empty()) device.pin = pkcs11::PinFile{pin_file};
  for (const std::string& setting : table.texts("environment", false)) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos) table.fail("environment", "NAME=value");
    device.environment.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
  }
  table.refuse_others();
  return device;
}

std::vector<rules::Ledger> read_ledgers(ConfigTable& table) {
  std::vector<rules::Ledger> ledgers;
  for (const std::string& name : table.texts("ledgers", true)) {
    bool is_known = false;
    for (std::size_t i = 1; i <= rules::kLedgerCount; ++i) {
      const auto ledger = static_cast<rules::Ledger>(i);
      if (rules::ledger_name(ledger) != name) continue;
      is_known = true;
      ledgers.push_back(ledger);
    }
    if (!is_known) table.fail("ledgers", "names of ledgers, not " + name);
  }
  return ledgers;
}

FenceConfig read_fence(ConfigTable table) {
  FenceConfig fence;
  fence.options.endpoints = table.texts("endpoints", true);
  fence.options.prefix = table.text_or("prefix", fence.options.prefix);
  fence.options.holder_name = table.text("name");
  fence.options.lease = std::chrono::seconds(table.integer_or("lease_s", 5, 1, 3600));
  fence.authority_file = table.text_or("authority_file", "");
  fence.certificate_file = table.text_or("certificate_file", "");
  fence.key_file = table.text_or("key_file", "");
  table.refuse_others();
  return fence;
}

MetricsConfig read_metrics(ConfigTable table) {
  MetricsConfig metrics;
  metrics.port = static_cast<std::uint16_t>(table.integer_or("port", 0, 1, kLastPort));
  if (!table.text_or("path", "").empty()) metrics.socket = read_socket(table);
  table.refuse_others();
  return metrics;
}

/// Reads all sections; errors collect in one text.
class ConfigReader {
 public:
  explicit ConfigReader(const toml::table& root) : root_(root, "", error_) {}

  Result<SignerConfig, std::string> read() {
    section("key", true, [&](ConfigTable table) { config_.key = read_key(std::move(table)); });
    section("state", true, [&](ConfigTable table) {
      config_.state_directory = table.text("directory");
      config_.audit_directory = table.text("audit_directory");
      config_.ledgers = read_ledgers(table);
      config_.policy_file = table.text("policy_file");
      config_.activates_by_itself = table.flag_or("activates_by_itself", false);
      table.refuse_others();
    });
    section("hsm", true, [&](ConfigTable table) {
      config_.worker_program = table.text_or("worker", "/usr/libexec/buri/buri-hsm");
      for (const toml::table* one : table.tables("device", true)) {
        config_.devices.push_back(read_device(ConfigTable(*one, "hsm.device", error_)));
      }
      table.refuse_others();
    });
    section("fence", false,
            [&](ConfigTable table) { config_.fence = read_fence(std::move(table)); });
    section("admin", true, [&](ConfigTable table) {
      config_.admin = read_socket(table);
      table.refuse_others();
    });
    section("metrics", false,
            [&](ConfigTable table) { config_.metrics = read_metrics(std::move(table)); });
    for (const toml::table* one : root_.tables("socket", false)) {
      ConfigTable table(*one, "socket", error_);
      config_.sockets.push_back(read_request_socket(table));
      table.refuse_others();
    }
    for (const toml::table* one : root_.tables("privval", false)) {
      config_.daemons.push_back(read_daemon(ConfigTable(*one, "privval", error_)));
    }
    for (const toml::table* one : root_.tables("clef", false)) {
      ConfigTable table(*one, "clef", error_);
      config_.clefs.push_back(read_clef(table));
      table.refuse_others();
    }
    if (config_.sockets.empty() && config_.daemons.empty() && config_.clefs.empty()) {
      root_.fail("socket", "a [[socket]], [[privval]] or [[clef]]");
    }
    const auto level = log_level_from_name(root_.text_or("log_level", "info"));
    if (!level) root_.fail("log_level", "debug, info, warning, error or off");
    config_.log_level = level.value_or(LogLevel::kInfo);
    root_.refuse_others();
    if (!error_.empty()) return Failure{error_};
    return std::move(config_);
  }

 private:
  void section(std::string_view name, bool is_required,
               const std::function<void(ConfigTable)>& body) {
    const toml::table* table = root_.table(name, is_required);
    if (table != nullptr) body(ConfigTable(*table, std::string(name), error_));
  }

  std::string error_;
  ConfigTable root_;
  SignerConfig config_;
};

}  // namespace

Result<SignerConfig, std::string> parse_config(std::string_view text) {
  const auto parsed = parse_toml(text);
  if (!parsed.ok()) {
    const TomlFault& at = parsed.error();
    return Failure{"line " + std::to_string(at.line) + ": " +
                   (at.is_ascii ? at.found : "expected ASCII, found " + at.found)};
  }
  return ConfigReader(parsed.value()).read();
}

Status<std::string> load_fence_files(FenceConfig& fence) {
  EtcdOptions& options = fence.options;
  for (const auto& [path, target] : {std::pair(&fence.authority_file, &options.authority_pem),
                                     std::pair(&fence.certificate_file, &options.certificate_pem),
                                     std::pair(&fence.key_file, &options.key_pem)}) {
    if (path->empty()) continue;
    ASSIGN_OR_RETURN(*target, read_text_file(*path));
  }
  return Unit{};
}

}  // namespace buri::hsm::signer
