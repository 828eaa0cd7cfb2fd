#include "accel/engine/known_answers.hpp"

#include <gtest/gtest.h>

#include "accel/scalar/backend.hpp"

namespace buri::accel {
namespace {

/// The scalar backend with one answer bent, or one call failing.
class BentBackend final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const override { return "bent"; }
  [[nodiscard]] std::string description() const override { return "bent"; }
  [[nodiscard]] bool supports(Operation operation) const override {
    return right_.supports(operation);
  }
  Status<BackendFault> recover(std::span<const RecoverRequest> requests, LowS low_s,
                               std::span<RecoverResult> results) override {
    RETURN_IF_ERROR(right_.recover(requests, low_s, results));
    results[position % results.size()].address.bytes[19] ^= 1;
    return Unit{};
  }
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS low_s,
                              std::span<SignatureStatus> results) override {
    RETURN_IF_ERROR(right_.verify(requests, low_s, results));
    bend(results[position % results.size()]);
    return Unit{};
  }
  Status<BackendFault> verify_known(const KeySet& keys, std::span<const KnownKeyRequest> requests,
                                    LowS low_s, std::span<SignatureStatus> results) override {
    RETURN_IF_ERROR(right_.verify_known(keys, requests, low_s, results));
    bend(results[position % results.size()]);
    return Unit{};
  }
  Status<BackendFault> keccak256(std::span<const ByteView> messages,
                                 std::span<Hash256> digests) override {
    RETURN_IF_ERROR(right_.keccak256(messages, digests));
    digests[position % digests.size()].bytes[31] ^= 0x80;
    return Unit{};
  }
  Status<BackendFault> sha256(std::span<const ByteView> messages,
                              std::span<Hash256> digests) override {
    RETURN_IF_ERROR(right_.sha256(messages, digests));
    digests[position % digests.size()].bytes[0] ^= 1;
    return Unit{};
  }
  Status<BackendFault> checkpoint_root(std::span<const Hash256> leaves, Hash256& root) override {
    RETURN_IF_ERROR(right_.checkpoint_root(leaves, root));
    if (leaves.size() == 5) root.bytes[3] ^= 2;
    return Unit{};
  }
  Status<BackendFault> rfc6962_root(std::span<const ByteView> leaves, Hash256& root) override {
    RETURN_IF_ERROR(right_.rfc6962_root(leaves, root));
    if (leaves.empty()) root.bytes[3] ^= 2;
    return Unit{};
  }

  std::size_t position = 0;

 private:
  static void bend(SignatureStatus& status) {
    const bool ok = status == SignatureStatus::kOk;
    status = ok ? SignatureStatus::kMismatch : SignatureStatus::kOk;
  }
  scalar::ScalarBackend right_;
};

class DeadBackend final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const override { return "dead"; }
  [[nodiscard]] std::string description() const override { return "dead"; }
  [[nodiscard]] bool supports(Operation) const override { return true; }
};

class KnownAnswers : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    if (!scalar_.supports(operation_)) GTEST_SKIP() << "the scalar backend does not offer it";
  }
  Operation operation_ = static_cast<Operation>(GetParam());
  scalar::ScalarBackend scalar_;
};

TEST_P(KnownAnswers, AreLibsecp256k1sAndTheScalarCodes) {
  const auto status = test_known_answers(scalar_, operation_);
  EXPECT_TRUE(status.ok()) << describe(status.error());
}

TEST_P(KnownAnswers, ExposeASingleWrongAnswerAnywhere) {
  BentBackend bent;
  for (bent.position = 0; bent.position < 40; ++bent.position) {
    const auto status = test_known_answers(bent, operation_);
    ASSERT_FALSE(status.ok()) << "answer " << bent.position << " was bent";
    EXPECT_FALSE(status.error().fault.has_value());
  }
}

TEST_P(KnownAnswers, ReportACallThatFails) {
  DeadBackend dead;
  const auto status = test_known_answers(dead, operation_);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault, BackendFault::kUnsupported);
  EXPECT_EQ(describe(status.error()), std::string(operation_name(operation_)) + ": unsupported");
}

INSTANTIATE_TEST_SUITE_P(EveryOperation, KnownAnswers,
                         testing::Range(std::size_t{0}, kOperationCount),
                         [](const auto& param_info) {
                           return std::string(
                               operation_name(static_cast<Operation>(param_info.param)));
                         });

TEST(KnownAnswerVectors, HoldValidInputsForMeasuring) {
  EXPECT_GE(valid_recoveries().size(), 4u);
  EXPECT_GE(valid_signatures().size(), 4u);
}

}  // namespace
}  // namespace buri::accel
