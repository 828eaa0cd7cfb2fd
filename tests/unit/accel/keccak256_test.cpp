#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <random>

#include "base/hex.hpp"
#include "tests/unit/accel/hash_implementations.hpp"
#include "tests/unit/accel/keccak_reference.hpp"

/// Published digests of Keccak-256, and the oracle of its sweeps (hash_sweep_test.cpp).

namespace buri::accel {
namespace {

class Keccak256 : public HashSuite {};

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

INSTANTIATE_TEST_SUITE_P(Backends, Keccak256, testing::ValuesIn(keccak256_implementations()),
                         HashSuite::name);

TEST(KeccakReference, IsOpenSslsSha3WithAnotherPadByte) {
  std::mt19937_64 random(3);
  for (std::size_t length = 0; length <= 300; ++length) {
    Bytes message(length);
    for (auto& byte : message) byte = static_cast<std::uint8_t>(random());
    Hash256 expected;
    ASSERT_EQ(EVP_Digest(message.data(), message.size(), expected.data(), nullptr, EVP_sha3_256(),
                         nullptr),
              1);
    ASSERT_EQ(reference::sponge(message, 0x06), expected) << length << " bytes";
  }
}

}  // namespace
}  // namespace buri::accel
