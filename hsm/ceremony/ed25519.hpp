#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "hsm/ceremony/text.hpp"

/// Signatures of participants under a manifest (Ed25519, RFC 8032), made with their own devices or
/// `openssl pkeyutl -sign -rawin`. Calls Botan; its exceptions end here.

namespace buri::hsm::ceremony {

using Ed25519Key = FixedBytes<32>;
using Ed25519Signature = FixedBytes<64>;

/// Whether `signature` is the key's over `message`.
bool verify_ed25519(const Ed25519Key& key, ByteView message, const Ed25519Signature& signature);

/// A key pair for rehearsals, gone with this object.
class RehearsalKey {
 public:
  explicit RehearsalKey(Random& random);
  [[nodiscard]] const Ed25519Key& public_key() const { return public_key_; }
  [[nodiscard]] Ed25519Signature sign(ByteView message) const;

 private:
  FixedBytes<32> seed_;
  Ed25519Key public_key_;
};

}  // namespace buri::hsm::ceremony
