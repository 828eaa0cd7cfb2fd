#include "hsm/rules/consensus.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <map>
#include <tuple>

#include "base/random.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::rules {
namespace {

using testing::block;
using testing::kNow;
using testing::outcome;
using testing::precommit_at;
using testing::proposal_at;
using testing::vote_at;
using testing::World;
using wire::VoteType;

/// A request at (height, round, step): 1 proposal, 2 prevote, 3 precommit.
wire::RequestBody ballot(std::int64_t height, std::int32_t round, int step) {
  if (step == 1) return proposal_at(height, round);
  return vote_at(height, round, step == 2 ? VoteType::kPrevote : VoteType::kPrecommit);
}

struct Transition {
  std::tuple<std::int64_t, std::int32_t, int> from;
  std::tuple<std::int64_t, std::int32_t, int> to;
  std::string_view expected;
};

TEST(T40Consensus, TableOfTransitions) {
  const Transition transitions[] = {
      {{200, 1, 2}, {200, 1, 3}, "granted"},
      {{200, 1, 3}, {200, 2, 1}, "granted"},
      {{200, 1, 3}, {200, 2, 2}, "granted"},
      {{200, 1, 3}, {201, 0, 1}, "granted"},
      {{200, 1, 1}, {201, 0, 3}, "granted"},
      {{200, 1, 2}, {200, 1, 2}, "replayed"},
      {{200, 1, 1}, {200, 1, 1}, "replayed"},
      {{200, 1, 3}, {200, 1, 3}, "replayed"},
      {{200, 1, 2}, {200, 1, 1}, "height_regression"},
      {{200, 1, 3}, {200, 1, 2}, "height_regression"},
      {{200, 1, 1}, {200, 0, 3}, "height_regression"},
      {{200, 0, 1}, {199, 9, 3}, "height_regression"},
  };
  for (const auto& [from, to, expected] : transitions) {
    World world;
    EXPECT_EQ(outcome(world.sign(std::apply(ballot, from))), "granted");
    const auto [height, round, step] = to;
    EXPECT_EQ(outcome(world.sign(ballot(height, round, step))), expected)
        << height << "/" << round << "/" << step;
  }
}

TEST(T40Consensus, OtherContentAtASignedPlaceIsEquivocation) {
  World world;
  wire::SignVote vote = vote_at(200, 0, VoteType::kPrevote);
  ASSERT_TRUE(world.sign(vote).ok());
  vote.block_id = block(9);
  EXPECT_EQ(outcome(world.sign(vote)), "equivocation");
  vote.block_id = {};
  EXPECT_EQ(outcome(world.sign(vote)), "equivocation");
  vote.block_id = block(9);
  vote.timestamp.seconds += 5;
  EXPECT_EQ(outcome(world.sign(vote)), "equivocation");
}

TEST(T40Consensus, ALaterTimestampGetsTheStoredSignatureAndTimestamp) {
  World world;
  wire::SignVote vote = vote_at(200, 0, VoteType::kPrevote);
  const Decision first = world.sign(vote);
  vote.timestamp = {kNow + 3, 7};
  const Decision second = world.sign(vote);
  ASSERT_EQ(outcome(second), "replayed");
  EXPECT_EQ(second->timestamp, (wire::Timestamp{kNow, 0}));
  EXPECT_EQ(second->slots[0].digest, first->slots[0].digest);
  EXPECT_EQ(second->slots[0].known, testing::made_up_signature(first->slots[0].digest));
}

TEST(T40Consensus, AfterACrashBeforeTheSignatureTheStoredBytesAreSigned) {
  World world;
  wire::SignVote vote = vote_at(200, 0, VoteType::kPrevote);
  const Decision first = world.ask(vote);
  world.ledgers.set(*first->record);
  vote.timestamp.seconds += 1;
  const Decision again = world.ask(vote);
  ASSERT_EQ(outcome(again), "granted");
  EXPECT_FALSE(again->record);
  EXPECT_EQ(again->slots, first->slots);
  EXPECT_EQ(again->timestamp, (wire::Timestamp{kNow, 0}));
}

TEST(T40Consensus, UnlockingForAnotherBlockIsLegalAndAlarms) {
  World world;
  ASSERT_TRUE(world.sign(vote_at(200, 0, VoteType::kPrevote)).ok());
  wire::SignVote precommit = vote_at(200, 0, VoteType::kPrecommit);
  precommit.block_id = block(9);
  const Decision decision = world.sign(precommit);
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_EQ(decision->alarms, std::vector{Alarm::kPrecommitElsewhere});
}

/// Everything the key has signed, by place: content and timestamp. The rules may be stricter than
/// this, never laxer.
struct ReferenceModel {
  using Place = std::tuple<std::int64_t, std::int32_t, int>;
  std::map<Place, Bytes> signed_bytes;
  Place highest{99, std::numeric_limits<std::int32_t>::max(), 3};

