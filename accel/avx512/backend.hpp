#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "accel/hashing_backend.hpp"

namespace buri::accel::avx512 {

/// Eight signatures or messages at a time in AVX-512 registers, with IFMA multiplications. Offers
/// every operation and never fails. Thread-safe: calls in parallel use one scratch area each, 1.3
/// MB, kept for later calls. Signatures that the batch formulas cannot decide (crafted ones) go
/// through libsecp256k1, so that results are exact.
class Avx512Backend final : public HashingBackend {
 public:
  /// REQUIRES: is_supported().
  Avx512Backend();
  ~Avx512Backend() override;

  /// Whether this processor has the instructions.
  static bool is_supported();

  [[nodiscard]] std::string_view name() const override { return "avx512"; }
  [[nodiscard]] bool supports(Operation operation) const override;

  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) override;
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override;
  Status<BackendFault> verify_known(const KeySet& keys, std::span<const KnownKeyRequest> requests,
                                    LowS low_s, std::span<SignatureStatus> results) override;

 private:
  struct Scratch;
  /// A scratch area of its own for one call.
  class Lease;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Scratch>> idle_;  // guarded by mutex_
};

}  // namespace buri::accel::avx512
