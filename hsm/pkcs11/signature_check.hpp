#pragma once

#include <string_view>

#include "hsm/pkcs11/signing_device.hpp"

/// From what a device returns to what may leave the signer: low s, recovery id found, recovered to
/// the pinned key. A signature that fails here is worthless whatever the device said about it.

namespace buri::hsm::pkcs11 {

enum class SignatureFault : std::uint8_t {
  kBadLength,  ///< not 64 bytes
  kBadRange,   ///< r or s is 0 or not below the group order
  kWrongKey,   ///< recovers to another key, or to none
};

/// A sentence.
std::string_view describe(SignatureFault fault);

/// Completes r ‖ s: s becomes n - s if it is above n/2, V is the recovery id (0 or 1) that leads to
/// `key`. Ids 2 and 3 (r overflowed, probability 2^-127) are kWrongKey: Ethereum knows no V for
/// them.
Result<RecoverableSignature, SignatureFault> complete_signature(ByteView raw, const Hash256& digest,
                                                                const PublicPoint& key);

/// True when `signature` has low s, V of 0 or 1, and recovers to `key`.
bool recovers_to(const RecoverableSignature& signature, const Hash256& digest,
                 const PublicPoint& key);

/// The digest of a typed probe: keccak256("BURI-HSM-PROBE-v1" ‖ counter as 8 bytes big-endian ‖
/// nonce). No other purpose signs bytes that begin so.
Hash256 probe_digest(std::uint64_t counter, const Hash256& nonce);

/// The last 20 bytes of keccak256(key).
Address address_of(const PublicPoint& key);

}  // namespace buri::hsm::pkcs11
