#include "accel/scalar/backend.hpp"

#include "accel/cpu.hpp"
#include "accel/hasher.hpp"
#include "accel/merkle.hpp"
#include "accel/scalar/single.hpp"
#include "base/check.hpp"

namespace buri::accel::scalar {
namespace {

/// Below this many items libsecp256k1 is faster than a batch with its shared inversions.
constexpr std::size_t kSmallestBatch = 4;

}  // namespace

ScalarBackend::ScalarBackend(Arithmetic arithmetic)
    : name_(arithmetic == Arithmetic::kBest ? "scalar" : "scalar_portable"),
      batch_(arithmetic == Arithmetic::kBest && cpu_features().bmi2_adx ? &adx_batch()
                                                                        : &portable_batch()) {}

std::string ScalarBackend::description() const { return cpu_features().model; }

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

Status<BackendFault> ScalarBackend::keccak256(std::span<const ByteView> messages,
                                              std::span<Hash256> digests) {
  scalar_hasher().keccak256_batch(messages, digests);
  return Unit{};
}

Status<BackendFault> ScalarBackend::sha256(std::span<const ByteView> messages,
                                           std::span<Hash256> digests) {
  scalar_hasher().sha256_batch(messages, digests);
  return Unit{};
}

Status<BackendFault> ScalarBackend::checkpoint_root(std::span<const Hash256> leaves,
                                                    Hash256& root) {
  root = accel::checkpoint_root(leaves, scalar_hasher());
  return Unit{};
}

Status<BackendFault> ScalarBackend::rfc6962_root(std::span<const ByteView> leaves, Hash256& root) {
  root = accel::rfc6962_root(leaves, scalar_hasher());
  return Unit{};
}

}  // namespace buri::accel::scalar