  /// What a signer with perfect memory answers.
  std::string expect(const Place& place, const Bytes& without_time) {
    const auto known = signed_bytes.find(place);
    if (place < highest || (place == highest && known == signed_bytes.end())) {
      return "height_regression";
    }
    if (known != signed_bytes.end()) {
      return known->second == without_time ? "replayed" : "equivocation";
    }
    highest = place;
    signed_bytes[place] = without_time;
    return "granted";
  }
};

/// Lets a ballot name `voted` and gives it one of two times that day; what it says but for those.
Bytes draw_content(wire::RequestBody& request, const wire::BlockId& voted, SeededRandom& random) {
  Bytes content;
  const auto draw = [&](auto& ballot) {
    ballot.block_id = voted;
    ballot.timestamp.nanos = 0;
    if constexpr (std::is_same_v<std::decay_t<decltype(ballot)>, wire::SignVote>) {
      content = wire::vote_sign_bytes(ballot);
    } else {
      content = wire::proposal_sign_bytes(ballot);
    }
    ballot.timestamp.nanos = static_cast<std::int32_t>(random.next() % 2);
  };
  if (auto* vote = std::get_if<wire::SignVote>(&request)) draw(*vote);
  if (auto* proposal = std::get_if<wire::SignProposal>(&request)) draw(*proposal);
  return content;
}

TEST(T40Consensus, AgreesWithAModelThatForgetsNothing) {
  const char* given = std::getenv("BURI_TEST_SEED");
  const std::uint64_t seed = given != nullptr ? std::stoull(given) : system_random().next();
  SCOPED_TRACE("BURI_TEST_SEED=" + std::to_string(seed));
  SeededRandom random(seed);
  for (int run = 0; run < 200; ++run) {
    World world;
    world.policy.consensus.max_per_minute = 1'000'000;
    ReferenceModel model;
    for (int i = 0; i < 100; ++i) {
      const auto height = static_cast<std::int64_t>(100 + i / 20 + random.next() % 3);
      const auto round = static_cast<std::int32_t>(random.next() % 3);
      const int step = static_cast<int>(1 + random.next() % 3);
      const wire::BlockId voted =
          random.next() % 4 == 0 && step > 1 ? wire::BlockId{} : block(random.next() % 2);
      wire::RequestBody request = ballot(height, round, step);
      const Bytes content = draw_content(request, voted, random);
      const std::string expected = model.expect({height, round, step}, content);
      ASSERT_EQ(outcome(world.sign(request)), expected) << height << "/" << round << "/" << step;
    }
  }
}

TEST(T44Poisoning, AHeightFarAboveIsRefused) {
  World world;
  EXPECT_EQ(outcome(world.sign(vote_at(99 + 10'001, 0, VoteType::kPrevote))), "height_jump");
  EXPECT_EQ(
      outcome(world.sign(vote_at(std::numeric_limits<std::int64_t>::max(), 0, VoteType::kPrevote))),
      "height_jump");
  EXPECT_EQ(outcome(world.sign(vote_at(99 + 10'000, 0, VoteType::kPrevote))), "granted");
}

TEST(T44Poisoning, ATimestampFarFromTheClockIsRefusedAndANearerOneAlarms) {
  World world;
  wire::SignVote vote = vote_at(200, 0, VoteType::kPrevote);
  for (const std::int64_t away :
       {std::int64_t{-86'401}, std::int64_t{86'401}, -kNow - 5, std::int64_t{1} << 61}) {
    vote.timestamp.seconds = kNow + away;
    EXPECT_EQ(outcome(world.ask(vote)), "clock") << away;
  }
  vote.timestamp.seconds = kNow - 601;
  const Decision decision = world.ask(vote);
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_EQ(decision->alarms, std::vector{Alarm::kClock});
}

TEST(Consensus, RefusesOtherChainsKeysAndMalformedBallots) {
  const World world;
  wire::SignVote vote = vote_at(200, 0, VoteType::kPrevote);
  vote.chain_id = "heimdall-tesu";
  EXPECT_EQ(outcome(world.ask(vote)), "chain");
  vote = vote_at(200, 0, VoteType::kPrevote);
  vote.validator_address = {};
  EXPECT_EQ(outcome(world.ask(vote)), "identity");
  EXPECT_EQ(outcome(world.ask(vote_at(0, 0, VoteType::kPrevote))), "malformed");
  EXPECT_EQ(outcome(world.ask(vote_at(200, -1, VoteType::kPrevote))), "malformed");
  vote = vote_at(200, 0, VoteType::kPrevote);
  vote.block_id.parts.total = 0;
  EXPECT_EQ(outcome(world.ask(vote)), "malformed");
  wire::SignProposal proposal = proposal_at(200, 2);
  proposal.block_id = {};
  EXPECT_EQ(outcome(world.ask(proposal)), "malformed");
  for (const std::int32_t pol_round : {-2, 2, 3}) {
    proposal = proposal_at(200, 2);
    proposal.pol_round = pol_round;
    EXPECT_EQ(outcome(world.ask(proposal)), "malformed") << pol_round;
  }
}

TEST(Consensus, DisabledPurposesAndTheMinuteLimitRefuse) {
  World world;
  world.policy.consensus.proposals = false;
  EXPECT_EQ(outcome(world.ask(proposal_at(200, 0))), "purpose_disabled");
  world.policy.consensus.max_per_minute = 2;
  EXPECT_EQ(outcome(world.sign(vote_at(200, 0, VoteType::kPrevote))), "granted");
  EXPECT_EQ(outcome(world.sign(vote_at(201, 0, VoteType::kPrevote))), "granted");
  EXPECT_EQ(outcome(world.sign(vote_at(202, 0, VoteType::kPrevote))), "rate_limit");
  EXPECT_EQ(outcome(world.sign(vote_at(201, 0, VoteType::kPrevote))), "replayed");
  world.now += 60;
  EXPECT_EQ(outcome(world.sign(vote_at(202, 0, VoteType::kPrevote))), "granted");
}

TEST(Consensus, ARefusalLeavesTheRecordsAsTheyWere) {
  World world;
  ASSERT_TRUE(world.sign(precommit_at(200, 0)).ok());
  const Ledgers before = world.ledgers;
  wire::SignVote other = precommit_at(200, 0);
  other.block_id = block(5);
  ASSERT_FALSE(world.sign(other).ok());
  EXPECT_EQ(world.ledgers, before);
}

}  // namespace
}  // namespace buri::hsm::rules
