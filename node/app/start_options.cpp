#include "node/app/start_options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <filesystem>

#include "base/hex.hpp"
#include "node/app/config_options.hpp"
#include "node/app/config_reader.hpp"
#include "node/consensus/host/durable_file.hpp"

namespace buri::app {
namespace {

namespace host = consensus::host;
namespace p2p = consensus::p2p;

Status<std::string> read_listen(std::string_view option, const std::string& text,
                                std::string& listen_host, std::uint16_t& listen_port) {
  const auto colon = text.rfind(':');
  const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), listen_port);
  if (port.empty() || error != std::errc() || end != port.data() + port.size()) {
    return Failure{std::string(option) + ": expected HOST:PORT with a numeric address, found " +
                   text};
  }
  listen_host = text.substr(0, colon);
  return Unit{};
}

/// Where the RPC takes subscriptions, as stock nodes do.
constexpr const char* kWebSocketPath = "/websocket";
/// Threads that answer REST: a query may wait for the root chain.
constexpr std::size_t kRestThreads = 4;

Status<std::string> read_api(const StartArguments& arguments, ApiSettings& settings) {
  if (!arguments.api_listen.empty()) {
    auto& rest = settings.rest.emplace();
    rest.threads = kRestThreads;
    RETURN_IF_ERROR(read_listen("--api", arguments.api_listen, rest.host, rest.port));
  }
  if (!arguments.rpc_listen.empty()) {
    auto& rpc = settings.rpc.emplace();
    rpc.web_socket_path = kWebSocketPath;
    RETURN_IF_ERROR(read_listen("--rpc", arguments.rpc_listen, rpc.host, rpc.port));
  }
  if (!arguments.grpc_listen.empty()) {
    settings.grpc.emplace().address = arguments.grpc_listen;
  }
  return Unit{};
}

Status<std::string> read_peers(const std::string& text, p2p::NetworkOptions& network) {
  for (const std::string& one : protocol::endpoints::split_list(text)) {
    const auto peer = p2p::parse_peer_address(one);
    if (!peer.ok()) {
      return Failure{"--persistent-peers: " + one + ": " + std::string(describe(peer.error()))};
    }
    network.peers.persistent_peers.push_back(*peer);
  }
  return Unit{};
}

Result<protocol::HeimdallForks, std::string> read_forks(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, host::read_file(path));
  const auto document = parse_json(text);
  if (!document.ok()) return Failure{path + ": " + describe(document.error())};
  const auto forks = protocol::HeimdallForks::from_json(*document);
  if (!forks.ok()) return Failure{path + ": " + describe(forks.error())};
  return *forks;
}

/// The endpoints of the stock daemon's app.toml; its defaults where there is none.
Result<protocol::endpoints::Settings, std::string> read_endpoints(const std::string& path) {
  std::error_code ignored;
  std::string text;
  if (std::filesystem::exists(path, ignored)) {
    ASSIGN_OR_RETURN(text, host::read_file(path));
  }
  auto settings = protocol::endpoints::read_settings(text);
  if (!settings.ok()) return Failure{path + ": " + settings.error()};
  return std::move(settings).value();
}

Result<SignerChoice, std::string> signer_choice(const StartArguments& arguments,
                                                const HomePaths& paths) {
  if (!arguments.signer.empty() && arguments.uses_file_key) {
    return Failure{std::string("--signer and --dev-key exclude each other")};
  }
  if (!arguments.signer.empty()) {
    host::SignerConnectionOptions socket;
    socket.path = arguments.signer;
    return SignerChoice(std::move(socket));
  }
  if (arguments.uses_file_key) {
    return SignerChoice(FileSigner{paths.validator_key, paths.sign_state});
  }
  return SignerChoice(NoSigner{});
}

SignerChoice signer_choice(const SignerConfig& config, const std::string& home,
                           const HomePaths& paths) {
  if (!config.socket.empty()) {
    host::SignerConnectionOptions socket;
    socket.path = home_path(home, config.socket);
    socket.patience = config.timeout;
    return SignerChoice(std::move(socket));
  }
  if (config.is_observer()) return SignerChoice(NoSigner{});
  return SignerChoice(
      FileSigner{home_path(home, config.insecure_development_key_file), paths.sign_state});
}

