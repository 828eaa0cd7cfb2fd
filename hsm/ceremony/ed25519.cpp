#include "hsm/ceremony/ed25519.hpp"

#include <botan/ed25519.h>
#include <botan/pubkey.h>
#include <botan/system_rng.h>

#include <exception>

#include "base/check.hpp"

namespace buri::hsm::ceremony {
namespace {

Botan::Ed25519_PrivateKey private_key(const FixedBytes<32>& seed) {
  return Botan::Ed25519_PrivateKey(
      Botan::secure_vector<std::uint8_t>(seed.bytes.begin(), seed.bytes.end()));
}

}  // namespace

bool verify_ed25519(const Ed25519Key& key, ByteView message, const Ed25519Signature& signature) {
  try {
    const Botan::Ed25519_PublicKey public_key(key.data(), key.size());
    Botan::PK_Verifier verifier(public_key, "Pure");
    return verifier.verify_message(message.data(), message.size(), signature.data(),
                                   signature.size());
  } catch (const std::exception&) {
    return false;
  }
}

RehearsalKey::RehearsalKey(Random& random) {
  random.fill({seed_.data(), seed_.size()});
  try {
    const std::vector<std::uint8_t> bytes = private_key(seed_).get_public_key();
    public_key_ = Ed25519Key::from(bytes);
  } catch (const std::exception&) {
    CHECK(false, "Botan makes an Ed25519 key of 32 bytes");
  }
}

Ed25519Signature RehearsalKey::sign(ByteView message) const {
  Ed25519Signature signature;
  try {
    const auto key = private_key(seed_);
    Botan::System_RNG random;  // asked for by the interface; Ed25519 is deterministic
    Botan::PK_Signer signer(key, random, "Pure");
    const auto bytes = signer.sign_message(message.data(), message.size(), random);
    signature = Ed25519Signature::from(bytes);
  } catch (const std::exception&) {
    CHECK(false, "Botan signs with an Ed25519 key");
  }
  return signature;
}

}  // namespace buri::hsm::ceremony
