#pragma once

#include "accel/hashing_backend.hpp"
#include "accel/scalar/batch.hpp"

namespace buri::accel::scalar {

/// The backend that runs on every machine: general registers only. Offers every operation, never
/// fails, is stateless and thread-safe. Batches go through our own arithmetic, single items and
/// exceptional ones through libsecp256k1.
class ScalarBackend final : public HashingBackend {
 public:
  /// kBest multiplies with mulx and adx where the processor has them; kPortable never does.
  enum class Arithmetic : std::uint8_t { kBest, kPortable };
  explicit ScalarBackend(Arithmetic arithmetic = Arithmetic::kBest);

  /// "scalar", or "scalar_portable" for kPortable.
  [[nodiscard]] std::string_view name() const override { return name_; }
  [[nodiscard]] bool supports(Operation operation) const override;

  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) override;
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override;
  Status<BackendFault> verify_known(const KeySet& keys, std::span<const KnownKeyRequest> requests,
                                    LowS low_s, std::span<SignatureStatus> results) override;

 private:
  std::string_view name_;
  const BatchFunctions* batch_;
};

}  // namespace buri::accel::scalar
