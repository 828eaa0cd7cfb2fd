#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.hpp"
#include "base/result.hpp"
#include "hsm/pkcs11/worker_client.hpp"
#include "hsm/rules/record.hpp"
#include "hsm/signer/etcd_fence.hpp"
#include "hsm/signer/ledger_rules.hpp"
#include "hsm/signer/privval/dialler.hpp"
#include "hsm/signer/socket_server.hpp"

/// The configuration file of buri-signer: a TOML file, read strictly (docs/signer.md). What a key
/// may sign is not here but in the policy file.

namespace buri::hsm::signer {

/// A socket for requests and the purposes it serves.
struct RequestSocket {
  SocketOptions socket;
  std::vector<wire::Purpose> purposes;
};

/// A socket that speaks clef's JSON-RPC.
struct ClefSocket {
  RequestSocket requests;
  std::uint64_t bor_chain_id = 0;  ///< of the chain whose headers come over it
  std::uint32_t timeout_ms = 300;  ///< per signature
};

/// Where a fence is and how to get to it; files are read by load_fence_files().
struct FenceConfig {
  EtcdOptions options;
  std::string authority_file;
  std::string certificate_file;
  std::string key_file;
};

/// Where metrics are served: nowhere, on a unix socket, or on a port of loopback.
struct MetricsConfig {
  std::optional<SocketOptions> socket;
  std::uint16_t port = 0;
};

struct SignerConfig {
  SigningKey key;
  std::string state_directory;
  std::string audit_directory;
  std::vector<rules::Ledger> ledgers;
  std::string policy_file;
  std::string worker_program;
  std::vector<pkcs11::DeviceConfig> devices;
  bool activates_by_itself = false;
  std::optional<FenceConfig> fence;
  std::vector<RequestSocket> sockets;
  std::vector<privval::DiallerOptions> daemons;  ///< stock daemons to call
  std::vector<ClefSocket> clefs;
  SocketOptions admin;
  MetricsConfig metrics;
  LogLevel log_level = LogLevel::kInfo;
};

/// Unknown sections and settings, wrong types and missing required settings are errors: a sentence
/// with line and setting. User and group names are looked up on this machine.
Result<SignerConfig, std::string> parse_config(std::string_view text);

/// Reads the PEM files of a fence into its options.
Status<std::string> load_fence_files(FenceConfig& fence);

}  // namespace buri::hsm::signer
