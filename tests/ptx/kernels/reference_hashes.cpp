#include "tests/ptx/kernels/reference_hashes.hpp"

#include <openssl/sha.h>

#include <bit>

#include "tests/unit/accel/keccak_reference.hpp"

namespace buri::ptx {
namespace {

Bytes joined(ByteView first, ByteView second, Bytes prefix = {}) {
  append(prefix, first);
  append(prefix, second);
  return prefix;
}

}  // namespace

Hash256 reference_keccak256(ByteView message) {
  return accel::reference::sponge(Bytes(message.begin(), message.end()), 0x01);
}

Hash256 reference_sha256(ByteView message) {
  Hash256 digest;
  SHA256(message.data(), message.size(), digest.data());
  return digest;
}

Hash256 reference_checkpoint_root(std::vector<Hash256> nodes) {
  nodes.resize(std::bit_ceil(nodes.size()));
  for (; nodes.size() > 1; nodes.resize(nodes.size() / 2)) {
    for (std::size_t i = 0; i < nodes.size() / 2; ++i) {
      nodes[i] = reference_keccak256(joined(nodes[2 * i], nodes[2 * i + 1]));
    }
  }
  return nodes.front();
}

Hash256 reference_rfc6962_root(std::span<const ByteView> leaves) {
  if (leaves.empty()) return reference_sha256({});
  if (leaves.size() == 1) return reference_sha256(joined(leaves.front(), {}, {0}));
  const std::size_t left = std::bit_floor(leaves.size() - 1);
  return reference_sha256(joined(reference_rfc6962_root(leaves.first(left)),
                                 reference_rfc6962_root(leaves.subspan(left)), {1}));
}

}  // namespace buri::ptx
