#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "accel/key_set.hpp"
#include "accel/signature.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

/// What the engine asks of a backend. A backend computes whole batches; which backend computes a
/// batch never changes a result. CPU backends never fail; a device backend may fail a whole call,
/// in which case the caller's result memory is unspecified and the engine recomputes the batch
/// elsewhere.

namespace buri::accel {

/// The batch operations. Values index tables and name metrics; see operation_name().
enum class Operation : std::uint8_t {
  kRecover,
  kVerify,
  kVerifyKnown,
  kKeccak256,
  kSha256,
  kCheckpointRoot,
  kRfc6962Root,
};
inline constexpr std::size_t kOperationCount = 7;

/// Lower-case name with underscores, for metrics and reports: "verify_known".
std::string_view operation_name(Operation operation);

/// Why a device could not finish a call.
enum class BackendFault : std::uint8_t {
  kUnsupported,   ///< this backend does not offer the operation
  kOutOfMemory,   ///< device memory did not suffice; a smaller batch may pass
  kDeviceLost,    ///< the device or its driver went away; every later call fails too
  kTimeout,       ///< the call's deadline passed
  kLaunchFailed,  ///< the device refused or aborted this call
};

/// One way to compute batches. Implementations are thread-safe unless they say otherwise.
/// All spans are caller-owned and may not alias; result spans have the length of the request span.
class Backend {
 public:
  virtual ~Backend() = default;

  /// Short stable name: "scalar", "avx2", "avx512", "cuda:0".
  [[nodiscard]] virtual std::string_view name() const = 0;
  /// What runs it, for people: CPU model or card name.
  [[nodiscard]] virtual std::string description() const = 0;
  /// True when calls leave the CPU: such results are sampled and faults expected.
  [[nodiscard]] virtual bool is_device() const { return false; }
  [[nodiscard]] virtual bool supports(Operation operation) const = 0;

  virtual Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                                       std::span<RecoverResult> results);
  virtual Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                                      std::span<SignatureStatus> results);
  virtual Status<BackendFault> verify_known(const KeySet& keys,
                                            std::span<const KnownKeyRequest> requests, LowS low_s,
                                            std::span<SignatureStatus> results);
  virtual Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                         std::span<Hash256> digests);
  virtual Status<BackendFault> sha256(std::span<const ByteView> messages,
                                      std::span<Hash256> digests);
  /// Root of the checkpoint tree over `leaves` (spec/rootchain.md 3). REQUIRES: leaves not empty.
  virtual Status<BackendFault> checkpoint_root(std::span<const Hash256> leaves, Hash256& root);
  /// RFC 6962 root over raw leaves as CometBFT hashes them (spec/cometbft.md 2.2); empty is
  /// allowed.
  virtual Status<BackendFault> rfc6962_root(std::span<const ByteView> leaves, Hash256& root);
};

}  // namespace buri::accel
