#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "hsm/pkcs11/signing_device.hpp"
#include "hsm/signer/state_block.hpp"

/// A rollback anchor: the sequence and hash of a recent record, kept where restoring the disk does
/// not reach it (a data object of the HSM). Sign-state older than its anchor is a restored snapshot
/// or a cloned disk.

namespace buri::hsm::signer {

struct Anchor {
  std::uint64_t epoch = 0;
  std::uint64_t sequence = 0;
  Hash256 record_hash;

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

/// Why an anchor could not be read or written.
enum class AnchorError : std::uint8_t {
  kUnavailable,  ///< the device does not answer; a later try may pass
  kMalformed,    ///< what is kept there is no anchor
};

/// Keeps one anchor per key and purpose. Not thread-safe.
class RollbackAnchor {
 public:
  virtual ~RollbackAnchor() = default;
  virtual Result<std::optional<Anchor>, AnchorError> read(const StateIdentity& identity) = 0;
  /// Replaces the anchor: the new one is there before the old one goes.
  virtual Status<AnchorError> write(const StateIdentity& identity, const Anchor& anchor) = 0;
};

/// How many records may follow an anchor before the next one is due.
inline constexpr std::uint64_t kRecordsPerAnchor = 1000;

/// Anchors in the device that holds the signing key. The device must outlive it.
class DeviceAnchor final : public RollbackAnchor {
 public:
  DeviceAnchor(pkcs11::SigningDevice& device, const Clock& clock)
      : device_(device), clock_(clock) {}

  Result<std::optional<Anchor>, AnchorError> read(const StateIdentity& identity) override;
  Status<AnchorError> write(const StateIdentity& identity, const Anchor& anchor) override;

 private:
  pkcs11::SigningDevice& device_;
  const Clock& clock_;
};

/// The bytes an anchor is kept as: 48, big-endian sequence and epoch, then the hash, so that later
/// anchors are greater.
Bytes encode_anchor(const Anchor& anchor);
std::optional<Anchor> decode_anchor(ByteView bytes);

}  // namespace buri::hsm::signer
