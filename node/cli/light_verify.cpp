#include "node/cli/light_verify.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "base/hex.hpp"
#include "node/cli/consensus_home.hpp"
#include "node/cli/home_error.hpp"
#include "node/cli/output_file.hpp"
#include "node/consensus/api/value_json.hpp"
#include "node/consensus/light/client.hpp"
#include "node/consensus/light/rpc_provider.hpp"
#include "node/protocol/endpoints/caller.hpp"
#include "node/protocol/json_rpc/http_transport.hpp"
#include "node/storage/rocks_database.hpp"

namespace buri::cli {
namespace {

namespace light = consensus::light;
namespace engine = consensus::engine;
using light::ClientError;
using light::RpcNode;
using protocol::json_rpc::HttpTransport;

/// The nodes of a command line, the primary first.
struct Nodes {
  std::shared_ptr<HttpTransport> transport;
  light::RpcTimes times;

  [[nodiscard]] RpcNode at(std::size_t index) const {
    return {transport, index, times, {&system_clock(), protocol::endpoints::thread_sleep()}};
  }
};

Result<std::chrono::nanoseconds, std::string> read_duration(std::string_view option,
                                                            const std::string& text) {
  const auto time = protocol::endpoints::parse_duration(text);
  if (time && time->count() > 0) return *time;
  return Failure{fmt::format("{}: expected a time such as 168h or 5s, found \"{}\"", option, text)};
}

Result<engine::TrustLevel, std::string> read_level(const std::string& text) {
  unsigned above = 0;
  unsigned below = 0;
  int read = 0;
  const bool is_fraction = std::sscanf(text.c_str(), "%4u/%4u%n", &above, &below, &read) == 2 &&
                           static_cast<std::size_t>(read) == text.size();
  if (is_fraction && below > 0 && above <= below && above * 3 >= below) {
    return engine::TrustLevel{above, below};
  }
  return Failure{
      fmt::format("--trust-level: expected a fraction from 1/3 to 1/1, found \"{}\"", text)};
}

Result<Nodes, std::string> nodes_of(const LightArguments& arguments) {
  std::vector<std::string> texts{arguments.node};
  texts.insert(texts.end(), arguments.witnesses.begin(), arguments.witnesses.end());
  std::vector<protocol::endpoints::Url> urls;
  for (const std::string& text : texts) {
    auto url = protocol::endpoints::parse_url(text);
    if (!url.ok()) {
      // What was typed may hold a password.
      return Failure{fmt::format("{}: {}; expected something like http://127.0.0.1:26657",
                                 urls.empty() ? "--node" : "--witness", describe(url.error()))};
    }
    for (const auto& other : urls) {
      if (other.label() != url->label()) continue;
      return Failure{url->label() + " is named twice; a node cannot be its own witness"};
    }
    urls.push_back(std::move(url).value());
  }
  protocol::endpoints::Transport transport;
  transport.max_response_bytes = light::kMaxRpcAnswerBytes;
  transport.tls_authority_file = arguments.authority_file;
  Nodes nodes;
  ASSIGN_OR_RETURN(nodes.times.attempt, read_duration("--timeout", arguments.timeout));
  ASSIGN_OR_RETURN(nodes.transport,
                   HttpTransport::create(std::move(urls), transport, system_clock()));
  return nodes;
}

/// As the first node that answers says; the trusted hash covers it.
Result<std::string, std::string> chain_id_of(const LightArguments& arguments, const Nodes& nodes) {
  if (!arguments.chain_id.empty()) return arguments.chain_id;
  std::string reasons;
  for (std::size_t i = 0; i < nodes.transport->size(); ++i) {
    RpcNode node = nodes.at(i);
    auto status = node.status();
    if (status.ok()) return std::move(status->chain_id);
    reasons +=
        fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", node.name(), status.error().reason);
  }
  return Failure{"no node says which chain it is of (--chain-id ID tells it): " + reasons};
}

/// Nothing is kept without a home.
Result<std::unique_ptr<storage::Database>, std::string> open_store(const std::string& home) {
  storage::RocksOptions options;
  options.folder = home.empty() ? "/memory" : home;
  options.in_memory = home.empty();
  options.block_cache_bytes = std::size_t{16} << 20;
  options.write_buffer_bytes = std::size_t{8} << 20;
  auto database = storage::open_rocks_database(options, light::TrustedStore::families());
  if (database.ok()) return std::move(database).value();
  return Failure{home_sentence(options.folder, database.error())};
}

/// Whether the chain is found wanting, and not our knowledge of it.
bool is_verdict(ClientError error) {
  return error != ClientError::kNoWitnesses && error != ClientError::kProvider &&
         error != ClientError::kExpired && error != ClientError::kStore;
}

/// Writes each piece as broadcast_evidence takes it; the files' names.
Result<boost::json::array, std::string> write_evidence(
    const std::string& folder, const std::vector<engine::EvidencePiece>& pieces) {
  boost::json::array names;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto attack = engine::decode_light_client_attack(pieces[i].encoded);
    const std::string name = fmt::format(
        "light-attack-{}-{}.json", attack.ok() ? attack->conflicting.height() : 0,
        attack.ok() ? to_hex(*attack->conflicting.commit.block_id.hash).substr(0, 16) : "unread");
    const std::string path = (std::filesystem::path(folder) / name).string();
    names.emplace_back(path);
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) continue;  // the name says what it holds
    consensus::api::JsonWriter out;
    consensus::api::write_evidence(out, pieces[i]);
    OutputFile file(path);
    RETURN_IF_ERROR(file.open());
    RETURN_IF_ERROR(file.write(out.json()));
    RETURN_IF_ERROR(file.finish());
  }
  return names;
}

