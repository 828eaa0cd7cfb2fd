#include "accel/engine/work.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace buri::accel {
namespace {

TEST(DrawSample, TakesOneItemFromEachStratum) {
  SeededRandom random(1);
  for (int round = 0; round < 100; ++round) {
    const auto sample = draw_sample(1000, {0.01, 1}, random);
    ASSERT_EQ(sample.size(), 10u);
    for (std::size_t i = 0; i < sample.size(); ++i) {
      ASSERT_GE(sample[i], 100 * i);
      ASSERT_LT(sample[i], 100 * (i + 1));
    }
  }
}

TEST(DrawSample, TakesTheLeastNumberFromSmallBatchesAndNoMoreThanAll) {
  SeededRandom random(1);
  EXPECT_EQ(draw_sample(100, {0.001, 8}, random).size(), 8u);
  EXPECT_EQ(draw_sample(5, {0.001, 8}, random).size(), 5u);
  EXPECT_EQ(draw_sample(100, {1.0, 1}, random).size(), 100u);
}

TEST(DrawSample, MissesKWrongItemsNoMoreOftenThanPromised) {
  constexpr double kRate = 1.0 / 16;
  constexpr int kRounds = 20000;
  SeededRandom random(2);
  for (const std::uint64_t wrong : {1u, 5u, 20u}) {
    int missed = 0;
    for (int round = 0; round < kRounds; ++round) {
      bool seen = false;
      for (const std::uint64_t i : draw_sample(320, {kRate, 1}, random))
        seen |= i % (320 / wrong) == 3;
      missed += seen ? 0 : 1;
    }
    const double bound = std::pow(1 - kRate, static_cast<double>(wrong));
    EXPECT_LE(missed, kRounds * bound + 5 * std::sqrt(kRounds * bound)) << wrong << " wrong items";
  }
}

/// Records what it was asked and answers "ok" to everything.
class YesDevice final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const override { return "yes"; }
  [[nodiscard]] std::string description() const override { return "yes"; }
  [[nodiscard]] bool supports(Operation) const override { return true; }
  Status<BackendFault> verify(std::span<const VerifyRequest> requests, LowS,
                              std::span<SignatureStatus> results) override {
    seen.assign(requests.begin(), requests.end());
    std::fill(results.begin(), results.end(), SignatureStatus::kOk);
    return Unit{};
  }
  Status<BackendFault> verify_known(const KeySet&, std::span<const KnownKeyRequest> requests, LowS,
                                    std::span<SignatureStatus> results) override {
    known_seen.assign(requests.begin(), requests.end());
    std::fill(results.begin(), results.end(), SignatureStatus::kOk);
    return Unit{};
  }
  Status<BackendFault> keccak256(std::span<const ByteView> messages, std::span<Hash256>) override {
    messages_seen.clear();
    for (const ByteView message : messages) {
      messages_seen.emplace_back(message.begin(), message.end());
    }
    return Unit{};
  }
  std::vector<VerifyRequest> seen;
  std::vector<KnownKeyRequest> known_seen;
  std::vector<Bytes> messages_seen;
};

TEST(Staged, HidesOneSpoiledCopyAmongTheSignatures) {
  std::vector<VerifyRequest> requests(50);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    requests[i].signature.digest.bytes[5] = static_cast<std::uint8_t>(i);
  }
  std::vector<SignatureStatus> answers(50);
  engine::ItemWork<engine::VerifyCall> work({LowS::kAny}, requests, answers);
  SeededRandom random(3);
  YesDevice device;
  const auto staged = work.stage({10, 30}, random);
  ASSERT_TRUE(staged->run(device).ok());
  ASSERT_EQ(device.seen.size(), 21u);
  std::size_t real = 10;
  for (const VerifyRequest& request : device.seen) {
    if (request.signature.digest == requests[real].signature.digest) ++real;
  }
  EXPECT_EQ(real, 30u) << "the real requests, in order, around one other";
}

TEST(Staged, OwnsTheBytesOfItsMessages) {
  std::vector<Bytes> messages{{1, 2, 3}, {}, {4}};
  std::vector<ByteView> views(messages.begin(), messages.end());
  std::vector<Hash256> digests(3);
  engine::ItemWork<engine::Keccak256Call> work({}, views, digests);
  SeededRandom random(4);
  const auto staged = work.stage({0, 3}, random);
  const std::vector<Bytes> expected = messages;
  for (Bytes& message : messages) std::fill(message.begin(), message.end(), 0xee);
  YesDevice device;
  ASSERT_TRUE(staged->run(device).ok());
  EXPECT_EQ(device.messages_seen, expected);
}

TEST(Staged, OwnsTheMessagesOfSignaturesAndHashesThemOnTheDevice) {
  std::vector<Bytes> messages{{1, 2, 3}, {}, {4}};
  std::vector<KnownKeyMessage> requests;
  for (const Bytes& message : messages) requests.push_back({{message, {}, {}}, 7});
  std::vector<SignatureStatus> answers(3);
  const std::vector<PublicKey> no_keys;
  engine::ItemWork<engine::VerifyKnownMessageCall> work({{KeySet::build(no_keys), LowS::kRequired}},
                                                        requests, answers);
  SeededRandom random(5);
  const auto staged = work.stage({0, 3}, random);
  const std::vector<Bytes> expected = messages;
  for (Bytes& message : messages) std::fill(message.begin(), message.end(), 0xee);
  YesDevice device;
  ASSERT_TRUE(staged->run(device).ok());
  ASSERT_EQ(device.messages_seen.size(), 4u) << "three and the canary";
  ASSERT_EQ(device.known_seen.size(), 4u);
  std::size_t real = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const bool spoiled = device.known_seen[i].signature.s.bytes[0] == 0xff;
    if (!spoiled) EXPECT_EQ(device.messages_seen[i], expected[real++]);
  }
  EXPECT_EQ(real, 3u);
}

}  // namespace
}  // namespace buri::accel
