#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "accel/hashing_backend.hpp"
#include "accel/vector/kernels.hpp"

namespace buri::accel::vector {

/// A backend whose signature operations are the kernels of one register width. Offers every
/// operation and never fails. Thread-safe: calls in parallel use one scratch area each, 1.3 MB,
/// kept for later calls. Signatures that the batch formulas cannot decide (crafted ones) go through
/// libsecp256k1, so that results are exact.
class VectorBackend : public HashingBackend {
 public:
  ~VectorBackend() override;

  [[nodiscard]] bool supports(Operation operation) const final;

  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) final;
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) final;
  Status<BackendFault> verify_known(const KeySet& keys, std::span<const KnownKeyRequest> requests,
                                    LowS low_s, std::span<SignatureStatus> results) final;

 protected:
  /// Both must outlive the backend, and the processor must have their instructions.
  VectorBackend(const Hasher& hasher, const Kernels& kernels);

 private:
  struct Scratch;
  /// A scratch area of its own for one call.
  class Lease;

  void hash_keys(std::span<RecoverResult> results);

  const Kernels& kernels_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> idle_;  // guarded by mutex_
};

}  // namespace buri::accel::vector
