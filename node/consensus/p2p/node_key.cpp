#include "node/consensus/p2p/node_key.hpp"

namespace buri::consensus::p2p {

NodeKey::NodeKey(Secret<32> seed) : seed_(std::move(seed)), public_key_(ed25519_public(seed_)) {}

NodeKey NodeKey::generate(Random& random) {
  Secret<32> seed;
  random.fill(seed.writable());
  return NodeKey(std::move(seed));
}

}  // namespace buri::consensus::p2p
