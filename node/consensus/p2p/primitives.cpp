#include "node/consensus/p2p/primitives.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <string>

#include "base/free_with.hpp"

namespace buri::consensus::p2p {
namespace {

using Key = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using Kdf = std::unique_ptr<EVP_KDF, FreeWith<EVP_KDF_free>>;
using KdfContext = std::unique_ptr<EVP_KDF_CTX, FreeWith<EVP_KDF_CTX_free>>;

Key private_key_of(int type, const Secret<32>& bytes) {
  Key key(EVP_PKEY_new_raw_private_key(type, nullptr, bytes.view().data(), bytes.view().size()));
  CHECK(key, "OpenSSL takes every 32 bytes as a private key");
  return key;
}

FixedBytes<32> public_key_of(int type, const Secret<32>& bytes) {
  const Key key = private_key_of(type, bytes);
  FixedBytes<32> result;
  std::size_t size = result.size();
  CHECK(EVP_PKEY_get_raw_public_key(key.get(), result.data(), &size) == 1 && size == 32,
        "a private key has a public one");
  return result;
}

}  // namespace

X25519Public x25519_public(const Secret<32>& private_key) {
  return public_key_of(EVP_PKEY_X25519, private_key);
}

bool x25519_shared(const Secret<32>& private_key, const X25519Public& peer, Secret<32>& shared) {
  const Key own = private_key_of(EVP_PKEY_X25519, private_key);
  const Key other(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, peer.data(), X25519Public::size()));
  const KeyContext context(EVP_PKEY_CTX_new(own.get(), nullptr));
  CHECK(other && context && EVP_PKEY_derive_init(context.get()) == 1,
        "OpenSSL takes every 32 bytes as a public key");
  if (EVP_PKEY_derive_set_peer(context.get(), other.get()) != 1) return false;
  std::size_t size = shared.writable().size();
  if (EVP_PKEY_derive(context.get(), shared.writable().data(), &size) != 1) return false;
  // OpenSSL refuses an all-zero secret; that this is so must not depend on its version.
  std::uint8_t any = 0;
  for (const std::uint8_t byte : shared.view()) any |= byte;
  return size == 32 && any != 0;
}

Ed25519Public ed25519_public(const Secret<32>& seed) {
  return public_key_of(EVP_PKEY_ED25519, seed);
}

Ed25519Signature ed25519_sign(const Secret<32>& seed, ByteView message) {
  const Key key = private_key_of(EVP_PKEY_ED25519, seed);
  const DigestContext context(EVP_MD_CTX_new());
  Ed25519Signature signature;
  std::size_t size = Ed25519Signature::size();
  CHECK(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                           message.size()) == 1 &&
            size == Ed25519Signature::size(),
        "an Ed25519 key signs");
  return signature;
}

bool ed25519_verify(const Ed25519Public& key, ByteView message, ByteView signature) {
  if (signature.size() != Ed25519Signature::size()) return false;
  const Key public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), Ed25519Public::size()));
  const DigestContext context(EVP_MD_CTX_new());
  CHECK(public_key && context, "no memory is left for a key");
  return EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                          message.size()) == 1;
}

void hkdf_sha256(ByteView input_key, ByteView info, MutableByteView target) {
  const Kdf kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  CHECK(kdf, "OpenSSL has HKDF");
  const KdfContext context(EVP_KDF_CTX_new(kdf.get()));
  std::string digest = "SHA256";
  const std::array<OSSL_PARAM, 4> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_octet_string(
          OSSL_KDF_PARAM_KEY, const_cast<std::uint8_t*>(input_key.data()), input_key.size()),
      OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, const_cast<std::uint8_t*>(info.data()),
                                        info.size()),
      OSSL_PARAM_construct_end()};
  CHECK(context &&
            EVP_KDF_derive(context.get(), target.data(), target.size(), parameters.data()) == 1,
        "HKDF gives up to 8,160 bytes");
}

}  // namespace buri::consensus::p2p
