#include "node/consensus/engine/light_client.hpp"

#include <gtest/gtest.h>

#include "node/consensus/engine/key_set_cache.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::engine {
namespace {

/// The step over the set change, broken in one place by each test.
class LightStep : public ::testing::Test {
 protected:
  Result<LightTally, LightFailure> step() {
    static KeySetCache cache;
    const auto old_keys = cache.keys_of(trusted_.validators);
    const auto new_keys = cache.keys_of(next_.validators);
    return verify_light_step(
        buri::testing::engine(),
        {trusted_.signed_header.header,
         trusted_.signed_header.commit,
         {trusted_.validators, old_keys}},
        {next_.signed_header.header, next_.signed_header.commit, {next_.validators, new_keys}},
        options_);
  }
  void expect_failure(LightRule rule) {
    const auto verdict = step();
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(describe(verdict.error().rule), describe(rule));
  }
  Header& next_header() { return next_.signed_header.header; }

  buri::testing::GoldenCommit trusted_ = buri::testing::golden_commits()[1];
  buri::testing::GoldenCommit next_ = buri::testing::golden_commits()[3];
  LightOptions options_{.now = next_.signed_header.header.time, .trust_level = {}};
};

TEST_F(LightStep, SkipsOverTheMainnetSetChange) {
  const auto verdict = step();
  ASSERT_TRUE(verdict.ok());
  EXPECT_EQ(verdict.value().trusted.signed_power, 3422621602);
  EXPECT_EQ(verdict.value().own.signed_power, 3423069834);
}

TEST_F(LightStep, RejectsAnotherChain) {
  next_header().chain_id = "heimdallv2-80002";
  expect_failure(LightRule::kChainId);
}

TEST_F(LightStep, RejectsGoingBack) {
  std::swap(trusted_, next_);
  expect_failure(LightRule::kHeight);
}

TEST_F(LightStep, RejectsTimeThatDoesNotRise) {
  next_header().time = trusted_.signed_header.header.time;
  expect_failure(LightRule::kTime);
}

TEST_F(LightStep, RejectsAnExpiredTrust) {
  options_.now = trusted_.signed_header.header.time;
  options_.now.seconds += options_.trusting_period_seconds;
  expect_failure(LightRule::kExpired);
}

TEST_F(LightStep, RejectsAHeaderFromTheFuture) {
  options_.now = next_header().time;
  options_.now.seconds -= options_.max_clock_drift_seconds;
  expect_failure(LightRule::kFromFuture);
}

TEST_F(LightStep, RejectsAChangedHeader) {
  next_header().app_hash[0] ^= 1;
  expect_failure(LightRule::kHeaderHash);
}

TEST_F(LightStep, RejectsAnotherSet) {
  next_.validators = trusted_.validators;
  expect_failure(LightRule::kValidatorsHash);
}

TEST_F(LightStep, ANeighbourNeedsTheAnnouncedSet) {
  trusted_.signed_header.header.height = next_header().height - 1;
  expect_failure(LightRule::kNextValidators);
  trusted_.signed_header.header.next_validators_hash = next_header().validators_hash;
  EXPECT_TRUE(step().ok());
}

TEST_F(LightStep, NeedsTrustedPower) {
  options_.trust_level = {1, 1};
  expect_failure(LightRule::kTrustedPower);
}

TEST_F(LightStep, NeedsTheNewSetsTwoThirds) {
  // The seven strongest are over a third but under two thirds.
  auto& entries = next_.signed_header.commit.signatures;
  for (std::size_t i = 7; i < entries.size(); ++i) entries[i] = CommitSig{};
  expect_failure(LightRule::kCommit);
}

}  // namespace
}  // namespace buri::consensus::engine