PoolSettings pool_settings(const MempoolConfig& config) {
  PoolSettings settings;
  settings.mempool.max_txs = static_cast<std::size_t>(config.max_transactions);
  settings.mempool.max_bytes = static_cast<std::size_t>(config.max_bytes);
  settings.mempool.max_tx_bytes = static_cast<std::size_t>(config.max_transaction_bytes);
  settings.mempool.cache_size = static_cast<std::size_t>(config.cache_transactions);
  settings.mempool.recheck = config.recheck;
  settings.mempool.keep_invalid_in_cache = config.keep_invalid_in_cache;
  settings.mempool.recheck_timeout = config.recheck_timeout;
  settings.broadcasts_transactions = config.broadcast;
  return settings;
}

consensus::sync::CatchUpOptions catch_up_options(const BlockSyncConfig& config) {
  consensus::sync::CatchUpOptions options;
  options.is_enabled = config.enabled;
  options.sync.window_blocks = static_cast<std::size_t>(config.window_blocks);
  // The block above the last one proves it.
  options.sync.pool.window_heights = config.window_blocks + 1;
  options.sync.pool.patience = config.request_timeout;
  options.resume_lag_heights = config.resume_lag_heights;
  return options;
}

ApiSettings api_settings(const RestConfig& rest, const GrpcConfig& grpc, const RpcConfig& rpc) {
  ApiSettings settings;
  if (rest.listen) {
    auto& http = settings.rest.emplace();
    http.host = rest.listen->host;
    http.port = rest.listen->port;
    http.threads = kRestThreads;
    http.max_connections = static_cast<std::size_t>(rest.max_connections);
    http.max_body_bytes = static_cast<std::uint64_t>(rest.max_body_bytes);
    http.read_timeout = rest.read_timeout;
    http.write_timeout = rest.write_timeout;
    if (rest.cors_any_origin) http.cors.origins = {"*"};
  }
  if (grpc.listen) {
    auto& server = settings.grpc.emplace();
    server.address = grpc.listen->to_text();
    server.max_received_bytes = static_cast<int>(grpc.max_receive_bytes);
    server.max_sent_bytes = static_cast<int>(grpc.max_send_bytes);
  }
  if (rpc.listen) {
    auto& http = settings.rpc.emplace();
    http.host = rpc.listen->host;
    http.port = rpc.listen->port;
    http.max_connections = static_cast<std::size_t>(rpc.max_connections);
    http.max_connections_per_ip = static_cast<std::size_t>(rpc.max_connections_per_ip);
    http.max_body_bytes = static_cast<std::uint64_t>(rpc.max_body_bytes);
    http.max_header_bytes = static_cast<std::uint32_t>(rpc.max_header_bytes);
    http.cors.origins = rpc.cors_allowed_origins;
    http.web_socket_path = kWebSocketPath;
    http.web_socket_queue_messages = static_cast<std::size_t>(rpc.subscription_buffer_events);
    settings.events.max_clients = static_cast<std::size_t>(rpc.max_subscription_clients);
    settings.events.max_subscriptions_per_client =
        static_cast<std::size_t>(rpc.max_subscriptions_per_client);
    settings.rpc_methods.is_unsafe = rpc.unsafe_commands;
    settings.rpc_methods.max_batch = static_cast<std::size_t>(rpc.max_batch_requests);
    settings.rpc_methods.commit_timeout = rpc.broadcast_commit_timeout;
  }
  return settings;
}

MetricsSettings metrics_settings(const MetricsConfig& config) {
  MetricsSettings settings;
  settings.name_space = config.name_space;
  if (config.listen) {
    settings.service = {config.listen->host, config.listen->port,
                        static_cast<std::size_t>(config.max_connections)};
  }
  return settings;
}

/// What config/buri.toml says; words of the command line come after it and win.
Status<std::string> apply_config(const std::string& home, const Config& config,
                                 StartOptions& options) {
  NodeOptions& node = options.node;
  HomePaths& paths = node.paths;
  const std::string data = home_path(home, config.files.data_directory);
  paths.genesis = home_path(home, config.chain.genesis_file);
  paths.node_key = home_path(home, config.files.node_key_file);
  paths.address_book = home_path(home, config.files.address_book_file);
  paths.sign_state = data + "/priv_validator_state.json";
  paths.log = data + "/cs.wal";
  paths.application = data + "/application";
  paths.blocks = data + "/blocks";
  paths.lock = data + "/burid.lock";
  if (!config.chain.forks_file.empty()) {
    ASSIGN_OR_RETURN(node.forks, read_forks(home_path(home, config.chain.forks_file)));
  }
  node.moniker = config.p2p.moniker;
  node.signer = signer_choice(config.signer, home, paths);
  if (!config.signer.public_key.empty()) {
    node.validator_key =
        consensus::engine::PublicKeyBytes::from(from_hex(config.signer.public_key).value());
  }
  node.network = network_options(config.p2p);
  node.host.machine = machine_options(config.consensus);
  node.host.log = log_options(config.consensus);
  node.host.double_sign_check_heights = config.consensus.double_sign_check_heights;
  node.gossip.period = config.consensus.gossip_interval;
  node.gossip.claims = config.consensus.majority_query_interval;
  ASSIGN_OR_RETURN(node.endpoints, endpoint_settings(config.endpoints));
  node.pools = pool_settings(config.mempool);
  node.catch_up = catch_up_options(config.block_sync);
  node.api = api_settings(config.rest, config.grpc, config.rpc);
  node.metrics = metrics_settings(config.metrics);
  node.stores.kept_heights = config.storage.keep_state_heights;
  node.pruning.kept_blocks = config.storage.keep_blocks;
  node.pruning.interval_heights = config.storage.prune_interval_heights;
  node.crypto = engine_options(config.accel);
  node.block_cache_bytes = static_cast<std::size_t>(config.storage.cache_bytes);
  if (config.rpc.listen) node.rpc_address = "tcp://" + config.rpc.listen->to_text();
  options.log_level = config.log.level;
  return Unit{};
}

}  // namespace

