#include "accel/scalar/backend.hpp"

#include "accel/cpu.hpp"
#include "accel/scalar/single.hpp"
#include "base/check.hpp"

namespace buri::accel::scalar {
namespace {

/// Below this many items libsecp256k1 is faster than a batch with its shared inversions.
constexpr std::size_t kSmallestBatch = 4;

}  // namespace

ScalarBackend::ScalarBackend(Arithmetic arithmetic)
    : HashingBackend(scalar_hasher()),
      name_(arithmetic == Arithmetic::kBest ? "scalar" : "scalar_portable"),
      batch_(arithmetic == Arithmetic::kBest && cpu_features().bmi2_adx ? &adx_batch()
                                                                        : &portable_batch()) {}

bool ScalarBackend::supports(Operation) const { return true; }

Status<BackendFault> ScalarBackend::recover(std::span<const RecoverRequest> requests, LowS low_s,
                                            std::span<RecoverResult> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  if (requests.size() >= kSmallestBatch) {
    batch_->recover(requests, low_s, results);
    return Unit{};
  }
  for (std::size_t i = 0; i < requests.size(); ++i) results[i] = recover_single(requests[i], low_s);
  return Unit{};
}

Status<BackendFault> ScalarBackend::verify(std::span<const VerifyRequest> requests, LowS low_s,
                                           std::span<SignatureStatus> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  if (requests.size() >= kSmallestBatch) {
    batch_->verify(requests, low_s, results);
    return Unit{};
  }
  for (std::size_t i = 0; i < requests.size(); ++i) results[i] = verify_single(requests[i], low_s);
  return Unit{};
}

Status<BackendFault> ScalarBackend::verify_known(const KeySet& keys,
                                                 std::span<const KnownKeyRequest> requests,
                                                 LowS low_s, std::span<SignatureStatus> results) {
  CHECK(results.size() == requests.size(), "one result per request");
  if (requests.size() >= kSmallestBatch) {
    batch_->verify_known(keys, requests, low_s, results);
    return Unit{};
  }
  for (std::size_t i = 0; i < requests.size(); ++i) {
    results[i] = verify_known_single(keys, requests[i], low_s);
  }
  return Unit{};
}

}  // namespace buri::accel::scalar
