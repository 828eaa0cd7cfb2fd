#pragma once

#include "node/consensus/engine/block.hpp"

/// How nodes name a piece of evidence among themselves (spec/cometbft.md 2.3).

namespace buri::consensus::engine {

/// The hash of a double vote's encoding; of a light client attack that of the conflicting header's
/// hash, its last byte zero, and the common height. Errors, for an attack: what decode_block() says
/// of its header.
Result<Hash256, codec::DecodeError> evidence_name(accel::Engine& crypto,
                                                  const EvidencePiece& piece);

}  // namespace buri::consensus::engine
