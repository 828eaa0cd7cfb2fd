#pragma once

#include <memory>
#include <span>
#include <vector>

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

/// The bytes that a request points at and does not own: none but for messages.
inline ByteView* message_of(ByteView& message) { return &message; }
inline ByteView* message_of(RecoverMessage& request) { return &request.signature.message; }
inline ByteView* message_of(KnownKeyMessage& request) { return &request.signature.message; }

/// A request whose bytes a staged copy has to copy as well.
template <class Request>
concept HasMessage = requires(Request& request) { message_of(request); };

/// The digest form of a request.
inline RecoverRequest with_digest(const RecoverMessage& request, const Hash256& digest) {
  return {{digest, request.signature.r, request.signature.s}, request.recovery_id};
}
inline KnownKeyRequest with_digest(const KnownKeyMessage& request, const Hash256& digest) {
  return {{digest, request.signature.r, request.signature.s}, request.key_index};
}

/// A call over signed messages: hashes each slice of a batch with the backend that then runs
/// `Inner` on it, so that one pass over the slice does both.
template <class Inner, class Message>
struct MessageCall {
  using Request = Message;
  using Answer = typename Inner::Answer;
  static constexpr Operation kOperation = Inner::kOperation;
  static constexpr bool kHasCanary = true;
  Inner inner;

  Status<BackendFault> run(Backend& backend, std::span<const Request> requests,
                           std::span<Answer> answers) const {
    std::vector<ByteView> messages;
    messages.reserve(requests.size());
    for (const Request& request : requests) messages.push_back(request.signature.message);
    std::vector<Hash256> digests(requests.size());
    RETURN_IF_ERROR(backend.keccak256(messages, digests));
    std::vector<typename Inner::Request> digested;
    digested.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) {
      digested.push_back(with_digest(requests[i], digests[i]));
    }
    return inner.run(backend, digested, answers);
  }
  static bool failed(const Answer& answer) { return Inner::failed(answer); }
  /// No s of n or above is part of a valid signature.
  static void spoil(Request& request, Random&) { request.signature.s.bytes.fill(0xff); }
};
using RecoverMessageCall = MessageCall<RecoverCall, RecoverMessage>;
using VerifyKnownMessageCall = MessageCall<VerifyKnownCall, KnownKeyMessage>;

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
