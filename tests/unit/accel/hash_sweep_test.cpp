#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/unit/accel/hash_implementations.hpp"

/// Every implementation of both hashes against its oracle: all lengths, all lanes, all ways that
/// batches are dealt to lanes.

namespace buri::accel {
namespace {

/// Empty, single, and one below, at and above the kernels' 4, 8 and 9 lanes and their doubles.
constexpr std::size_t kBatchSizes[] = {0, 1, 3, 4, 5, 7, 8, 9, 10, 17, 18, 19, 1000};

class HashSweep : public HashSuite {
 protected:
  /// Hashes all messages in one batch and compares each with the oracle.
  static void expect_oracle(const std::vector<Bytes>& messages) {
    const std::vector<ByteView> views(messages.begin(), messages.end());
    std::vector<Hash256> digests(messages.size());
    GetParam().batch(views, digests);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      ASSERT_EQ(digests[i], GetParam().oracle(messages[i]))
          << "message " << i << " of " << messages.size() << ", " << messages[i].size() << " bytes";
    }
  }
};

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

// One batch per lane offset: every length, those around a block among them, meets every lane.
TEST_P(HashSweep, EveryLengthInEveryLane) {
  std::mt19937_64 random(600);
  for (std::size_t shift = 0; shift < 9; ++shift) {
    std::vector<Bytes> messages(shift, Bytes{});
    for (std::size_t length = 0; length <= 600; ++length) {
      messages.push_back(random_bytes(random, length));
    }
    expect_oracle(messages);
  }
}

TEST_P(HashSweep, EveryLengthAlone) {
  std::mt19937_64 random(601);
  for (std::size_t length = 0; length <= 600; ++length) {
    expect_oracle({random_bytes(random, length)});
  }
}

TEST_P(HashSweep, MixedBatchesOfEverySize) {
  for (const std::size_t size : kBatchSizes) {
    std::mt19937_64 random(size);
    std::vector<Bytes> messages(size);
    for (Bytes& message : messages) {
      const bool is_long = random() % 16 == 0;
      message = random_bytes(random, random() % (is_long ? 3000 : 300));
    }
    SCOPED_TRACE("mt19937_64 seed " + std::to_string(size));
    expect_oracle(messages);
  }
}

// Batches of one length take shorter ways through the kernels.
TEST_P(HashSweep, UniformBatchesOfEverySize) {
  std::mt19937_64 random(64);
  for (const std::size_t length : {32, 64, 65, 128, 135, 136, 272}) {
    for (std::size_t size = 1; size <= 19; ++size) {
      std::vector<Bytes> messages(size);
      for (Bytes& message : messages) message = random_bytes(random, length);
      expect_oracle(messages);
    }
  }
}

TEST_P(HashSweep, PairsHashNeighbours) {
  std::mt19937_64 random(2);
  for (const std::size_t size : kBatchSizes) {
    std::vector<Hash256> nodes(2 * size);
    for (Hash256& node : nodes) node = Hash256::from(random_bytes(random, 32));
    std::vector<Hash256> expected(size);
    for (std::size_t i = 0; i < size; ++i) {
      Bytes message;
      append(message, as_bytes(GetParam().node_prefix));
      append(message, nodes[2 * i]);
      append(message, nodes[2 * i + 1]);
      expected[i] = GetParam().oracle(message);
    }
    std::vector<Hash256> parents(size);
    GetParam().pairs(nodes, parents);
    EXPECT_EQ(parents, expected);
    GetParam().pairs(nodes, std::span(nodes).first(size));  // in place
    nodes.resize(size);
    EXPECT_EQ(nodes, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Keccak256, HashSweep, testing::ValuesIn(keccak256_implementations()),
                         HashSuite::name);
INSTANTIATE_TEST_SUITE_P(Sha256, HashSweep, testing::ValuesIn(sha256_implementations()),
                         HashSuite::name);

}  // namespace
}  // namespace buri::accel
