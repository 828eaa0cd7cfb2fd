#include "tests/sim/accel/toy_backends.hpp"

#include <algorithm>

namespace buri::accel::sim {

SignatureStatus toy_verdict(const VerifyRequest& request) {
  // A digest "signs itself", so that one flipped bit breaks it as it would a real signature.
  const SignedDigest& signature = request.signature;
  return signature.r == signature.digest ? SignatureStatus::kOk : SignatureStatus::kMismatch;
}

RecoverResult toy_recovery(const RecoverRequest& request) {
  RecoverResult result;
  const Hash256& digest = request.signature.digest;
  if (request.recovery_id > 3) {
    result.status = SignatureStatus::kBadRange;
    return result;
  }
  std::copy(digest.bytes.begin(), digest.bytes.end(), result.public_key.bytes.begin());
  std::copy_n(digest.bytes.begin(), 20, result.address.bytes.begin());
  return result;
}

Hash256 toy_digest(ByteView message) {
  Hash256 digest;
  digest.bytes[31] = static_cast<std::uint8_t>(message.size());
  for (std::size_t i = 0; i < message.size(); ++i) {
    digest.bytes[i % 31] = static_cast<std::uint8_t>(digest.bytes[i % 31] * 3 + message[i]);
  }
  return digest;
}

Hash256 toy_root(std::span<const Hash256> leaves) {
  Hash256 root;
  for (const Hash256& leaf : leaves) {
    root.bytes[0] = static_cast<std::uint8_t>(root.bytes[0] * 5 + leaf.bytes[0] + 1);
  }
  return root;
}

Hash256 toy_root(std::span<const ByteView> leaves) {
  std::vector<Hash256> digests;
  for (const ByteView leaf : leaves) digests.push_back(toy_digest(leaf));
  return toy_root(digests);
}

Status<BackendFault> ToyCpu::recover(std::span<const RecoverRequest> requests, LowS,
                                     std::span<RecoverResult> results) {
  std::transform(requests.begin(), requests.end(), results.begin(), toy_recovery);
  return Unit{};
}

Status<BackendFault> ToyCpu::verify(std::span<const VerifyRequest> requests, LowS,
                                    std::span<SignatureStatus> results) {
  std::transform(requests.begin(), requests.end(), results.begin(), toy_verdict);
  return Unit{};
}

Status<BackendFault> ToyCpu::keccak256(std::span<const ByteView> messages,
                                       std::span<Hash256> digests) {
  std::transform(messages.begin(), messages.end(), digests.begin(), toy_digest);
  return Unit{};
}

Status<BackendFault> ToyCpu::checkpoint_root(std::span<const Hash256> leaves, Hash256& root) {
  root = toy_root(leaves);
  return Unit{};
}

Status<BackendFault> ToyCpu::sha256(std::span<const ByteView> messages,
                                    std::span<Hash256> digests) {
  return keccak256(messages, digests);
}

Status<BackendFault> ToyCpu::rfc6962_root(std::span<const ByteView> leaves, Hash256& root) {
  root = toy_root(leaves);
  return Unit{};
}

bool ToyDevice::bends() { return lie_ != Lie::kNone && random_.chance(probability_); }

bool ToyDevice::bend(SignatureStatus& status) {
  const SignatureStatus right = status;
  const bool was_ok = status == SignatureStatus::kOk;
  if (lie_ == Lie::kAcceptAll || (lie_ == Lie::kSpoil && !was_ok)) status = SignatureStatus::kOk;
  if (lie_ == Lie::kReject || (lie_ == Lie::kSpoil && was_ok)) status = SignatureStatus::kMismatch;
  return status != right;
}

Status<BackendFault> ToyDevice::recover(std::span<const RecoverRequest> requests, LowS low_s,
                                        std::span<RecoverResult> results) {
  RETURN_IF_ERROR(right_.recover(requests, low_s, results));
  for (RecoverResult& result : results) {
    if (!bends()) continue;
    if (lie_ == Lie::kSpoil && result.status == SignatureStatus::kOk) {
      result.address.bytes[random_.below(20)] ^= 1;  // the quiet lie: ok, and somebody else's
      ++lies_told_;
    } else if (bend(result.status)) {
      result.public_key = {};
      result.address = {};
      ++lies_told_;
    }
  }
  return Unit{};
}

Status<BackendFault> ToyDevice::verify(std::span<const VerifyRequest> requests, LowS low_s,
                                       std::span<SignatureStatus> results) {
  RETURN_IF_ERROR(right_.verify(requests, low_s, results));
  for (SignatureStatus& status : results) {
    if (bends() && bend(status)) ++lies_told_;
  }
  return Unit{};
}

Status<BackendFault> ToyDevice::keccak256(std::span<const ByteView> messages,
                                          std::span<Hash256> digests) {
  RETURN_IF_ERROR(right_.keccak256(messages, digests));
  for (Hash256& digest : digests) {
    if (lie_ != Lie::kSpoil || !bends()) continue;
    digest.bytes[random_.below(32)] ^= 0x10;
    ++lies_told_;
  }
  return Unit{};
}

Status<BackendFault> ToyDevice::checkpoint_root(std::span<const Hash256> leaves, Hash256& root) {
  RETURN_IF_ERROR(right_.checkpoint_root(leaves, root));
  if (lie_ == Lie::kSpoil && bends()) {
    root.bytes[7] ^= 0x80;
    ++lies_told_;
  }
  return Unit{};
}

}  // namespace buri::accel::sim
