#pragma once

#include <functional>

#include "node/consensus/api/event_bus.hpp"
#include "node/consensus/app/application.hpp"
#include "node/consensus/blocks/state_store.hpp"
#include "node/consensus/evidence/evidence_pool.hpp"
#include "node/consensus/host/application_thread.hpp"
#include "node/consensus/host/consensus_host.hpp"
#include "node/consensus/mempool/tx_pool.hpp"
#include "node/consensus/p2p/live_network.hpp"

/// A running node as its servers need it.

namespace buri::app {

/// What REST, gRPC and RPC stand on. All must outlive them.
struct ApiServices {
  consensus::app::Application* application = nullptr;
  consensus::iavl::Multistore* stores = nullptr;
  consensus::app::ChainOptions chain;
  accel::Engine* crypto = nullptr;
  const consensus::blocks::BlockStore* blocks = nullptr;
  const consensus::blocks::StateStore* states = nullptr;
  consensus::mempool::TxPool* transactions = nullptr;
  consensus::evidence::EvidencePool* evidence = nullptr;
  consensus::host::ApplicationThread* worker = nullptr;
  consensus::host::ConsensusHost* host = nullptr;
  consensus::host::Loop* loop = nullptr;
  const consensus::p2p::LiveNetwork* network = nullptr;
  consensus::modules::consensus::ConsensusParams genesis_params;
  consensus::api::EventBus* events = nullptr;  ///< of what consensus does
  std::function<consensus::p2p::NodeInfo()> node_info;
  std::function<bool()> is_catching_up;
  std::function<std::size_t()> peer_count;
  consensus::app::Reporter reporter;  ///< hears of queries
  Address own_address;  ///< of the key that this node signs with; zero if it does not sign
};

}  // namespace buri::app