/// The lines and rows of what was verified.
class Steps {
 public:
  explicit Steps(bool is_quiet) : is_quiet_(is_quiet) {}

  void add(const engine::LightBlockRecord& trusted, const engine::LightBlockRecord& verified) {
    heights_ += verified.height() - trusted.height();
    rows_.push_back(boost::json::object{{"height", verified.height()},
                                        {"from", trusted.height()},
                                        {"hash", to_upper_hex(*verified.commit.block_id.hash)}});
    if (is_quiet_) return;
    std::fprintf(stderr, "verified %lld from %lld: %s, %.0f heights/s\n",
                 static_cast<long long>(verified.height()),
                 static_cast<long long>(trusted.height()),
                 to_upper_hex(*verified.commit.block_id.hash).c_str(),
                 static_cast<double>(heights_) / std::max(seconds(), 1e-3));
  }
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(system_clock().monotonic() - start_).count();
  }
  [[nodiscard]] boost::json::array take() { return std::move(rows_); }

 private:
  bool is_quiet_;
  MonotonicTime start_ = system_clock().monotonic();
  std::int64_t heights_ = 0;
  boost::json::array rows_;
};

/// Why there is nothing to trust: an answer if the chain is to blame, else a refusal.
AnswerResult not_verified(const light::ClientFault& fault, const std::string& folder) {
  if (!is_verdict(fault.error)) return Failure{fault.reason};
  Answer answer{{{"verified", false}, {"reason", fault.reason}}, false};
  if (fault.error == ClientError::kAttack) {
    answer.facts["attack"] = true;
    ASSIGN_OR_RETURN(answer.facts["evidence"], write_evidence(folder, fault.evidence));
  }
  return answer;
}

Answer verified(const engine::LightBlockRecord& block, const light::Client& client, Steps& steps) {
  const double seconds = steps.seconds();
  return {{{"verified", true},
           {"chain_id", block.header.chain_id},
           {"height", block.height()},
           {"hash", to_upper_hex(*block.commit.block_id.hash)},
           {"time", consensus::api::go_time_text(block.header.time)},
           {"app_hash", to_upper_hex(block.header.app_hash)},
           {"validators", block.validators.size()},
           {"witnesses", client.witnesses()},
           {"fetched_blocks", client.fetched()},
           {"signatures", client.signatures()},
           {"seconds", seconds},
           {"steps", steps.take()}}};
}

}  // namespace

AnswerResult verify_light(const LightArguments& arguments, bool is_quiet) {
  const auto hash = fixed_from_hex<32>(arguments.trusted_hash);
  if (!hash) return Failure{std::string("--trusted-hash: expected 64 hex digits")};
  light::ClientOptions options;
  ASSIGN_OR_RETURN(const auto period, read_duration("--trust-period", arguments.trusting_period));
  options.trusting_period_seconds = std::chrono::floor<std::chrono::seconds>(period).count();
  ASSIGN_OR_RETURN(options.trust_level, read_level(arguments.trust_level));
  options.is_sequential = arguments.is_sequential;
  ASSIGN_OR_RETURN(const Nodes nodes, nodes_of(arguments));
  ASSIGN_OR_RETURN(options.chain_id, chain_id_of(arguments, nodes));
  ASSIGN_OR_RETURN(const auto crypto, small_engine());
  ASSIGN_OR_RETURN(const auto database, open_store(arguments.home));
  light::TrustedStore store(*database);
  const Logger logger("light", is_quiet ? LogLevel::kOff : LogLevel::kWarning);
  Steps steps(is_quiet);
  light::ClientServices services{.crypto = crypto.get(),
                                 .clock = &system_clock(),
                                 .store = &store,
                                 .primary = nullptr,
                                 .witnesses = {},
                                 .sleep = protocol::endpoints::thread_sleep()};
  services.on_step = [&steps](const auto& trusted, const auto& block) {
    steps.add(trusted, block);
  };
  for (std::size_t i = 0; i < nodes.transport->size(); ++i) {
    auto node =
        std::make_shared<light::RpcProvider>(nodes.at(i), options.chain_id, *crypto, logger);
    if (i == 0) {
      services.primary = std::move(node);
    } else {
      services.witnesses.push_back(std::move(node));
    }
  }
  light::Client client(std::move(options), std::move(services), logger);
  const auto started = client.start({arguments.trusted_height, *hash});
  if (!started.ok()) return not_verified(started.error(), arguments.evidence_folder);
  const auto block = client.verify_at(arguments.height);
  if (!block.ok()) return not_verified(block.error(), arguments.evidence_folder);
  return verified(*block, client, steps);
}

}  // namespace buri::cli
