#include "node/consensus/p2p/peer_key.hpp"

#include "accel/hasher.hpp"
#include "accel/scalar/single.hpp"
#include "base/hex.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::size_t kSecp256k1SignatureBytes = 65;

Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

NodeId id_of(const Ed25519Public& key) {
  const ByteView message = key;
  Hash256 digest;
  accel::scalar_hasher().sha256_batch({&message, 1}, {&digest, 1});
  return NodeId::from(ByteView(digest).first(NodeId::size()));
}

NodeId id_of(const Secp256k1Public& key) {
  return NodeId::from(ByteView(keccak256(ByteView(key).subspan(1))).last(NodeId::size()));
}

bool holds(const Ed25519Public& key, ByteView message, ByteView signature) {
  return ed25519_verify(key, message, signature);
}

bool holds(const Secp256k1Public& key, ByteView message, ByteView signature) {
  if (signature.size() != kSecp256k1SignatureBytes) return false;
  accel::VerifyRequest request{.signature = {.digest = keccak256(message),
                                             .r = Hash256::from(signature.first(32)),
                                             .s = Hash256::from(signature.subspan(32, 32))},
                               .key = {.bytes = key.bytes, .length = Secp256k1Public::kSize}};
  return accel::scalar::verify_single(request, accel::LowS::kRequired) ==
         accel::SignatureStatus::kOk;
}

}  // namespace

NodeId node_id(const PeerKey& key) {
  return std::visit([](const auto& bytes) { return id_of(bytes); }, key);
}

std::optional<NodeId> parse_node_id(std::string_view text) {
  const auto id = fixed_from_hex<NodeId::kSize>(text);
  if (!id || to_hex(*id) != text) return std::nullopt;
  return id;
}

bool verify(const PeerKey& key, ByteView message, ByteView signature) {
  return std::visit([&](const auto& bytes) { return holds(bytes, message, signature); }, key);
}

}  // namespace buri::consensus::p2p
