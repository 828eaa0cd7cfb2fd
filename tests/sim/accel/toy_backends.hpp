#pragma once

#include <functional>
#include <string>

#include "accel/backend.hpp"
#include "base/random.hpp"

/// Backends whose "cryptography" costs nanoseconds, so that a simulation can play many schedules.
/// Every answer is a fixed function of its request: what is right can be said independently of who
/// computed it.

namespace buri::accel::sim {

/// The right answers.
SignatureStatus toy_verdict(const VerifyRequest& request);
RecoverResult toy_recovery(const RecoverRequest& request);
Hash256 toy_digest(ByteView message);
Hash256 toy_root(std::span<const Hash256> leaves);
Hash256 toy_root(std::span<const ByteView> leaves);

/// Answers rightly, always.
class ToyCpu final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const override { return "toy"; }
  [[nodiscard]] std::string description() const override { return "toy processor"; }
  /// All but kVerifyKnown, whose key sets are real.
  [[nodiscard]] bool supports(Operation operation) const override {
    return operation != Operation::kVerifyKnown;
  }

  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) override;
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override;
  Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                 std::span<Hash256> digests) override;
  Status<BackendFault> sha256(std::span<const ByteView> messages,
                              std::span<Hash256> digests) override;
  Status<BackendFault> checkpoint_root(std::span<const Hash256> leaves, Hash256& root) override;
  Status<BackendFault> rfc6962_root(std::span<const ByteView> leaves, Hash256& root) override;
};

/// In which way a device's answers are wrong, where they are.
enum class Lie : std::uint8_t {
  kNone,
  kSpoil,      ///< a bit of a digest or key flips; ok becomes mismatch and failures become ok
  kReject,     ///< says "mismatch", never a false "ok"; digests stay right
  kAcceptAll,  ///< says "ok" to everything, as result memory that was never written does
};

/// A device that computes like ToyCpu and then bends answers.
class ToyDevice final : public Backend {
 public:
  explicit ToyDevice(std::uint64_t seed) : random_(seed) {}

  [[nodiscard]] std::string_view name() const override { return "toy:0"; }
  [[nodiscard]] std::string description() const override { return "toy device"; }
  [[nodiscard]] bool is_device() const override { return true; }
  [[nodiscard]] bool supports(Operation) const override { return true; }

  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) override;
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override;
  Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                 std::span<Hash256> digests) override;
  Status<BackendFault> checkpoint_root(std::span<const Hash256> leaves, Hash256& root) override;

  /// From now on answers are wrong in this way, each with this probability.
  void lie(Lie lie, double probability) {
    lie_ = lie;
    probability_ = probability;
  }
  /// Wrong answers given so far.
  [[nodiscard]] std::uint64_t lies_told() const { return lies_told_; }

 private:
  [[nodiscard]] bool bend(SignatureStatus& status);
  [[nodiscard]] bool bends();

  ToyCpu right_;
  SeededRandom random_;
  Lie lie_ = Lie::kNone;
  double probability_ = 0;
  std::uint64_t lies_told_ = 0;
};

}  // namespace buri::accel::sim
