#include "accel/scalar/sha256.hpp"

// The low-level calls are deprecated in favour of EVP, whose every digest costs 1.7 times as much
// on a tree node (accel.md, 2): it looks up the algorithm and allocates.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <array>
#include <cstring>

#include "base/check.hpp"

namespace buri::accel::scalar {

void sha256(ByteView message, Hash256& digest) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, message.data(), message.size());
  SHA256_Final(digest.data(), &context);
}

void sha256_batch(std::span<const ByteView> messages, std::span<Hash256> digests) {
  CHECK(messages.size() == digests.size(), "a batch needs one digest for each message");
  for (std::size_t i = 0; i < messages.size(); ++i) sha256(messages[i], digests[i]);
}

void sha256_pairs(std::span<const Hash256> nodes, std::span<Hash256> parents) {
  CHECK(nodes.size() == 2 * parents.size(), "a level has half the nodes of the level below");
  std::array<std::uint8_t, 65> message{0x01};
  for (std::size_t i = 0; i < parents.size(); ++i) {
    std::memcpy(message.data() + 1, nodes[2 * i].data(), 64);
    sha256(message, parents[i]);
  }
}

}  // namespace buri::accel::scalar
