#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.hpp"

/// What goes into and comes out of a batch of secp256k1 signature checks. Everything here is public
/// data: no operation of accel/ is, or needs to be, constant time.

namespace buri::accel {

/// The verdict on one signature of a batch. Where several rules are broken the first in this order
/// is reported, by every backend alike.
enum class SignatureStatus : std::uint8_t {
  kOk,
  kBadLength,   ///< key length is neither 33 nor 65, or key index is outside the key set
  kBadRange,    ///< r or s is 0 or >= n, or the recovery id exceeds 3
  kHighS,       ///< s > n/2 while low s is required (EIP-2, CometBFT fork: spec/cometbft.md 1.1)
  kNotOnCurve,  ///< recover: no point has that x (or r + n >= p); verify: bad key encoding or point
  kInfinity,    ///< recover: the recovered key is the point at infinity
  kMismatch,    ///< verify: the equation does not hold (a sum at infinity is a mismatch too)
};

/// Whether s above n/2 is refused (Ethereum since Homestead, CometBFT) or accepted (precompile
/// 0x01).
enum class LowS : std::uint8_t { kRequired, kAny };

/// A digest and the signature over it; all three are 32 bytes big-endian.
struct SignedDigest {
  Hash256 digest;
  Hash256 r;
  Hash256 s;
};

/// Asks for the public key behind a signature (SEC 1 v2, 4.1.6).
struct RecoverRequest {
  SignedDigest signature;
  std::uint8_t recovery_id = 0;  ///< bit 0: y of R is odd; bit 1: x of R is r + n
};

/// The answer to a RecoverRequest. Key and address are zero unless status is kOk.
struct RecoverResult {
  FixedBytes<64> public_key;  ///< X then Y, big-endian, without the 0x04 byte
  Address address;            ///< last 20 bytes of keccak256(public_key)
  SignatureStatus status = SignatureStatus::kOk;

  friend bool operator==(const RecoverResult&, const RecoverResult&) = default;
};

/// A serialized public key: 33 bytes compressed (02/03) or 65 bytes uncompressed (04) per SEC 1.
/// Hybrid encodings (06/07) are refused as kNotOnCurve.
struct PublicKey {
  std::array<std::uint8_t, 65> bytes{};
  std::uint8_t length = 0;

  [[nodiscard]] ByteView view() const { return {bytes.data(), length}; }
};

/// Asks whether `signature` was made by `key`.
struct VerifyRequest {
  SignedDigest signature;
  PublicKey key;
};

/// Asks whether `signature` was made by key number `key_index` of a KeySet.
struct KnownKeyRequest {
  SignedDigest signature;
  std::uint32_t key_index = 0;
};

/// A signature over keccak256(message), the message still to be hashed. `message` is not owned.
struct SignedMessage {
  ByteView message;
  Hash256 r;
  Hash256 s;
};

/// RecoverRequest for a signed message.
struct RecoverMessage {
  SignedMessage signature;
  std::uint8_t recovery_id = 0;  ///< as in RecoverRequest
};

/// KnownKeyRequest for a signed message.
struct KnownKeyMessage {
  SignedMessage signature;
  std::uint32_t key_index = 0;
};

}  // namespace buri::accel