void add_start_arguments(CLI::App& command, StartArguments& arguments) {
  command.add_option("--home", arguments.home, "The folder with config/ and data/")->required();
  command.add_option("--forks", arguments.forks,
                     "Fork heights of a private chain, a JSON file {\"NAME\": HEIGHT}");
  command.add_option("--signer", arguments.signer, "The socket of buri-signer; without: no votes");
  command.add_flag("--dev-key", arguments.uses_file_key,
                   "Sign with config/priv_validator_key.json, for development alone");
  command.add_option("--listen", arguments.listen, "Where peers call, HOST:PORT");
  command.add_option("--api", arguments.api_listen,
                     "Where REST is served, HOST:PORT (stock: port 1317); without: nowhere");
  command.add_option("--rpc", arguments.rpc_listen,
                     "Where CometBFT's RPC is served, HOST:PORT (stock: port 26657); without: "
                     "nowhere");
  command.add_option("--grpc", arguments.grpc_listen,
                     "Where gRPC is served, HOST:PORT (stock: port 9090); without: nowhere");
  command.add_option("--metrics", arguments.metrics_listen,
                     "Where figures for Prometheus are served, HOST:PORT (stock: port 26660); "
                     "without: nowhere");
  command.add_option("--persistent-peers", arguments.persistent_peers,
                     "Peers that are called for ever, ID@HOST:PORT, with commas");
  command.add_option("--moniker", arguments.moniker, "The name that peers are told");
  command.add_option("--log-level", arguments.log_level, "debug, info, warning, error or off");
}

Result<StartOptions, std::string> read_start_options(const StartArguments& arguments) {
  StartOptions options(arguments.home);
  NodeOptions& node = options.node;
  const std::string config_path = home_path(arguments.home, std::string(kConfigFile));
  std::error_code ignored;
  const bool has_config = std::filesystem::exists(config_path, ignored);
  if (has_config) {
    ASSIGN_OR_RETURN(const Config config, read_config(config_path));
    RETURN_IF_ERROR(apply_config(arguments.home, config, options));
  }
  if (!arguments.log_level.empty()) {
    const auto level = log_level_from_name(arguments.log_level);
    if (!level) return Failure{"--log-level: no such level: " + arguments.log_level};
    options.log_level = *level;
  }
  if (!arguments.forks.empty()) {
    ASSIGN_OR_RETURN(node.forks, read_forks(arguments.forks));
  }
  if (!arguments.listen.empty()) {
    RETURN_IF_ERROR(read_listen("--listen", arguments.listen, node.network.listen_host,
                                node.network.listen_port));
  }
  RETURN_IF_ERROR(read_api(arguments, node.api));
  if (!arguments.metrics_listen.empty()) {
    auto& service = node.metrics.service.emplace();
    RETURN_IF_ERROR(read_listen("--metrics", arguments.metrics_listen, service.host, service.port));
  }
  RETURN_IF_ERROR(read_peers(arguments.persistent_peers, node.network));
  if (!arguments.signer.empty() || arguments.uses_file_key || !has_config) {
    ASSIGN_OR_RETURN(node.signer, signer_choice(arguments, node.paths));
    if (arguments.uses_file_key) node.validator_key.reset();
  }
  if (!has_config) {
    ASSIGN_OR_RETURN(node.endpoints, read_endpoints(arguments.home + "/config/app.toml"));
  }
  if (!arguments.moniker.empty()) node.moniker = arguments.moniker;
  return options;
}

}  // namespace buri::app
