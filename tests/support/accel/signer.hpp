#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "accel/signature.hpp"

/// Signed requests for tests and benchmarks, made by libsecp256k1 from a seed.

namespace buri::accel {

/// A key pair that signs. Not thread-safe.
class Signer {
 public:
  /// Draws a secret key from `random`.
  explicit Signer(std::mt19937_64& random);

  /// The public key, 65 bytes uncompressed.
  [[nodiscard]] const PublicKey& key() const { return uncompressed_; }
  /// The public key, 33 bytes compressed.
  [[nodiscard]] const PublicKey& compressed_key() const { return compressed_; }

  /// A signature over `digest` with low s, and the recovery id that leads back to key().
  [[nodiscard]] RecoverRequest sign(const Hash256& digest) const;

 private:
  Hash256 secret_;
  PublicKey uncompressed_;
  PublicKey compressed_;
};

/// 32 bytes from `random`.
Hash256 random_hash(std::mt19937_64& random);

/// `count` signers drawn from `random`.
std::vector<Signer> make_signers(std::size_t count, std::mt19937_64& random);

}  // namespace buri::accel
