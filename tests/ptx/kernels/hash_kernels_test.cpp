#include <gtest/gtest.h>

#include <random>

#include "tests/ptx/kernels/reference_hashes.hpp"
#include "tests/ptx/kernels/scheduled_device.hpp"

/// The hash and tree kernels against slow references, under every schedule.

namespace buri::ptx {
namespace {

constexpr std::uint64_t kSeed = 31;

class HashKernels : public testing::TestWithParam<std::size_t> {
 protected:
  void SetUp() override {
    runtime::reset({});
    device_.emplace(test_schedules()[GetParam()]);
  }

  /// `count` messages of random lengths up to `longest`, the first ones 0, 1, 2, ... bytes long.
  std::vector<Bytes> messages(std::size_t count, std::size_t longest) {
    std::vector<Bytes> result(count);
    for (std::size_t i = 0; i < count; ++i) {
      result[i].resize(i < 4 ? i : random_() % (longest + 1));
      for (std::uint8_t& byte : result[i]) byte = static_cast<std::uint8_t>(random_());
    }
    return result;
  }

  template <class Reference>
  void expect_digests(ScheduledDevice::Answer (ScheduledDevice::*hash)(std::span<const ByteView>,
                                                                       std::span<Hash256>),
                      Reference reference, const std::vector<Bytes>& input) {
    const std::vector<ByteView> views(input.begin(), input.end());
    std::vector<Hash256> digests(input.size());
    ASSERT_TRUE(((*device_).*hash)(views, digests).ok());
    for (std::size_t i = 0; i < input.size(); ++i) {
      ASSERT_EQ(digests[i], reference(input[i])) << input[i].size() << " bytes, seed " << kSeed;
    }
  }

  std::mt19937_64 random_{kSeed};
  std::optional<ScheduledDevice> device_;
};

TEST_P(HashKernels, Keccak256OfEveryLengthAroundABlock) {
  std::vector<Bytes> input;
  for (std::size_t length = 0; length <= 280; length += length < 8 ? 1 : 4) {
    for (std::size_t off = 0; off < 3; ++off) input.emplace_back(length + off, 0x5a);
  }
  expect_digests(&ScheduledDevice::keccak256, reference_keccak256, input);
}

TEST_P(HashKernels, Sha256OfEveryLengthAroundABlock) {
  std::vector<Bytes> input;
  for (std::size_t length = 0; length <= 200; ++length) input.emplace_back(length, 0xa5);
  expect_digests(&ScheduledDevice::sha256, reference_sha256, input);
}

TEST_P(HashKernels, EveryBatchSize) {
  for (const std::size_t count : {0, 1, 31, 33, 128, 129, 300}) {
    SCOPED_TRACE(count);
    const auto input = messages(count, 150);
    expect_digests(&ScheduledDevice::keccak256, reference_keccak256, input);
    expect_digests(&ScheduledDevice::sha256, reference_sha256, input);
  }
}

TEST_P(HashKernels, OversizedMessagesAreHashedToo) {
  auto input = messages(9, 100);
  input[5] = Bytes(70'000, 0x77);
  expect_digests(&ScheduledDevice::keccak256, reference_keccak256, input);
}

TEST_P(HashKernels, CheckpointRoots) {
  for (const std::size_t count : {1, 2, 3, 5, 64, 127, 256, 257, 1000}) {
    std::vector<Hash256> leaves(count);
    for (Hash256& leaf : leaves) {
      for (std::uint8_t& byte : leaf.bytes) byte = static_cast<std::uint8_t>(random_());
    }
    Hash256 root;
    ASSERT_TRUE(device_->checkpoint_root(leaves, root).ok());
    EXPECT_EQ(root, reference_checkpoint_root(leaves)) << count << " leaves, seed " << kSeed;
  }
}

TEST_P(HashKernels, Rfc6962Roots) {
  for (const std::size_t count : {0, 1, 2, 3, 5, 64, 127, 256, 257, 700}) {
    const auto leaves = messages(count, 80);
    const std::vector<ByteView> views(leaves.begin(), leaves.end());
    Hash256 root;
    ASSERT_TRUE(device_->rfc6962_root(views, root).ok());
    EXPECT_EQ(root, reference_rfc6962_root(views)) << count << " leaves, seed " << kSeed;
  }
}

INSTANTIATE_TEST_SUITE_P(Schedules, HashKernels,
                         testing::Range(std::size_t{0}, test_schedules().size()),
                         [](const testing::TestParamInfo<std::size_t>& info) {
                           return std::string(test_schedules()[info.param].name);
                         });

}  // namespace
}  // namespace buri::ptx
