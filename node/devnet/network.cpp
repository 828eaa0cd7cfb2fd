#include "node/devnet/network.hpp"

#include <signal.h>

#include <algorithm>
#include <filesystem>

#include "base/random.hpp"
#include "node/consensus/host/durable_file.hpp"
#include "node/devnet/ports.hpp"

namespace buri::devnet {
namespace {

constexpr std::chrono::seconds kStopPatience{15};
constexpr std::size_t kPortsEach = 5;
constexpr mode_t kPrivate = 0600;

}  // namespace

Status<std::string> Network::draw_ports() {
  ASSIGN_OR_RETURN(const auto free, free_ports(size() * kPortsEach, system_random()));
  for (std::size_t i = 0; i < size(); ++i) {
    const auto port = [&](std::size_t which) { return free[i * kPortsEach + which]; };
    ports_.push_back({port(0), port(1), port(2), port(3), port(4)});
  }
  std::vector<std::uint16_t> p2p_ports;
  for (const Ports& one : ports_) p2p_ports.push_back(one.p2p);
  ASSIGN_OR_RETURN(links_, Links::start(std::move(p2p_ports)));
  return Unit{};
}

std::vector<std::string> Network::peers_of(std::size_t number) const {
  std::vector<std::string> peers;
  // Of each pair one dials, through the relay that stands between them.
  for (std::size_t other = number + 1; other <= size(); ++other) {
    peers.push_back(identity_.validators[other - 1].node_id +
                    "@127.0.0.1:" + std::to_string(links_->port(number, other)));
  }
  return peers;
}

Status<std::string> Network::write_settings(std::size_t number,
                                            const NetworkOptions& options) const {
  using consensus::host::replace_file;
  const ValidatorPaths paths = layout_.validator(number);
  NodeSettings settings;
  settings.number = number;
  settings.ports = ports(number);
  settings.peers = peers_of(number);
  settings.eth_rpc_url = options.eth_rpc_url;
  settings.bor_rpc_url = options.bor_rpc_url;
  settings.commit_timeout_ms = options.commit_timeout_ms;
  RETURN_IF_ERROR(
      replace_file(paths.node_config, node_config_text(layout_, identity_, settings), kPrivate));
  if (identity_.uses_development_keys()) return Unit{};
  const ValidatorIdentity& validator = identity_.validators[number - 1];
  RETURN_IF_ERROR(replace_file(paths.signer_config,
                               signer_config_text(paths, validator, programs_.buri_hsm), kPrivate));
  return replace_file(paths.signer_policy, signer_policy_text(identity_), kPrivate);
}

Status<std::string> Network::start(const NetworkOptions& options) {
  for (std::size_t number = 1; number <= size(); ++number) {
    RETURN_IF_ERROR(write_settings(number, options));
    const ValidatorPaths paths = layout_.validator(number);
    if (!identity_.uses_development_keys()) {
      signers_.push_back(std::make_unique<Daemon>(
          std::vector<std::string>{programs_.buri_signer, "--config", paths.signer_config},
          paths.signer_log));
    }
    nodes_.push_back(std::make_unique<Daemon>(
        std::vector<std::string>{programs_.burid, "start", "--home", paths.home}, paths.node_log));
  }
  // All signers first: they log in to their tokens while the nodes open their stores.
  for (const auto& signer : signers_) RETURN_IF_ERROR(signer->start());
  for (const auto& node : nodes_) RETURN_IF_ERROR(node->start());
  return Unit{};
}

void Network::stop() {
  for (const auto& node : nodes_) node->signal(SIGTERM);
  for (const auto& node : nodes_) node->stop(kStopPatience);
  for (const auto& signer : signers_) signer->signal(SIGTERM);
  for (const auto& signer : signers_) signer->stop(kStopPatience);
}

void Network::reap() {
  for (const auto& node : nodes_) node->reap();
  for (const auto& signer : signers_) signer->reap();
}

Status<std::string> Network::check_number(std::size_t number) const {
  if (number >= 1 && number <= size()) return Unit{};
  return Failure{"expected a validator from 1 to " + std::to_string(size()) + ", found " +
                 std::to_string(number)};
}

Status<std::string> Network::start_validator(std::size_t number) {
  RETURN_IF_ERROR(check_number(number));
  if (!signers_.empty()) RETURN_IF_ERROR(signers_[number - 1]->start());
  return nodes_[number - 1]->start();
}

Status<std::string> Network::kill_validator(std::size_t number, Part part, bool gracefully) {
  RETURN_IF_ERROR(check_number(number));
  if (part == Part::kSigner && signers_.empty()) {
    return Failure{std::string("validators with development keys have no signer")};
  }
  const auto end = [gracefully](Daemon& daemon) {
    daemon.signal(gracefully ? SIGTERM : SIGKILL);
    daemon.stop(kStopPatience);
  };
  if (part != Part::kSigner) end(*nodes_[number - 1]);
  if (part != Part::kNode && !signers_.empty()) end(*signers_[number - 1]);
  return Unit{};
}

std::vector<StatusSource> Network::status_sources() const {
  std::vector<StatusSource> sources;
  for (std::size_t number = 1; number <= size(); ++number) {
    const bool has_signer = !identity_.uses_development_keys();
    sources.push_back(
        {ports(number).rpc, has_signer ? layout_.validator(number).signer_admin.string() : ""});
  }
  return sources;
}

}  // namespace buri::devnet
