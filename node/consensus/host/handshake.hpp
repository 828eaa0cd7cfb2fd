#pragma once

#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/host/block_executor.hpp"

/// At every start application, block store and chain state are brought to one height: a crash
/// leaves them up to one apart, a rollback of the application more (0xPolygon/cometbft
/// v0.3.8-polygon, consensus/replay.go, Handshaker).

namespace buri::consensus::host {

/// What the handshake stands on. All must outlive the call; the pools in `execution` are not asked.
struct HandshakeServices {
  ExecutionServices execution;
  blocks::BlockStore* blocks = nullptr;
};

/// What it found and did.
struct Handshake {
  engine::ChainState chain;             ///< after the last stored block
  std::int64_t application_height = 0;  ///< at the start
  std::int64_t replayed = 0;            ///< blocks executed here
};

/// A chain that has not begun begins here, with `genesis`. Errors are sentences: another chain's
/// genesis, heights that no crash can have left, a hash that differs from the chain's.
Result<Handshake, std::string> shake_hands(const HandshakeServices& services,
                                           const app::Genesis& genesis);

}  // namespace buri::consensus::host
