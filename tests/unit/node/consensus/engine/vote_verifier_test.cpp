#include "node/consensus/engine/vote_verifier.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/engine/message.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::engine {
namespace {

using Extensions = VoteVerifier::Extensions;

/// The recorded votes are validator 3's: three more stand before it.
ValidatorSet validators() {
  std::vector<Validator> list(4);
  for (std::size_t i = 0; i < 4; ++i) {
    list[i].address.bytes[0] = static_cast<std::uint8_t>(i + 1);
    list[i].voting_power = 40 - 10 * static_cast<std::int64_t>(i);
  }
  // golden/heimdall-devnet/wire/messages.json, validator_public_key.
  list[3].public_key = *fixed_from_hex<65>(
      "04af3d5b2e293d36494b0e54f16c45b8f1bd78093eb059abb98e1d3d05c9b502e30aae1b6afe1ae403b00ea1bee5"
      "bb9627f28946e5723d112b484ffe881262adf9");
  list[3].address = *fixed_from_hex<20>("7592756e766e346fa7b77c11edd8aec2f38f56f5");
  return ValidatorSet::restore(list).value();
}

/// Prevote, nil prevote, nil precommit, precommits with both extensions and with empty ones.
std::vector<Vote> recorded_votes() {
  std::vector<Vote> votes;
  const auto messages = testing::recorded_messages("consensus Vote ");
  if (!messages) return votes;
  for (const auto& recorded : *messages) {
    votes.push_back(std::get<Vote>(decode_message(recorded.bytes).value()));
    votes.back().validator_index = 3;  // not signed; the recording has 0 in one of them
  }
  return votes;
}

class VoteVerifierTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (votes_.empty()) GTEST_SKIP() << "no recorded messages beside the large suites";
    ASSERT_EQ(votes_.size(), 5U);
  }
  std::vector<VoteVerdict> check(std::span<const Vote> votes, Extensions extensions) {
    return verifier_.check(votes, set_, keys_, extensions);
  }
  VoteVerdict check_one(const Vote& vote) { return check({&vote, 1}, Extensions::kOn)[0]; }

  ValidatorSet set_ = validators();
  KeySetCache cache_;
  std::shared_ptr<const accel::KeySet> keys_ = cache_.keys_of(set_);
  VoteVerifier verifier_{testing::engine(), "wire-test-1", 100};
  std::vector<Vote> votes_ = recorded_votes();
};

TEST_F(VoteVerifierTest, AcceptsTheForksOwnVotesAndChecksEachSignatureOnce) {
  EXPECT_EQ(check(votes_, Extensions::kOn), std::vector(5, VoteVerdict::kGood));
  const std::size_t once = verifier_.checked();
  // Both precommits sign the same vote; five votes and four extension signatures make eight.
  EXPECT_EQ(once, 8U);
  EXPECT_EQ(check(votes_, Extensions::kOn), std::vector(5, VoteVerdict::kGood));
  votes_[0].signature.back() ^= 1;
  EXPECT_EQ(check_one(votes_[0]), VoteVerdict::kGood) << "V means nothing";
  EXPECT_EQ(verifier_.checked(), once);
}

TEST_F(VoteVerifierTest, TellsOfEachSignatureOnce) {
  std::size_t told = 0;
  std::size_t extensions = 0;
  verifier_.tell([&](const VoteVerifier::Checked& checked) {
    ++told;
    EXPECT_TRUE(checked.is_valid);
    EXPECT_EQ(checked.key, set_.validators()[3].public_key);
    const ByteView message(votes_[3].non_rp_extension);
    Hash256 digest;
    testing::engine().keccak256(std::span(&message, 1), std::span(&digest, 1),
                                accel::Assurance::kExact);
    if (digest != checked.digest) return;
    ++extensions;
    EXPECT_TRUE(equal(checked.signature, votes_[3].non_rp_signature));
  });
  check(votes_, Extensions::kOn);
  check(votes_, Extensions::kOn);
  EXPECT_EQ(told, verifier_.checked());
  EXPECT_EQ(extensions, 1U);
}

TEST_F(VoteVerifierTest, NamesTheFirstBadSignature) {
  const Vote good = votes_[3];
  ASSERT_FALSE(good.extension.empty());
  const auto verdict_with = [&](void (*change)(Vote&)) {
    Vote vote = good;
    change(vote);
    return check_one(vote);
  };
  EXPECT_EQ(verdict_with([](Vote& vote) { ++vote.timestamp.nanos; }), VoteVerdict::kSignature);
  EXPECT_EQ(verdict_with([](Vote& vote) { vote.signature[40] ^= 1; }), VoteVerdict::kSignature);
  EXPECT_EQ(verdict_with([](Vote& vote) { vote.signature.pop_back(); }), VoteVerdict::kSignature);
  EXPECT_EQ(verdict_with([](Vote& vote) { vote.validator_index = 2; }), VoteVerdict::kSignature);
  EXPECT_EQ(verdict_with([](Vote& vote) { vote.extension.push_back(0); }),
            VoteVerdict::kExtensionSignature);
  EXPECT_EQ(verdict_with([](Vote& vote) { vote.non_rp_extension.push_back(0); }),
            VoteVerdict::kNonRpSignature);
  EXPECT_EQ(verdict_with([](Vote& vote) {
              vote.extension.push_back(0);
              vote.signature[40] ^= 1;
            }),
            VoteVerdict::kSignature);
  EXPECT_EQ(check_one(good), VoteVerdict::kGood);
}

TEST_F(VoteVerifierTest, ExtensionsAreThereWhereTheyAreOnAndOnlyThere) {
  Vote vote = votes_[3];
  EXPECT_EQ(check({&vote, 1}, Extensions::kOff)[0], VoteVerdict::kUnwantedExtension);
  vote.non_rp_signature.clear();
  EXPECT_EQ(check_one(vote), VoteVerdict::kNoExtensionSignature);
  Vote prevote = votes_[0];
  EXPECT_EQ(check({&prevote, 1}, Extensions::kOff)[0], VoteVerdict::kGood);
  prevote.extension = {1};
  EXPECT_EQ(check_one(prevote), VoteVerdict::kUnwantedExtension);
  EXPECT_EQ(verifier_.checked(), 1U) << "shape costs no signature";
}

TEST_F(VoteVerifierTest, ForgetsTheOldestFirst) {
  VoteVerifier small(testing::engine(), "wire-test-1", 30);
  const auto check_all = [&] { return small.check(votes_, set_, keys_, Extensions::kOn); };
  check_all();
  Vote other = votes_[0];
  for (int i = 0; i < 8; ++i) {
    ++other.timestamp.nanos;
    EXPECT_EQ(small.check({&other, 1}, set_, keys_, Extensions::kOn)[0], VoteVerdict::kSignature);
  }
  const std::size_t before = small.checked();
  EXPECT_EQ(check_all(), std::vector(5, VoteVerdict::kGood));
  EXPECT_EQ(small.checked(), before) << "still in the older generation";
}

}  // namespace
}  // namespace buri::consensus::engine
