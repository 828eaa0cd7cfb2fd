#include "node/consensus/app/multisig_address.hpp"

#include <array>

#include "accel/hasher.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "node/consensus/codec/message.hpp"

namespace buri::consensus::app {
namespace {

using codec::Any;
using runtime::Outcome;

/// What amino puts in front of a registered type: the front of the hash of its name.
using Prefix = std::array<std::uint8_t, 4>;
constexpr Prefix kMultisigPrefix{0x22, 0xC1, 0xF7, 0xE2};   // tendermint/PubKeyMultisigThreshold
constexpr Prefix kSecp256k1Prefix{0x6C, 0xA3, 0xB6, 0x8F};  // cometbft/PubKeySecp256k1eth
constexpr Prefix kEd25519Prefix{0x16, 0x24, 0xDE, 0x64};    // tendermint/PubKeyEd25519
constexpr std::uint8_t kThresholdTag = 0x08;
constexpr std::uint8_t kKeyTag = 0x12;

void append_sized(Bytes& target, ByteView value) {
  append_varint(target, value.size());
  append(target, value);
}

Bytes with_prefix(const Prefix& prefix, ByteView key) {
  Bytes bytes(prefix.begin(), prefix.end());
  append_sized(bytes, key);
  return bytes;
}

Outcome<Bytes> amino_of(const tx::MultisigPublicKey& key);

Outcome<Bytes> amino_of(const Any& key) {
  const auto unreadable = [] { return Failure{runtime::panic("a key inside does not decode")}; };
  if (key.type_url == codec::type_url<tx::MultisigPublicKey>()) {
    const auto multisig = codec::decode<tx::MultisigPublicKey>(key.value);
    return multisig.ok() ? amino_of(*multisig) : Outcome<Bytes>(unreadable());
  }
  // All single keys are one bytes field.
  const auto single = codec::decode<tx::Secp256k1PublicKey>(key.value);
  if (!single.ok()) return unreadable();
  if (key.type_url == codec::type_url<tx::Secp256k1PublicKey>()) {
    return with_prefix(kSecp256k1Prefix, single->key);
  }
  if (key.type_url == codec::type_url<tx::Ed25519PublicKey>()) {
    return with_prefix(kEd25519Prefix, single->key);
  }
  return Failure{runtime::panic("Unregistered interface value")};
}

Outcome<Bytes> amino_of(const tx::MultisigPublicKey& key) {
  Bytes bytes(kMultisigPrefix.begin(), kMultisigPrefix.end());
  if (key.threshold != 0) {
    bytes.push_back(kThresholdTag);
    append_varint(bytes, key.threshold);
  }
  for (const Any& inner : key.public_keys) {
    ASSIGN_OR_RETURN(const Bytes encoded, amino_of(inner));
    bytes.push_back(kKeyTag);
    append_sized(bytes, encoded);
  }
  return bytes;
}

}  // namespace

Outcome<Address> multisig_address(const tx::MultisigPublicKey& key) {
  ASSIGN_OR_RETURN(const Bytes encoded, amino_of(key));
  const ByteView message = encoded;
  Hash256 hash;
  accel::scalar_hasher().sha256_batch(std::span(&message, 1), std::span(&hash, 1));
  return Address::from(ByteView(hash).first(Address::kSize));
}

}  // namespace buri::consensus::app
