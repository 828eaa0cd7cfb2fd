#include "node/devnet/script_keys.hpp"

#include <secp256k1.h>

#include <memory>

#include "accel/hasher.hpp"
#include "base/check.hpp"
#include "base/free_with.hpp"

namespace buri::devnet {

Hash256 keccak(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

FixedBytes<65> scripted_public_key(std::string_view name) {
  const std::unique_ptr<secp256k1_context, FreeWith<secp256k1_context_destroy>> context(
      secp256k1_context_create(SECP256K1_CONTEXT_NONE));
  const Hash256 secret = keccak(as_bytes(name));
  secp256k1_pubkey key;
  CHECK(secp256k1_ec_pubkey_create(context.get(), &key, secret.data()) == 1,
        "a hash is no multiple of the group's order");
  FixedBytes<65> serialized;
  std::size_t length = serialized.bytes.size();
  secp256k1_ec_pubkey_serialize(context.get(), serialized.data(), &length, &key,
                                SECP256K1_EC_UNCOMPRESSED);
  return serialized;
}

}  // namespace buri::devnet
