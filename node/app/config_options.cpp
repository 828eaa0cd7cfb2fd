#include "node/app/config_options.hpp"

#include <utility>

namespace buri::app {
namespace {

std::int64_t nanos(std::chrono::milliseconds time) {
  return std::chrono::nanoseconds(time).count();
}

consensus::engine::RoundTimeout timeout(std::chrono::milliseconds first,
                                        std::chrono::milliseconds more) {
  return {nanos(first), nanos(more)};
}

std::size_t size(std::int64_t value) { return static_cast<std::size_t>(value); }

}  // namespace

consensus::engine::MachineOptions machine_options(const ConsensusConfig& config) {
  consensus::engine::MachineOptions options;
  options.propose = timeout(config.propose_timeout, config.propose_timeout_delta);
  options.prevote = timeout(config.prevote_timeout, config.prevote_timeout_delta);
  options.precommit = timeout(config.precommit_timeout, config.precommit_timeout_delta);
  options.commit_ns = nanos(config.commit_timeout);
  options.skips_commit_wait = config.skip_commit_timeout;
  options.block_time_tolerance_ns = nanos(config.block_time_tolerance);
  return options;
}

consensus::engine::WalOptions log_options(const ConsensusConfig& config) {
  consensus::engine::WalOptions options;
  options.max_file_bytes = static_cast<std::uint64_t>(config.log_max_file_bytes);
  options.max_total_bytes = static_cast<std::uint64_t>(config.log_max_total_bytes);
  return options;
}

consensus::p2p::NetworkOptions network_options(const P2pConfig& config) {
  consensus::p2p::NetworkOptions options;
  options.listens = config.listen.has_value();
  if (config.listen) {
    options.listen_host = config.listen->host;
    options.listen_port = config.listen->port;
  }
  auto& peers = options.peers;
  peers.persistent_peers = config.persistent_peers;
  peers.seeds = config.seeds;
  peers.unconditional_ids = {config.unconditional_peer_ids.begin(),
                             config.unconditional_peer_ids.end()};
  peers.private_ids = {config.private_peer_ids.begin(), config.private_peer_ids.end()};
  peers.max_inbound = size(config.max_inbound_peers);
  peers.max_outbound = size(config.max_outbound_peers);
  peers.allow_duplicate_ip = config.allow_duplicate_ip;
  peers.pex = config.peer_exchange;
  peers.seed_mode = config.seed_mode;
  peers.persistent_max_dial_period = config.persistent_max_dial_period;
  auto& connections = options.connections;
  connections.dial_timeout = config.dial_timeout;
  connections.handshake_timeout = config.handshake_timeout;
  connections.send_timeout = config.send_timeout;
  connections.max_unprocessed_bytes = size(config.max_unprocessed_bytes_per_peer);
  connections.multiplexer.send_bytes_per_s = config.send_rate_bytes_per_s;
  connections.multiplexer.receive_bytes_per_s = config.receive_rate_bytes_per_s;
  options.strict_addresses = config.strict_addresses;
  options.max_handshakes = size(config.max_handshakes);
  options.max_handshakes_per_ip = size(config.max_handshakes_per_ip);
  options.max_held_bytes = size(config.max_held_bytes);
  return options;
}

Result<protocol::endpoints::Settings, std::string> endpoint_settings(
    const EndpointsConfig& config) {
  protocol::endpoints::Settings settings;
  for (const std::string& url : config.eth_rpc_urls) {
    settings.eth_rpc.push_back(protocol::endpoints::parse_url(url).value());
  }
  for (const std::string& url : config.bor_rpc_urls) {
    settings.bor_rpc.push_back(protocol::endpoints::parse_url(url).value());
  }
  settings.eth_rpc_timeout = config.eth_rpc_timeout;
  settings.bor_rpc_timeout = config.bor_rpc_timeout;
  if (config.eth_chain_id > 0) {
    settings.eth_chain_id = static_cast<std::uint64_t>(config.eth_chain_id);
  }
  settings.bor_grpc_flag = config.bor_grpc;
  settings.bor_grpc_token = config.bor_grpc_token;
  for (std::size_t i = 0; config.bor_grpc && i < config.bor_grpc_urls.size(); ++i) {
    auto address = protocol::endpoints::parse_grpc_address(config.bor_grpc_urls[i],
                                                           !config.bor_grpc_token.empty());
    if (!address.ok()) {
      return Failure{"endpoints.bor_grpc_urls: address " + std::to_string(i + 1) + ": expected " +
                     std::string(describe(address.error())) +
                     "; use https://, or an address of this machine"};
    }
    settings.bor_grpc.push_back(std::move(address).value());
  }
  settings.transport.max_response_bytes = static_cast<std::uint64_t>(config.max_response_bytes);
  settings.transport.tls_authority_file = config.tls_authority_file;
  settings.transport.tls_verify = config.tls_verify;
  return settings;
}

storage::RocksOptions database_options(const StorageConfig& config, std::string folder) {
  storage::RocksOptions options;
  options.folder = std::move(folder);
  options.block_cache_bytes = size(config.cache_bytes);
  options.write_buffer_bytes = options.block_cache_bytes * 3 / 8;
  options.max_open_files = static_cast<int>(config.max_open_files);
  return options;
}

accel::EngineOptions engine_options(const AccelConfig& config) {
  accel::EngineOptions options;
  options.allowed_backends = config.backends;
  options.worker_threads = static_cast<unsigned>(config.worker_threads);
  return options;
}

}  // namespace buri::app
