#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <random>
#include <string>

#include "accel/avx2/keccak256.hpp"
#include "accel/avx512/keccak256.hpp"
#include "accel/cpu.hpp"
#include "accel/scalar/keccak256.hpp"
#include "base/hex.hpp"
#include "tests/unit/accel/keccak_reference.hpp"

/// One suite for every implementation of Keccak-256. The oracle is the reference sponge, which in
/// turn is held against OpenSSL's SHA3-256 (same permutation, another pad byte).

namespace buri::accel {
namespace {

struct Implementation {
  const char* name;
  bool runs_here;
  void (*batch)(std::span<const ByteView>, std::span<Hash256>);
  void (*pairs)(std::span<const Hash256>, std::span<Hash256>);
};

class Keccak256 : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    if (!GetParam().runs_here) GTEST_SKIP() << "this processor lacks " << GetParam().name;
  }

  static Hash256 digest(ByteView message) {
    Hash256 result;
    GetParam().batch({&message, 1}, {&result, 1});
    return result;
  }

  /// Hashes all messages in one batch and compares each with the reference.
  static void expect_reference(const std::vector<Bytes>& messages) {
    const std::vector<ByteView> views(messages.begin(), messages.end());
    std::vector<Hash256> digests(messages.size());
    GetParam().batch(views, digests);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      ASSERT_EQ(digests[i], reference::sponge(messages[i], 0x01))
          << "message " << i << " of " << messages.size() << ", " << messages[i].size() << " bytes";
    }
  }
};

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

// Values every Ethereum client knows (code hash of an account without code, empty trie, empty list
// of uncles), and the classic text.
TEST_P(Keccak256, MatchesPublishedDigests) {
  EXPECT_EQ(to_hex(digest({})), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_hex(digest(as_bytes("\x80"))),
            "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
  EXPECT_EQ(to_hex(digest(as_bytes("\xc0"))),
            "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
  EXPECT_EQ(to_hex(digest(as_bytes("abc"))),
            "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

// One batch per lane offset: every length, 135, 136 and 137 among them, meets every lane.
TEST_P(Keccak256, EveryLengthInEveryLane) {
  std::mt19937_64 random(600);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::vector<Bytes> messages(shift, Bytes{});
    for (std::size_t length = 0; length <= 600; ++length) {
      messages.push_back(random_bytes(random, length));
    }
    expect_reference(messages);
  }
}

TEST_P(Keccak256, EveryLengthAlone) {
  std::mt19937_64 random(601);
  for (std::size_t length = 0; length <= 600; ++length) {
    expect_reference({random_bytes(random, length)});
  }
}

TEST_P(Keccak256, MixedBatchesOfEverySize) {
  for (const std::size_t size : {0, 1, 3, 4, 5, 7, 8, 9, 17, 1000}) {
    std::mt19937_64 random(size);
    std::vector<Bytes> messages(size);
    for (Bytes& message : messages) {
      const bool is_long = random() % 16 == 0;
      message = random_bytes(random, random() % (is_long ? 3000 : 300));
    }
    SCOPED_TRACE("mt19937_64 seed " + std::to_string(size));
    expect_reference(messages);
  }
}

// Batches of one length take shorter ways through the kernels.
TEST_P(Keccak256, UniformBatchesOfEverySize) {
  std::mt19937_64 random(64);
  for (const std::size_t length : {32, 64, 65, 128, 135, 136, 272}) {
    for (const std::size_t size : {1, 3, 4, 5, 7, 8, 9, 10, 17, 18, 19}) {
      std::vector<Bytes> messages(size);
      for (Bytes& message : messages) message = random_bytes(random, length);
      expect_reference(messages);
    }
  }
}

TEST_P(Keccak256, PairsHashNeighbours) {
  std::mt19937_64 random(2);
  for (const std::size_t size : {0, 1, 3, 4, 5, 7, 8, 9, 10, 17, 18, 1000}) {
    std::vector<Hash256> nodes(2 * size);
    for (Hash256& node : nodes) node = Hash256::from(random_bytes(random, 32));
    std::vector<Hash256> expected(size);
    for (std::size_t i = 0; i < size; ++i) {
      expected[i] = reference::sponge({nodes[2 * i].data(), 64}, 0x01);
    }
    std::vector<Hash256> parents(size);
    GetParam().pairs(nodes, parents);
    EXPECT_EQ(parents, expected);
    GetParam().pairs(nodes, std::span(nodes).first(size));  // in place
    nodes.resize(size);
    EXPECT_EQ(nodes, expected);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Backends, Keccak256,
    testing::Values(
        Implementation{"scalar", true, scalar::keccak256_batch, scalar::keccak256_pairs},
        Implementation{"avx2", cpu_features().avx2, avx2::keccak256_batch, avx2::keccak256_pairs},
        Implementation{"avx512", cpu_features().avx512_ifma, avx512::keccak256_batch,
                       avx512::keccak256_pairs}),
    [](const auto& instance) { return instance.param.name; });

TEST(KeccakReference, IsOpenSslsSha3WithAnotherPadByte) {
  std::mt19937_64 random(3);
  for (std::size_t length = 0; length <= 300; ++length) {
    const Bytes message = random_bytes(random, length);
    Hash256 expected;
    ASSERT_EQ(EVP_Digest(message.data(), message.size(), expected.data(), nullptr, EVP_sha3_256(),
                         nullptr),
              1);
    ASSERT_EQ(reference::sponge(message, 0x06), expected) << length << " bytes";
  }
}

}  // namespace
}  // namespace buri::accel
