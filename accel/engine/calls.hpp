#pragma once

#include <memory>
#include <span>

#include "accel/backend.hpp"
#include "base/random.hpp"

/// Each operation of Backend as a small copyable value, so that code over all of them is written
/// once. `failed` tells the answers that a CPU must confirm before a caller sees them; `spoil`
/// turns a request into one that cannot be answered with kOk.

namespace buri::accel::engine {

/// Flips one bit of the digest: no signature holds for both (but for a chance of 2^-256).
inline void flip_digest_bit(SignedDigest& signature, Random& random) {
  signature.digest.bytes[random.below(32)] ^= static_cast<std::uint8_t>(1u << random.below(8));
}

struct RecoverCall {
  using Request = RecoverRequest;
  using Answer = RecoverResult;
  static constexpr Operation kOperation = Operation::kRecover;
  static constexpr bool kHasCanary = true;
  LowS low_s;

  Status<BackendFault> run(Backend& backend, std::span<const Request> requests,
                           std::span<Answer> answers) const {
    return backend.recover(requests, low_s, answers);
  }
  static bool failed(const Answer& answer) { return answer.status != SignatureStatus::kOk; }
  static void spoil(Request& request, Random&) { request.recovery_id |= 4; }
};

struct VerifyCall {
  using Request = VerifyRequest;
  using Answer = SignatureStatus;
  static constexpr Operation kOperation = Operation::kVerify;
  static constexpr bool kHasCanary = true;
  LowS low_s;

  Status<BackendFault> run(Backend& backend, std::span<const Request> requests,
                           std::span<Answer> answers) const {
    return backend.verify(requests, low_s, answers);
  }
  static bool failed(Answer answer) { return answer != SignatureStatus::kOk; }
  static void spoil(Request& request, Random& random) {
    flip_digest_bit(request.signature, random);
  }
};

struct VerifyKnownCall {
  using Request = KnownKeyRequest;
  using Answer = SignatureStatus;
  static constexpr Operation kOperation = Operation::kVerifyKnown;
  static constexpr bool kHasCanary = true;
  std::shared_ptr<const KeySet> keys;
  LowS low_s;

  Status<BackendFault> run(Backend& backend, std::span<const Request> requests,
                           std::span<Answer> answers) const {
    return backend.verify_known(*keys, requests, low_s, answers);
  }
  static bool failed(Answer answer) { return answer != SignatureStatus::kOk; }
  static void spoil(Request& request, Random& random) {
    flip_digest_bit(request.signature, random);
  }
};

struct Keccak256Call {
  using Request = ByteView;
  using Answer = Hash256;
  static constexpr Operation kOperation = Operation::kKeccak256;
  static constexpr bool kHasCanary = false;

  static Status<BackendFault> run(Backend& backend, std::span<const Request> messages,
                                  std::span<Answer> digests) {
    return backend.keccak256(messages, digests);
  }
  static bool failed(const Answer&) { return false; }
};

struct Sha256Call {
  using Request = ByteView;
  using Answer = Hash256;
  static constexpr Operation kOperation = Operation::kSha256;
  static constexpr bool kHasCanary = false;

  static Status<BackendFault> run(Backend& backend, std::span<const Request> messages,
                                  std::span<Answer> digests) {
    return backend.sha256(messages, digests);
  }
  static bool failed(const Answer&) { return false; }
};

struct CheckpointRootCall {
  using Request = Hash256;
  static constexpr Operation kOperation = Operation::kCheckpointRoot;

  static Status<BackendFault> run(Backend& backend, std::span<const Request> leaves,
                                  Hash256& root) {
    return backend.checkpoint_root(leaves, root);
  }
};

struct Rfc6962RootCall {
  using Request = ByteView;
  static constexpr Operation kOperation = Operation::kRfc6962Root;

  static Status<BackendFault> run(Backend& backend, std::span<const Request> leaves,
                                  Hash256& root) {
    return backend.rfc6962_root(leaves, root);
  }
};

}  // namespace buri::accel::engine
