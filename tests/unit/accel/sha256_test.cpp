#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <random>
#include <string>

#include "accel/avx2/sha256.hpp"
#include "accel/avx512/sha256.hpp"
#include "accel/cpu.hpp"
#include "accel/scalar/sha256.hpp"
#include "accel/shani/sha256.hpp"
#include "base/hex.hpp"

/// One suite for every implementation of SHA-256; the oracle is OpenSSL's EVP interface.

namespace buri::accel {
namespace {

struct Implementation {
  const char* name;
  bool runs_here;
  void (*batch)(std::span<const ByteView>, std::span<Hash256>);
  void (*pairs)(std::span<const Hash256>, std::span<Hash256>);
};

Hash256 openssl_digest(ByteView message) {
  Hash256 digest;
  EXPECT_EQ(
      EVP_Digest(message.data(), message.size(), digest.data(), nullptr, EVP_sha256(), nullptr), 1);
  return digest;
}

Bytes random_bytes(std::mt19937_64& random, std::size_t size) {
  Bytes bytes(size);
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return bytes;
}

class Sha256 : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    if (!GetParam().runs_here) GTEST_SKIP() << "this processor lacks " << GetParam().name;
  }

  static Hash256 digest(ByteView message) {
    // Three copies, so that the lanes and not the path for a single message answer.
    const std::array<ByteView, 3> messages{message, message, message};
    std::array<Hash256, 3> results;
    GetParam().batch(messages, results);
    EXPECT_EQ(results[0], results[1]);
    EXPECT_EQ(results[0], results[2]);
    return results[0];
  }

  static void expect_openssl(const std::vector<Bytes>& messages) {
    const std::vector<ByteView> views(messages.begin(), messages.end());
    std::vector<Hash256> digests(messages.size());
    GetParam().batch(views, digests);
    for (std::size_t i = 0; i < messages.size(); ++i) {
      ASSERT_EQ(digests[i], openssl_digest(messages[i]))
          << "message " << i << " of " << messages.size() << ", " << messages[i].size() << " bytes";
    }
  }
};

// NIST's examples for FIPS 180-4 and the empty message.
TEST_P(Sha256, MatchesPublishedDigests) {
  EXPECT_EQ(to_hex(digest({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(to_hex(digest(as_bytes("abc"))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(digest(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(
      to_hex(digest(as_bytes("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
                             "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu"))),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(to_hex(digest(Bytes(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_P(Sha256, EveryLengthInEveryLane) {
  std::mt19937_64 random(600);
  for (std::size_t shift = 0; shift < 8; ++shift) {
    std::vector<Bytes> messages(shift, Bytes{});
    for (std::size_t length = 0; length <= 600; ++length) {
      messages.push_back(random_bytes(random, length));
    }
    expect_openssl(messages);
  }
}

TEST_P(Sha256, EveryLengthAlone) {
  std::mt19937_64 random(601);
  for (std::size_t length = 0; length <= 600; ++length) {
    expect_openssl({random_bytes(random, length)});
  }
}

TEST_P(Sha256, MixedBatchesOfEverySize) {
  for (const std::size_t size : {0, 1, 3, 4, 5, 7, 8, 9, 17, 1000}) {
    std::mt19937_64 random(size);
    std::vector<Bytes> messages(size);
    for (Bytes& message : messages) {
      const bool is_long = random() % 16 == 0;
      message = random_bytes(random, random() % (is_long ? 3000 : 300));
    }
    SCOPED_TRACE("mt19937_64 seed " + std::to_string(size));
    expect_openssl(messages);
  }
}

TEST_P(Sha256, PairsHashTreeNodes) {
  std::mt19937_64 random(2);
  for (const std::size_t size : {0, 1, 3, 4, 5, 7, 8, 9, 17, 1000}) {
    std::vector<Hash256> nodes(2 * size);
    for (Hash256& node : nodes) node = Hash256::from(random_bytes(random, 32));
    std::vector<Hash256> expected(size);
    for (std::size_t i = 0; i < size; ++i) {
      Bytes message{0x01};
      append(message, nodes[2 * i]);
      append(message, nodes[2 * i + 1]);
      expected[i] = openssl_digest(message);
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
    Backends, Sha256,
    testing::Values(Implementation{"scalar", true, scalar::sha256_batch, scalar::sha256_pairs},
                    Implementation{"avx2", cpu_features().avx2, avx2::sha256_batch,
                                   avx2::sha256_pairs},
                    Implementation{"shani", cpu_features().sha_ni&& cpu_features().avx2,
                                   shani::sha256_batch, shani::sha256_pairs},
                    Implementation{"avx512", cpu_features().sha_ni&& cpu_features().avx512_ifma,
                                   avx512::sha256_batch, avx512::sha256_pairs}),
    [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace buri::accel
