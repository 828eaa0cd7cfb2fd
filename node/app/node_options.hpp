#pragma once

#include <optional>
#include <string>
#include <variant>

#include "accel/engine_options.hpp"
#include "node/app/api_settings.hpp"
#include "node/app/node_metrics.hpp"
#include "node/app/pools.hpp"
#include "node/consensus/host/consensus_host.hpp"
#include "node/consensus/host/consensus_reactor.hpp"
#include "node/consensus/host/signer_connection.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/p2p/live_network.hpp"
#include "node/consensus/pruning/block_pruner.hpp"
#include "node/consensus/sync/catch_up.hpp"
#include "node/protocol/endpoints/settings.hpp"
#include "node/protocol/heimdall_forks.hpp"

/// What a node is made with, whatever file an operator wrote it in.

namespace buri::app {

/// The files of a home: the stock daemon's, where both have them, so that a node can change hands.
struct HomePaths {
  explicit HomePaths(const std::string& home);

  std::string genesis;        ///< config/genesis.json
  std::string node_key;       ///< config/node_key.json
  std::string address_book;   ///< config/addrbook.json
  std::string validator_key;  ///< config/priv_validator_key.json, of a development key
  std::string sign_state;     ///< data/priv_validator_state.json, of a development key
  std::string log;            ///< data/cs.wal
  std::string application;    ///< data/application, as `buri consensus` opens it
  std::string blocks;         ///< data/blocks
  std::string lock;           ///< data/burid.lock
};

/// Who signs.
struct NoSigner {};
struct FileSigner {
  std::string key_path;
  std::string state_path;
};
using SignerChoice = std::variant<NoSigner, consensus::host::SignerConnectionOptions, FileSigner>;

struct NodeOptions {
  explicit NodeOptions(const std::string& home) : paths(home) {}

  HomePaths paths;
  std::string moniker = "buri";
  std::optional<protocol::HeimdallForks> forks;  ///< of a chain whose heights are not built in
  SignerChoice signer = NoSigner{};
  /// Whose signatures the signer must make; nothing: whoever's it has.
  std::optional<consensus::engine::PublicKeyBytes> validator_key;
  consensus::p2p::NetworkOptions network;
  consensus::host::HostOptions host;
  consensus::host::GossipOptions gossip;
  consensus::sync::CatchUpOptions catch_up;
  consensus::pruning::PruningOptions pruning;
  PoolSettings pools;
  ApiSettings api;
  MetricsSettings metrics;
  consensus::iavl::MultistoreOptions stores;
  protocol::endpoints::Settings endpoints;
  accel::EngineOptions crypto;
  std::size_t block_cache_bytes = std::size_t{256} << 20;  ///< of each of the two databases
  std::string rpc_address;  ///< as peers are told it: "tcp://127.0.0.1:26657"
  unsigned threads = 2;     ///< for network and consensus
};

}  // namespace buri::app
