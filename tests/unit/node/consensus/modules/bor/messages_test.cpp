#include "node/consensus/modules/bor/messages.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/modules/bor/backfill.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"
#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::bor {
namespace {

using enum protocol::HeimdallFork;
using runtime::SideVote;

/// Four validators that elect 1, 2 and 3; span 0 of producer 1 holds the blocks 0 to 99,999.
class BorMessages : public ::testing::Test {
 protected:
  void SetUp() override {
    register_messages(registry_, bor_);
    world_.set_fork(kRio, 0);
    world_.set_fork(kProducerDowntime, 10);
    world_.set_fork(kZurich, 20);
    world_.set_fork(kKyoto, 30);
    for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1, 2, 3});
    world_.add_span(0, {0, 99'999}, 1);
  }
  template <class Message>
  runtime::Outcome<codec::Any> handle(std::int64_t height, const Message& message) {
    const auto decoded = registry_.decode(codec::pack(message)).value();
    return decoded->type().handle(world_.at(height), *decoded);
  }
  Span last_span() { return Keeper().last_span(world_.at(1)).value(); }

  World world_{{100, 100, 100, 100}};
  protocol::ScriptedBorChain bor_;
  runtime::MessageRegistry registry_;
};

TEST_F(BorMessages, TakeVotesForProducersFromTheirOwnerOnly) {
  const MsgVoteProducers good{signer_of(2), 2, {{3, 1}}};
  EXPECT_TRUE(handle(10, good).ok());
  EXPECT_EQ(Keeper().votes_of(world_.at(10), 2)->votes, (std::vector<std::uint64_t>{3, 1}));
  for (const MsgVoteProducers& bad :
       {MsgVoteProducers{signer_of(2), 3, {{1}}}, MsgVoteProducers{signer_of(2), 9, {{1}}},
        MsgVoteProducers{signer_of(2), 2, {{1, 2, 1}}}}) {
    const auto refused = handle(10, bad);
    ASSERT_FALSE(refused.ok());
    EXPECT_TRUE(refused.error().is(runtime::kUndefinedCodespace, 1)) << refused.error().log;
  }
  world_.set_fork(kRio, 100'001);
  EXPECT_FALSE(handle(10, good).ok());
}

TEST_F(BorMessages, TakeNoVoteOfWhoLeftTheSetFromZurich) {
  stake::ValidatorSet set = world_.set();
  std::erase_if(set.validators, [](const auto& member) { return member.val_id == 2; });
  world_.write_set(set);
  const MsgVoteProducers vote{signer_of(2), 2, {{3}}};
  EXPECT_TRUE(handle(19, vote).ok());
  EXPECT_FALSE(handle(20, vote).ok());
}

TEST_F(BorMessages, TakeDowntimesOfAllowedLength) {
  const auto downtime = [](std::uint64_t start, std::uint64_t end) {
    return MsgSetProducerDowntime{signer_of(1), {start, end}, 0};
  };
  EXPECT_FALSE(handle(9, downtime(1000, 2000)).ok());
  EXPECT_TRUE(handle(10, downtime(1000, 2000)).ok());
  EXPECT_FALSE(handle(10, downtime(1000, 1000)).ok());
  EXPECT_FALSE(handle(10, downtime(1000, 1149)).ok());
  EXPECT_TRUE(handle(10, downtime(1000, 1150)).ok());
  EXPECT_TRUE(handle(10, downtime(1000, 1000 + 89'600)).ok());
  EXPECT_FALSE(handle(10, downtime(1000, 1000 + 89'601)).ok());
}

TEST_F(BorMessages, TakeDowntimesOfProducersOnly) {
  EXPECT_TRUE(handle(10, MsgSetProducerDowntime{signer_of(3), {1000, 2000}, 0}).ok());
  EXPECT_FALSE(handle(10, MsgSetProducerDowntime{signer_of(4), {1000, 2000}, 0}).ok());
  EXPECT_FALSE(handle(10, MsgSetProducerDowntime{signer_of(9), {1000, 2000}, 0}).ok());
  // Who leaves with the next span is none.
  stake::Validator leaving = validator_of(3, 100);
  leaving.end_epoch = 5;
  world_.put_record(leaving);
  EXPECT_FALSE(handle(10, MsgSetProducerDowntime{signer_of(3), {1000, 2000}, 0}).ok());
}

TEST_F(BorMessages, TakeTargetsFromZurich) {
  const auto target = [](std::uint64_t id) {
    return MsgSetProducerDowntime{signer_of(1), {1000, 2000}, id};
  };
  EXPECT_FALSE(handle(19, target(2)).ok());
  EXPECT_TRUE(handle(20, target(2)).ok());
  EXPECT_FALSE(handle(20, target(1)).ok());
  EXPECT_FALSE(handle(20, target(4)).ok());
  world_.set_fork(kZurich, std::nullopt);
  EXPECT_TRUE(handle(19, target(2)).ok());
}

TEST_F(BorMessages, MakeASpanForADowntimeInsideOne) {
  const MsgSetProducerDowntime message{signer_of(1), {1000, 2000}, 0};
  ASSERT_TRUE(Keeper().reset_status(world_.at(19), {1, 2, 3}).ok());
  ASSERT_TRUE(apply(world_.at(19), message).ok());
  EXPECT_EQ(last_span().id, 1U);
  EXPECT_EQ(last_span().start_block, 1000U);
  EXPECT_EQ(last_span().end_block, 1100U);
  EXPECT_EQ(last_span().selected_producers[0].val_id, 2U);
  EXPECT_EQ(Keeper().downtime_of(world_.at(19), 1).value(), (BlockRange{1000, 2000}));
  // From Zurich on the span has its usual length.
  ASSERT_TRUE(apply(world_.at(20), MsgSetProducerDowntime{signer_of(1), {1050, 1900}, 3}).ok());
  EXPECT_EQ(last_span().end_block, 1149U);
  EXPECT_EQ(last_span().selected_producers[0].val_id, 3U);
}

TEST_F(BorMessages, MakeNoSpanForADowntimeBehindAll) {
  ASSERT_TRUE(
      apply(world_.at(10), MsgSetProducerDowntime{signer_of(1), {100'000, 101'000}, 0}).ok());
  EXPECT_EQ(last_span().id, 0U);
  EXPECT_TRUE(Keeper().downtime_of(world_.at(10), 1).value());
}

TEST_F(BorMessages, LeaveOneProducerUp) {
  const Keeper keeper;
  const MsgSetProducerDowntime message{signer_of(1), {1000, 2000}, 0};
  ASSERT_TRUE(keeper.set_downtime(world_.at(10), 2, {2000, 3000}).ok());
  ASSERT_TRUE(keeper.set_downtime(world_.at(10), 3, {500, 999}).ok());
  EXPECT_TRUE(apply(world_.at(10), message).ok());
  ASSERT_TRUE(keeper.set_downtime(world_.at(10), 3, {500, 1000}).ok());
  EXPECT_FALSE(apply(world_.at(10), message).ok());
  for (std::uint64_t id = 1; id <= 4; ++id) world_.vote(id, {1});
  EXPECT_FALSE(apply(world_.at(10), message).ok());
  world_.vote(1, {2});
  world_.vote(2, {2});
  world_.vote(3, {2});
  EXPECT_FALSE(apply(world_.at(10), message).ok());
}

TEST_F(BorMessages, IgnoreARepeatedDowntimeFromKyoto) {
  const MsgSetProducerDowntime message{signer_of(1), {1000, 2000}, 0};
  ASSERT_TRUE(apply(world_.at(28), message).ok());
  EXPECT_EQ(last_span().id, 1U);
  ASSERT_TRUE(apply(world_.at(29), message).ok());
  EXPECT_EQ(last_span().id, 2U);
  ASSERT_TRUE(apply(world_.at(30), message).ok());
  EXPECT_EQ(last_span().id, 2U);
  ASSERT_TRUE(apply(world_.at(30), MsgSetProducerDowntime{signer_of(1), {1000, 2001}, 0}).ok());
  EXPECT_EQ(last_span().id, 3U);
}

TEST_F(BorMessages, VoteOnDowntimesByTheHeadOfBor) {
  const auto vote_on = [&](std::uint64_t id, const BlockRange& range, std::uint64_t target = 0,
                           std::int64_t height = 20) {
    return vote(world_.at(height), MsgSetProducerDowntime{signer_of(id), range, target}, bor_);
  };
  const BlockRange good{150, 300};
  EXPECT_EQ(vote_on(1, good), SideVote::kNo);
  bor_.extend(address_of(1));
  EXPECT_EQ(vote_on(1, good), SideVote::kYes);
  EXPECT_EQ(vote_on(2, good), SideVote::kNo);
  EXPECT_EQ(vote_on(1, {149, 300}), SideVote::kNo);
  EXPECT_EQ(vote_on(1, {151, 300}), SideVote::kNo);
  EXPECT_EQ(vote_on(1, {99'000, 640'000}), SideVote::kYes);
  EXPECT_EQ(vote_on(1, {99'000, 640'001}), SideVote::kNo);
  EXPECT_EQ(vote_on(1, {100'000, 100'200}), SideVote::kNo);
  EXPECT_EQ(vote_on(1, good, 2), SideVote::kYes);
  EXPECT_EQ(vote_on(1, good, 1), SideVote::kNo);
  EXPECT_EQ(vote_on(1, good, 4), SideVote::kNo);
  EXPECT_EQ(vote_on(1, good, 9), SideVote::kNo);
  EXPECT_EQ(vote_on(1, good, 2, 19), SideVote::kNo);
}

TEST_F(BorMessages, BackfillSpansThatBorCounted) {
  world_.add_span(5, {100, 199}, 1);
  world_.add_milestone(0, 420, hash_of(1));
  const MsgBackfillSpans good{signer_of(1), "15001", 5, 8};
  EXPECT_TRUE(handle(1, good).ok());
  for (const MsgBackfillSpans& bad : {MsgBackfillSpans{signer_of(1), "15002", 5, 8},
                                      MsgBackfillSpans{signer_of(1), "15001", 3, 8},
                                      MsgBackfillSpans{signer_of(1), "15001", 5, 5},
                                      MsgBackfillSpans{signer_of(1), "15001", 5, 7},
                                      MsgBackfillSpans{signer_of(1), "15001", 4, 7}}) {
    EXPECT_TRUE(handle(1, bad).error().is(runtime::kUndefinedCodespace, 1));
  }
  const auto decoded = registry_.decode(codec::pack(good)).value();
  EXPECT_EQ(decoded->type().side_handle(world_.at(1), *decoded), SideVote::kNo);
  // Rio's block number is compared with the span's id.
  ASSERT_TRUE(apply(world_.at(1), good).ok());
  EXPECT_EQ(last_span().id, 5U);
  world_.set_fork(kRio, 1000);
  ASSERT_TRUE(apply(world_.at(1), good).ok());
  EXPECT_EQ(last_span().id, 8U);
  EXPECT_EQ(last_span().start_block, 400U);
  EXPECT_EQ(last_span().end_block, 499U);
  ASSERT_FALSE(world_.events.empty());
  EXPECT_EQ(world_.events.back().attributes.front().second, "backfill-spans");
  // A second time the spans are known.
  EXPECT_FALSE(apply(world_.at(1), good).ok());
}

TEST_F(BorMessages, BackfillNeedsAMilestone) {
  world_.add_span(5, {100, 199}, 1);
  EXPECT_TRUE(handle(1, MsgBackfillSpans{signer_of(1), "15001", 5, 8}).error().is("milestone", 3));
}

TEST(CountedSpans, HaveTheLengthOfTheLast) {
  const Span last{.id = 5, .start_block = 100, .end_block = 199};
  struct Case {
    std::uint64_t block;
    std::optional<std::uint64_t> id;
  };
  for (const Case& one :
       {Case{99, {}}, Case{100, 5}, Case{199, 5}, Case{200, 6}, Case{299, 6}, Case{300, 7}}) {
    const auto id = counted_span_id(one.block, last);
    EXPECT_EQ(id.ok(), one.id.has_value()) << one.block;
    if (id.ok()) {
      EXPECT_EQ(*id, *one.id) << one.block;
    }
  }
  EXPECT_FALSE(counted_span_id(1, {.start_block = 2, .end_block = 1}).ok());
  EXPECT_FALSE(counted_span_id(200, {.id = UINT64_MAX, .start_block = 1, .end_block = 2}).ok());
}

/// Spans of 100 blocks before Rio; producers sealed the blocks of span 0.
class SpanProposal : public ::testing::Test {
 protected:
  void SetUp() override {
    register_messages(registry_, bor_);
    world_.add_span(0, {0, 99}, 1);
    for (std::uint64_t i = 0; i < 40; ++i) bor_.extend(address_of(i / 16 + 1));
    const Hash256& hash = bor_.known.at(1).block.hash;
    proposal_.seed.assign(hash.bytes.begin(), hash.bytes.end());
  }
  SideVote vote_on(const MsgProposeSpan& message) { return vote(world_.at(1), message, bor_); }
  runtime::Outcome<codec::Any> handle(const MsgProposeSpan& message) {
    const auto decoded = registry_.decode(codec::pack(message)).value();
    return decoded->type().handle(world_.at(1), *decoded);
  }

  World world_{{100, 100, 100}};
  protocol::ScriptedBorChain bor_;
  runtime::MessageRegistry registry_;
  MsgProposeSpan proposal_{.span_id = 1,
                           .proposer = signer_of(1),
                           .start_block = 100,
                           .end_block = 199,
                           .chain_id = "15001",
                           .seed_author = signer_of(1)};
};

TEST_F(SpanProposal, MustFollowTheLastSpan) {
  EXPECT_TRUE(handle(proposal_).ok());
  for (int field = 0; field < 5; ++field) {
    MsgProposeSpan bad = proposal_;
    if (field == 0) ++bad.span_id;
    if (field == 1) ++bad.start_block;
    if (field == 2) bad.end_block = bad.start_block;
    if (field == 3) bad.chain_id = "1";
    if (field == 4) bad.seed.pop_back();
    const auto refused = handle(bad);
    ASSERT_FALSE(refused.ok()) << field;
    EXPECT_TRUE(refused.error().is(runtime::kUndefinedCodespace, 1)) << field;
    EXPECT_EQ(vote_on(bad), SideVote::kNo) << field;
  }
}

TEST_F(SpanProposal, IsVotedOnByBor) {
  EXPECT_EQ(vote_on(proposal_), SideVote::kYes);
  ASSERT_TRUE(Keeper().set_params(world_.at(1), {16, 200, 4}).ok());
  world_.add_span(0, {0, 199}, 1);
  proposal_.start_block = 200;
  proposal_.end_block = 399;
  EXPECT_EQ(vote_on(proposal_), SideVote::kYes);
  MsgProposeSpan other = proposal_;
  other.seed[5] ^= 1;
  EXPECT_EQ(vote_on(other), SideVote::kNo);
  other = proposal_;
  other.seed_author = signer_of(2);
  EXPECT_EQ(vote_on(other), SideVote::kNo);
  other = proposal_;
  ++other.end_block;
  EXPECT_EQ(vote_on(other), SideVote::kNo);
  world_.set_fork(kRio, 200);
  EXPECT_EQ(vote_on(proposal_), SideVote::kNo);
  world_.set_fork(kRio, 201);
  EXPECT_EQ(vote_on(proposal_), SideVote::kYes);
  bor_.is_down = true;
  EXPECT_EQ(vote_on(proposal_), SideVote::kNo);
  bor_.is_down = false;
  // Within 100 blocks of the span's end nothing is decided.
  while (bor_.known.size() < 99) bor_.extend(address_of(1));
  EXPECT_EQ(vote_on(proposal_), SideVote::kYes);
  while (bor_.known.size() < 101) bor_.extend(address_of(1));
  EXPECT_EQ(vote_on(proposal_), SideVote::kNo);
}

TEST_F(SpanProposal, BecomesASpanOnce) {
  ASSERT_TRUE(apply(world_.at(1), proposal_).ok());
  const Span span = Keeper().last_span(world_.at(1)).value();
  EXPECT_EQ(span.id, 1U);
  // Three validators for four places: all of them, with their power.
  ASSERT_EQ(span.selected_producers.size(), 3U);
  EXPECT_EQ(span.selected_producers[0].voting_power, 100);
  EXPECT_EQ(Keeper().seed_author(world_.at(1), 1).value(), address_of(1));
  EXPECT_FALSE(apply(world_.at(1), proposal_).ok());
}

TEST_F(SpanProposal, DoesNothingFromRioOn) {
  world_.set_fork(kRio, 100);
  ASSERT_TRUE(apply(world_.at(1), proposal_).ok());
  EXPECT_EQ(Keeper().last_span(world_.at(1))->id, 0U);
}

}  // namespace
}  // namespace buri::consensus::modules::bor
