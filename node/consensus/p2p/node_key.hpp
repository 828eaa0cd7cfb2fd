#pragma once

#include "base/random.hpp"
#include "node/consensus/p2p/peer_key.hpp"

/// The key by which this node is known to its peers. It signs handshakes and nothing else; the
/// validator's key is another one and lives in the signer.

namespace buri::consensus::p2p {

/// An Ed25519 key. Thread-safe once made; wiped at the end.
class NodeKey {
 public:
  explicit NodeKey(Secret<32> seed);
  /// A new key. `random` must be fit for keys.
  static NodeKey generate(Random& random);

  [[nodiscard]] const Ed25519Public& public_key() const { return public_key_; }
  [[nodiscard]] NodeId id() const { return node_id(public_key_); }
  [[nodiscard]] Ed25519Signature sign(ByteView message) const {
    return ed25519_sign(seed_, message);
  }
  /// The secret half, for the file that keeps it.
  [[nodiscard]] const Secret<32>& seed() const { return seed_; }

 private:
  Secret<32> seed_;
  Ed25519Public public_key_;
};

}  // namespace buri::consensus::p2p
