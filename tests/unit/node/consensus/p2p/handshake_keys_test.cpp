#include "node/consensus/p2p/handshake_keys.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <numeric>
#include <sstream>

#include "base/hex.hpp"

namespace buri::consensus::p2p {
namespace {

// CometBFT's own vectors: secret, whether the own key is the lower one, receive, send, rest.
TEST(HandshakeKeys, GiveEveryGoldenLineOfCometBft) {
  std::ifstream file("tests/golden/p2p/derive-secrets-and-challenge.golden");
  std::size_t count = 0;
  for (std::string line; std::getline(file, line); ++count) {
    std::istringstream fields(line);
    std::array<std::string, 5> field;
    for (std::string& text : field) ASSERT_TRUE(std::getline(fields, text, ','));
    const HandshakeKeys keys =
        derive_keys(Secret<32>::from(from_hex(field[0]).value()), field[1] == "true");
    EXPECT_EQ(to_hex(keys.receive.view()), field[2]);
    EXPECT_EQ(to_hex(keys.send.view()), field[3]);
    EXPECT_EQ(to_hex(keys.unused.view()), field[4]);
  }
  EXPECT_EQ(count, 32u);
}

// spec/cometbft.md 3.1.
TEST(HandshakeKeys, GiveTheChallengeOfTheSpecification) {
  X25519Public lower;
  X25519Public upper;
  std::iota(lower.bytes.begin(), lower.bytes.end(), std::uint8_t{0});
  std::iota(upper.bytes.begin(), upper.bytes.end(), std::uint8_t{0x64});
  const Bytes shared(32, 0x11);
  EXPECT_EQ(to_hex(handshake_challenge(lower, upper, Secret<32>::from(shared))),
            "cba11932cd57cbea98e5e7374e352417bd06b30c9541566e35568ebcd71ed7df");
}

// RFC 7748, section 6.1: Bob's half.
TEST(Primitives, X25519GivesTheVectorOfItsRfc) {
  const auto bob = Secret<32>::from(
      *from_hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
  EXPECT_EQ(to_hex(x25519_public(bob)),
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  const auto alices_public =
      *fixed_from_hex<32>("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  Secret<32> shared;
  ASSERT_TRUE(x25519_shared(bob, alices_public, shared));
  EXPECT_EQ(to_hex(shared.view()),
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
}

// RFC 8032, section 7.1, test 2.
TEST(Primitives, Ed25519GivesTheVectorOfItsRfc) {
  const auto seed = Secret<32>::from(
      *from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
  const Bytes message{0x72};
  EXPECT_EQ(to_hex(ed25519_public(seed)),
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  const Ed25519Signature signature = ed25519_sign(seed, message);
  EXPECT_EQ(to_hex(signature),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(ed25519_verify(ed25519_public(seed), message, signature));
  EXPECT_FALSE(ed25519_verify(ed25519_public(seed), Bytes{0x73}, signature));
  EXPECT_FALSE(ed25519_verify(ed25519_public(seed), message, ByteView(signature).first(63)));
}

// The points of order 1, 2, 4 and 8 and their other encodings (RFC 7748, section 6.1: the check
// for the all-zero value).
TEST(Primitives, X25519RefusesPointsOfLowOrder) {
  const auto own = Secret<32>::from(Bytes(32, 0x42));
  for (const std::string_view hex :
       {"0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"}) {
    Secret<32> shared;
    EXPECT_FALSE(x25519_shared(own, *fixed_from_hex<32>(hex), shared)) << hex;
  }
}

TEST(Secret, MovingWipesTheSource) {
  auto source = Secret<4>::from(Bytes{1, 2, 3, 4});
  const Secret<4> target = std::move(source);
  EXPECT_EQ(to_hex(target.view()), "01020304");
  EXPECT_EQ(to_hex(source.view()), "00000000");  // NOLINT(bugprone-use-after-move): the point
}

}  // namespace
}  // namespace buri::consensus::p2p
