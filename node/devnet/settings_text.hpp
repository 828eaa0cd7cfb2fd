#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "node/devnet/identity.hpp"
#include "node/devnet/layout.hpp"

/// The settings files of a devnet's daemons, as text. Ports and addresses are drawn anew at each
/// start of the network, so these are written anew as well.

namespace buri::devnet {

/// Where one validator listens on the loopback interface.
struct Ports {
  std::uint16_t p2p = 0;
  std::uint16_t rpc = 0;
  std::uint16_t rest = 0;
  std::uint16_t grpc = 0;
  std::uint16_t metrics = 0;
};

struct NodeSettings {
  std::size_t number = 0;  ///< of the validator, from 1
  Ports ports;
  std::vector<std::string> peers;  ///< ID@HOST:PORT
  std::string eth_rpc_url;
  std::string bor_rpc_url;
  std::int64_t commit_timeout_ms = 500;  ///< from a decision to the next height
};

/// buri.toml of a validator.
std::string node_config_text(const Layout& layout, const Identity& identity,
                             const NodeSettings& settings);

/// signer.toml of a validator. `worker_program` is the path of buri-hsm.
std::string signer_config_text(const ValidatorPaths& paths, const ValidatorIdentity& validator,
                               const std::string& worker_program);

/// What the key may sign (docs/signer-policy.md): votes of this chain, checkpoints of its Bor and
/// what `buri devnet traffic` sends.
std::string signer_policy_text(const Identity& identity);

}  // namespace buri::devnet
