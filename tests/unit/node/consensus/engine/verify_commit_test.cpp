#include "node/consensus/engine/verify_commit.hpp"

#include <gtest/gtest.h>

#include "node/consensus/engine/key_set_cache.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::engine {
namespace {

/// A mainnet commit that a test breaks in one place.
class VerifyCommit : public ::testing::Test {
 protected:
  Result<CommitTally, CommitFailure> verify() {
    const auto keys = cache().keys_of(set_);
    return verify_commit(buri::testing::engine(), {set_, keys},
                         {chain_id_, claimed_height_, claimed_block_}, commit_);
  }
  Result<CommitTally, CommitFailure> verify_trusting(TrustLevel level) {
    const auto keys = cache().keys_of(set_);
    return verify_commit_trusting(buri::testing::engine(), {set_, keys}, chain_id_, commit_, level);
  }
  Result<CommitTally, CommitFailure> verify_light(Coverage coverage) {
    const auto keys = cache().keys_of(set_);
    return verify_commit_light(buri::testing::engine(), {set_, keys},
                               {chain_id_, claimed_height_, claimed_block_}, commit_, coverage);
  }
  void expect_failure(CommitRule rule, std::size_t index) {
    const auto verdict = verify();
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(describe(verdict.error().rule), describe(rule));
    EXPECT_EQ(verdict.error().index, index);
  }
  static KeySetCache& cache() {
    static KeySetCache shared;
    return shared;
  }
  void make_absent(std::size_t index) { commit_.signatures[index] = CommitSig{}; }

  const buri::testing::GoldenCommit& golden_ = buri::testing::golden_commits()[0];
  ValidatorSet set_ = golden_.validators;
  Commit commit_ = golden_.signed_header.commit;
  std::string chain_id_ = golden_.signed_header.header.chain_id;
  std::int64_t claimed_height_ = commit_.height;
  BlockId claimed_block_ = commit_.block_id;
};

TEST_F(VerifyCommit, AcceptsMainnet) {
  const auto verdict = verify();
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.value().signatures, 100u);
  EXPECT_EQ(verdict.value().signed_power, 3422248225);
  EXPECT_EQ(verdict.value().total_power, 3423904582);
  EXPECT_EQ(verdict.value().threshold_power, 2282603054);
}

TEST_F(VerifyCommit, IgnoresV) {
  commit_.signatures[0].signature.back() ^= 1;
  commit_.signatures[1].signature.back() = 0xff;
  EXPECT_TRUE(verify().ok());
}

TEST_F(VerifyCommit, RejectsAnotherHeight) {
  ++claimed_height_;
  expect_failure(CommitRule::kHeight, 0);
}

TEST_F(VerifyCommit, RejectsAnotherBlock) {
  claimed_block_.hash->bytes[0] ^= 1;
  expect_failure(CommitRule::kBlockId, 0);
}

TEST_F(VerifyCommit, RejectsAMissingEntry) {
  commit_.signatures.pop_back();
  expect_failure(CommitRule::kEntryCount, 0);
}

TEST_F(VerifyCommit, RejectsAnAbsentEntryWithContent) {
  commit_.signatures[66].signature = Bytes(65, 1);
  expect_failure(CommitRule::kEntryShape, 66);
  make_absent(66);
  commit_.signatures[66].timestamp = Timestamp{};
  expect_failure(CommitRule::kEntryShape, 66);
}

TEST_F(VerifyCommit, RejectsAVoteWithoutAddressOrSignature) {
  commit_.signatures[3].validator_address.reset();
  expect_failure(CommitRule::kEntryShape, 3);
  commit_.signatures[2].signature.clear();
  expect_failure(CommitRule::kEntryShape, 2);
}

TEST_F(VerifyCommit, RejectsAnAddressOutOfPlace) {
  std::swap(commit_.signatures[4], commit_.signatures[5]);
  expect_failure(CommitRule::kAddress, 4);
}

TEST_F(VerifyCommit, RejectsASignatureOfOtherContent) {
  ++commit_.signatures[7].timestamp.nanos;
  expect_failure(CommitRule::kSignature, 7);
}

TEST_F(VerifyCommit, RejectsAnotherChain) {
  chain_id_ = "heimdallv2-80002";
  expect_failure(CommitRule::kSignature, 0);
}

TEST_F(VerifyCommit, RejectsASignatureOfAnotherLength) {
  commit_.signatures[9].signature.pop_back();
  expect_failure(CommitRule::kSignature, 9);
  commit_.signatures[8].signature.push_back(0);
  expect_failure(CommitRule::kSignature, 8);
}

TEST_F(VerifyCommit, ChecksNilVotesButDoesNotCountThem) {
  // A vote for the block presented as a nil vote signs other bytes.
  commit_.signatures[0].flag = BlockIdFlag::kNil;
  expect_failure(CommitRule::kSignature, 0);
}

TEST_F(VerifyCommit, NeedsMoreThanTwoThirds) {
  // The ten strongest exceed two thirds, the nine strongest do not.
  for (std::size_t i = 10; i < commit_.signatures.size(); ++i) make_absent(i);
  EXPECT_TRUE(verify().ok());
  make_absent(9);
  expect_failure(CommitRule::kPower, 0);
}

TEST_F(VerifyCommit, LightLooksNoFartherThanNeeded) {
  EXPECT_EQ(verify_light(Coverage::kUntilEnough)->signatures, 10u) << "of mainnet's 104";
  EXPECT_EQ(verify_light(Coverage::kAll)->signatures, 100u);
  commit_.signatures[50].signature[3] ^= 1;
  EXPECT_TRUE(verify_light(Coverage::kUntilEnough).ok());
  EXPECT_EQ(verify_light(Coverage::kAll).error().rule, CommitRule::kSignature);
  commit_.signatures[3].signature[3] ^= 1;
  EXPECT_EQ(verify_light(Coverage::kUntilEnough).error().index, 3u);
  commit_.signatures[3].flag = BlockIdFlag::kNil;
  EXPECT_TRUE(verify_light(Coverage::kUntilEnough).ok()) << "nil votes are not looked at";
}

TEST_F(VerifyCommit, TrustingFindsSignersByAddressInAnySet) {
  commit_ = buri::testing::golden_commits()[3].signed_header.commit;
  set_ = buri::testing::golden_commits()[1].validators;
  const auto verdict = verify_trusting({1, 3});
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.value().signed_power, 3422621602);
  EXPECT_EQ(verdict.value().threshold_power, 3424277959 / 3);
}

TEST_F(VerifyCommit, TrustingRejectsADoubleVote) {
  commit_.signatures[5] = commit_.signatures[4];
  const auto verdict = verify_trusting({1, 3});
  ASSERT_FALSE(verdict.ok());
  EXPECT_EQ(verdict.error().rule, CommitRule::kDoubleVote);
  EXPECT_EQ(verdict.error().index, 5u);
}

TEST_F(VerifyCommit, TrustingNeedsMoreThanItsLevel) {
  EXPECT_EQ(verify_trusting({1, 1}).error().rule, CommitRule::kPower);
}

}  // namespace
}  // namespace buri::consensus::engine
