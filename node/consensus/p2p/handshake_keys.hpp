#pragma once

#include "node/consensus/p2p/primitives.hpp"

/// What two nodes derive from their ephemeral keys (spec/cometbft.md 3.1, steps 2 to 4).

namespace buri::consensus::p2p {

/// The output of HKDF, cut up for one end.
struct HandshakeKeys {
  Secret<32> receive;
  Secret<32> send;
  Secret<32> unused;  ///< a challenge of older versions; derived and not used by any present one
};

/// `own_is_lower`: whether the own ephemeral key is the lexicographically lower one.
HandshakeKeys derive_keys(const Secret<32>& shared, bool own_is_lower);

/// What both ends sign. `lower` and `upper` are the ephemeral keys in lexicographic order.
Hash256 handshake_challenge(const X25519Public& lower, const X25519Public& upper,
                            const Secret<32>& shared);

}  // namespace buri::consensus::p2p
