#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "accel/engine/profile.hpp"
#include "base/random.hpp"
#include "tests/unit/accel/engine/unreliable_device.hpp"

/// What the engine's tests build it of: a CPU backend with toy answers, speeds and batches.

namespace buri::accel {

/// ToyCpu under the name that is always allowed, and with every operation.
class ToyScalar final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const override { return "scalar"; }
  [[nodiscard]] std::string description() const override { return "toy"; }
  [[nodiscard]] bool supports(Operation) const override { return true; }
  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) override {
    return toy_.recover(requests, low_s, results);
  }
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override {
    return toy_.verify(requests, low_s, results);
  }
  Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                 std::span<Hash256> digests) override {
    return toy_.keccak256(messages, digests);
  }
  Status<BackendFault> sha256(std::span<const ByteView> messages,
                              std::span<Hash256> digests) override {
    return toy_.sha256(messages, digests);
  }
  Status<BackendFault> checkpoint_root(std::span<const Hash256> leaves, Hash256& root) override {
    return toy_.checkpoint_root(leaves, root);
  }
  Status<BackendFault> rfc6962_root(std::span<const ByteView> leaves, Hash256& root) override {
    return toy_.rfc6962_root(leaves, root);
  }

 private:
  sim::ToyCpu toy_;
};

/// Speeds that make the engine queue and split even small batches, and prefer the device for large
/// ones.
inline engine::Profile brisk_profile() {
  engine::Profile profile;
  profile.hand_over_ns = 1;
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const auto operation = static_cast<Operation>(i);
    profile.curves.emplace(std::pair("scalar", operation),
                           *LatencyCurve::from_points({{1, 1000}, {1001, 1'001'000}}));
    profile.curves.emplace(std::pair("cuda:0", operation),
                           *LatencyCurve::from_points({{1, 30'000}, {1001, 31'000}}));
  }
  return profile;
}

/// Requests of which the share `bad` is wrong by the toy rule.
inline std::vector<VerifyRequest> make_requests(std::size_t count, std::uint64_t seed, double bad) {
  SeededRandom random(seed);
  std::vector<VerifyRequest> requests(count);
  for (VerifyRequest& request : requests) {
    random.fill(request.signature.digest.bytes);
    if (!random.chance(bad)) request.signature.r = request.signature.digest;
  }
  return requests;
}

/// What an honest toy backend answers.
inline std::vector<SignatureStatus> right_answers(const std::vector<VerifyRequest>& requests) {
  std::vector<SignatureStatus> answers;
  for (const VerifyRequest& request : requests) answers.push_back(sim::toy_verdict(request));
  return answers;
}

}  // namespace buri::accel
