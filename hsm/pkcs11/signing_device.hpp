#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

/// What the signer asks of whatever holds the validator key: signatures over digests it has built
/// itself from typed requests, and a small value that survives a restored disk. No policy stands
/// behind this interface; every caller must have made its record durable before it asks.

namespace buri::hsm::pkcs11 {

/// What a digest was built from. A label for logs and metrics, never a permission.
enum class SigningPurpose : std::uint8_t {
  kProposal = 1,
  kVote = 2,
  kVoteExtension = 3,
  kPlainExtension = 4,  ///< the extension that Heimdall signs without replay protection
  kBorHeader = 5,
  kHeimdallTransaction = 6,
  kRootChainTransaction = 7,
  kProofOfPossession = 8,
  kProbe = 9,  ///< the worker's own typed probe message
};
inline constexpr std::size_t kSigningPurposeCount = 9;

/// Lower-case name with underscores: "vote_extension". REQUIRES: a value of the enum.
std::string_view purpose_name(SigningPurpose purpose);

/// R ‖ S ‖ V: 32 bytes big-endian each of r and s, s at most n/2, then V = 0 or 1, the parity of R.
using RecoverableSignature = FixedBytes<65>;

/// X ‖ Y of a secp256k1 point, 32 bytes big-endian each, without the 0x04 byte.
using PublicPoint = FixedBytes<64>;

/// Why a device gave no signature. Each value is one counter.
enum class SigningFault : std::uint8_t {
  kLocked,        ///< no PIN was given yet, or the PIN was refused: unlock() is needed
  kUnavailable,   ///< no device is ready; later calls may pass
  kDeadline,      ///< the deadline passed before any device answered
  kDevice,        ///< every device failed; the text names the last call and its CK_RV
  kBadSignature,  ///< what came back was not a signature of the pinned key
  kNotStored,     ///< the anchor could not be read or written
};

/// Lower-case name with underscores: "bad_signature".
std::string_view fault_name(SigningFault fault);

/// A fault with a full sentence for people. Holds no secret.
struct SigningError {
  SigningFault fault{};
  std::string reason;
};

/// One digest to sign.
struct SigningRequest {
  SigningPurpose purpose{};
  Hash256 digest;
};

/// A device, or several devices that hold the same key. Implementations are thread-safe.
class SigningDevice {
 public:
  virtual ~SigningDevice() = default;

  /// Signs every request, at the same time where the device gains from it, and returns the
  /// signatures in the order of the requests: all of them or an error. Every signature was
  /// recovered to the pinned key in this process. Blocks until `deadline` at most, plus a few
  /// milliseconds to kill what hangs.
  virtual Result<std::vector<RecoverableSignature>, SigningError> sign_all(
      std::span<const SigningRequest> requests, MonotonicTime deadline) = 0;

  /// Says that sign_all of so many requests will follow at once, as soon as their record is
  /// durable: the device may do meanwhile what needs no digest. A hint: nothing may come of it, and
  /// a device with nothing to prepare ignores it. Does not block.
  virtual void expect(std::size_t /*signatures*/) {}

  /// sign_all of one.
  Result<RecoverableSignature, SigningError> sign(SigningPurpose purpose, const Hash256& digest,
                                                  MonotonicTime deadline) {
    const SigningRequest request{purpose, digest};
    ASSIGN_OR_RETURN(const auto signatures, sign_all({&request, 1}, deadline));
    return signatures.front();
  }

  /// The greatest value (bytewise) that is stored under `name` in any ready device; nothing if
  /// none holds one.
  virtual Result<std::optional<Bytes>, SigningError> read_anchor(const Hash256& name,
                                                                 MonotonicTime deadline) = 0;

  /// Stores `value` under `name` in every ready device: the new object exists before the old ones
  /// go. A value below the stored one is refused with kNotStored, so callers lead with what grows,
  /// big-endian. REQUIRES: 1 <= value.size() <= kMaxAnchorBytes.
  virtual Status<SigningError> write_anchor(const Hash256& name, ByteView value,
                                            MonotonicTime deadline) = 0;

  static constexpr std::size_t kMaxAnchorBytes = 64;
};

}  // namespace buri::hsm::pkcs11
