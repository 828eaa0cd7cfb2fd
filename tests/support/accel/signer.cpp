#include "tests/support/accel/signer.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <array>

#include "base/check.hpp"

namespace buri::accel {
namespace {

secp256k1_context* signing_context() {
  static secp256k1_context* context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
  return context;
}

PublicKey serialize(const secp256k1_pubkey& key, unsigned flags) {
  PublicKey result;
  std::size_t length = result.bytes.size();
  secp256k1_ec_pubkey_serialize(signing_context(), result.bytes.data(), &length, &key, flags);
  result.length = static_cast<std::uint8_t>(length);
  return result;
}

}  // namespace

Hash256 random_hash(std::mt19937_64& random) {
  Hash256 hash;
  for (std::uint8_t& byte : hash.bytes) byte = static_cast<std::uint8_t>(random());
  return hash;
}

Signer::Signer(std::mt19937_64& random) {
  do {
    secret_ = random_hash(random);
  } while (secp256k1_ec_seckey_verify(signing_context(), secret_.data()) != 1);
  secp256k1_pubkey key;
  CHECK(secp256k1_ec_pubkey_create(signing_context(), &key, secret_.data()) == 1,
        "libsecp256k1 refused a valid secret");
  uncompressed_ = serialize(key, SECP256K1_EC_UNCOMPRESSED);
  compressed_ = serialize(key, SECP256K1_EC_COMPRESSED);
}

RecoverRequest Signer::sign(const Hash256& digest) const {
  secp256k1_ecdsa_recoverable_signature signature;
  CHECK(secp256k1_ecdsa_sign_recoverable(signing_context(), &signature, digest.data(),
                                         secret_.data(), nullptr, nullptr) == 1,
        "libsecp256k1 refused to sign");
  std::array<std::uint8_t, 64> compact;
  int recovery_id = 0;
  secp256k1_ecdsa_recoverable_signature_serialize_compact(signing_context(), compact.data(),
                                                          &recovery_id, &signature);
  RecoverRequest request;
  request.signature.digest = digest;
  std::copy_n(compact.data(), 32, request.signature.r.data());
  std::copy_n(compact.data() + 32, 32, request.signature.s.data());
  request.recovery_id = static_cast<std::uint8_t>(recovery_id);
  return request;
}

std::vector<Signer> make_signers(std::size_t count, std::mt19937_64& random) {
  std::vector<Signer> signers;
  signers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) signers.emplace_back(random);
  return signers;
}

}  // namespace buri::accel
