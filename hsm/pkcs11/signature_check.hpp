#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "accel/key_set.hpp"
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

/// The key that signatures must belong to, with tables that make the check cheap (131 KiB, built in
/// milliseconds). Immutable: share it between threads freely.
class PinnedKey {
 public:
  /// A point that is not on the curve completes no signature.
  explicit PinnedKey(const PublicPoint& point);

  /// Completes r ‖ s: s becomes n - s if it is above n/2, V is the recovery id (0 or 1) that leads
  /// to this key. Ids 2 and 3 (r overflowed, probability 2^-127) are kWrongKey: Ethereum knows no V
  /// for them.
  [[nodiscard]] Result<RecoverableSignature, SignatureFault> complete(ByteView raw,
                                                                      const Hash256& digest) const;
  /// True when `signature` has low s, V of 0 or 1, and recovers to this key.
  [[nodiscard]] bool made(const RecoverableSignature& signature, const Hash256& digest) const;

 private:
  std::shared_ptr<const accel::KeySet> keys_;
};

/// As PinnedKey::made, by libsecp256k1's recovery and without tables: for a single signature.
bool recovers_to(const RecoverableSignature& signature, const Hash256& digest,
                 const PublicPoint& key);

/// The digest of a typed probe: keccak256("BURI-HSM-PROBE-v1" ‖ counter as 8 bytes big-endian ‖
/// nonce). No other purpose signs bytes that begin so.
Hash256 probe_digest(std::uint64_t counter, const Hash256& nonce);

/// The last 20 bytes of keccak256(key).
Address address_of(const PublicPoint& key);

/// "0x" and 40 hex digits, mixed case as EIP-55 has it.
std::string checksummed_address(const Address& address);

}  // namespace buri::hsm::pkcs11
