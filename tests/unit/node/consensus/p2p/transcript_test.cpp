#include "node/consensus/p2p/transcript.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <bit>
#include <numeric>

#include "base/hex.hpp"
#include "node/consensus/p2p/keccak_permutation.hpp"

namespace buri::consensus::p2p {
namespace {

std::string challenge_hex(Transcript& transcript, std::string_view label, std::size_t byte_count) {
  Bytes challenge(byte_count);
  transcript.challenge(label, challenge);
  return to_hex(challenge);
}

/// SHA3-256 of a message shorter than one block, on the permutation under test.
Bytes sha3_256(ByteView message) {
  constexpr std::size_t kRateBytes = 136;
  std::array<std::uint8_t, 200> block{};
  std::copy(message.begin(), message.end(), block.begin());
  block[message.size()] ^= 0x06;
  block[kRateBytes - 1] ^= 0x80;
  auto state = std::bit_cast<std::array<std::uint64_t, 25>>(block);
  keccak_f1600(state);
  block = std::bit_cast<std::array<std::uint8_t, 200>>(state);
  return {block.begin(), block.begin() + 32};
}

TEST(KeccakPermutation, GivesOpenSslsSha3) {
  Bytes message(135);
  std::iota(message.begin(), message.end(), std::uint8_t{1});
  for (std::size_t size = 0; size < message.size(); ++size) {
    Bytes expected(32);
    ASSERT_EQ(
        EVP_Q_digest(nullptr, "SHA3-256", nullptr, message.data(), size, expected.data(), nullptr),
        1);
    EXPECT_EQ(sha3_256(ByteView(message).first(size)), expected) << size << " bytes";
  }
}

// The example of the Merlin specification, as quoted in spec/cometbft.md 3.1.
TEST(Transcript, GivesMerlinsOwnVector) {
  Transcript transcript("test protocol");
  transcript.append("some label", as_bytes("some data"));
  EXPECT_EQ(challenge_hex(transcript, "challenge", 32),
            "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615");
}

TEST(Transcript, DependsOnEveryLabelMessageAndTheirOrder) {
  const auto run = [](std::string_view protocol, std::string_view label, std::string_view text) {
    Transcript transcript(protocol);
    transcript.append(label, as_bytes(text));
    return challenge_hex(transcript, "c", 32);
  };
  const std::string base = run("p", "ab", "c");
  EXPECT_EQ(run("p", "ab", "c"), base);
  EXPECT_NE(run("q", "ab", "c"), base);
  EXPECT_NE(run("p", "a", "bc"), base);
  EXPECT_NE(run("p", "abc", ""), base);
}

// The rate is 166 bytes: messages and challenges around its multiples cross the permutation.
TEST(Transcript, ChallengesLongerThanTheRateDoNotRepeat) {
  Transcript transcript("p");
  transcript.append("m", Bytes(1000, 0x5a));
  const std::string text = challenge_hex(transcript, "c", 500);
  EXPECT_NE(text.substr(0, 64), text.substr(166 * 2, 64));
  EXPECT_NE(text.substr(166 * 2, 64), text.substr(332 * 2, 64));
  EXPECT_NE(challenge_hex(transcript, "c", 500), text);
}

}  // namespace
}  // namespace buri::consensus::p2p
