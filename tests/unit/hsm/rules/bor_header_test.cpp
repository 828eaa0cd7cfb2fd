#include "hsm/rules/bor_header.hpp"

#include <gtest/gtest.h>

#include "base/codec/rlp.hpp"
#include "hsm/rules/bor_branch.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/golden.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

namespace buri::hsm::rules {
namespace {

using testing::bor_header;
using testing::hash_of;
using testing::outcome;
using testing::World;

/// A header of another producer: its RLP.
Bytes foreign_header(std::uint64_t number, const Hash256& parent) {
  return wire::bor_header_rlp(bor_header(number, parent).header, FixedBytes<65>{{7}});
}

/// `count` foreign headers from `number` on, the first on `parent`.
std::vector<Bytes> foreign_branch(std::uint64_t number, Hash256 parent, std::size_t count) {
  std::vector<Bytes> branch;
  for (std::size_t i = 0; i < count; ++i) {
    branch.push_back(foreign_header(number + i, parent));
    parent = keccak256(branch.back());
  }
  return branch;
}

/// A request at `number` on the end of `branch`.
wire::SignBorHeader on_branch(std::vector<Bytes> branch, std::uint64_t number) {
  wire::SignBorHeader request = bor_header(number, keccak256(branch.back()));
  request.branch = std::move(branch);
  return request;
}

/// A world whose milestone is block 1000 and which sealed 1001 to 1010 upon it.
struct Producing : World {
  Producing() {
    CHECK(sign(wire::ReportMilestone{1000, hash_of(1000)}).ok(), "the milestone is taken");
    parent = hash_of(1000);
    for (std::uint64_t number = 1001; number <= 1010; ++number) {
      const wire::SignBorHeader request = bor_header(number, parent);
      CHECK(sign(request).ok(), "the chain is sealed");
      parents.push_back(parent);
      parent = *last_block_hash(ledgers.bor);
    }
  }

  std::vector<Hash256> parents;  ///< of 1001, 1002, ...
  Hash256 parent;                ///< hash of 1010
};

TEST(T45BorHeader, TheNextNumberOnOurBlockIsSealedAndReplayed) {
  Producing world;
  const wire::SignBorHeader request = bor_header(1011, world.parent);
  EXPECT_EQ(outcome(world.sign(request)), "granted");
  EXPECT_EQ(outcome(world.sign(request)), "replayed");
  EXPECT_EQ(world.ledgers.bor.number, 1011u);
}

TEST(T45BorHeader, OtherContentOnTheSameParentIsEquivocation) {
  Producing world;
  for (const std::uint64_t number : {1010u, 1005u}) {
    wire::SignBorHeader request = bor_header(number, world.parents[number - 1001]);
    request.header.time += 1;
    EXPECT_EQ(outcome(world.sign(request)), "bor_equivocation") << number;
    request.earlier_not_broadcast = true;
    EXPECT_EQ(outcome(world.sign(request)), "bor_equivocation") << number;
  }
}

// Stock Bor seals before its slot and forgets cancelled seals on a restart.
TEST(T45BorHeader, CancelledSealsAreSupersededTwiceInThatTier) {
  Producing world;
  world.policy.bor_header.tier = BorTier::kSupersedeUnpublished;
  wire::SignBorHeader request = bor_header(1010, world.parents.back());
  request.header.time += 1;
  EXPECT_EQ(outcome(world.sign(request)), "bor_equivocation");
  request.earlier_not_broadcast = true;
  for (int i = 0; i < 2; ++i) {
    request.header.time += 1;
    const Decision decision = world.sign(request);
    ASSERT_EQ(outcome(decision), "granted");
    EXPECT_EQ(decision->alarms, std::vector{Alarm::kSupersededHeader});
  }
  request.header.time += 1;
  EXPECT_EQ(outcome(world.sign(request)), "bor_equivocation");
  request = bor_header(1009, world.parents[8]);
  request.header.time += 1;
  request.earlier_not_broadcast = true;
  EXPECT_EQ(outcome(world.sign(request)), "bor_equivocation");
}

TEST(T45BorHeader, AnotherBranchNeedsEvidenceBackToTheMilestone) {
  Producing world;
  const auto branch = foreign_branch(1001, hash_of(1000), 5);
  EXPECT_EQ(outcome(world.ask(bor_header(1006, keccak256(branch.back())))), "fork_evidence");
  const Decision decision = world.sign(on_branch(branch, 1006));
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_EQ(decision->alarms, std::vector{Alarm::kReorg});
  EXPECT_EQ(world.ledgers.bor.number, 1010u);
}

TEST(T45BorHeader, ABranchMayLeaveOursAboveTheMilestone) {
  Producing world;
  // 1005 of ours has parent hash parents[4]: block 1004.
  EXPECT_EQ(outcome(world.ask(on_branch(foreign_branch(1005, world.parents[4], 2), 1007))),
            "granted");
  // Directly on the milestone and on a block of ours.
  wire::SignBorHeader sibling = bor_header(1007, world.parents[5]);
  EXPECT_EQ(outcome(world.ask(sibling)), "fork_evidence") << "1007 on 1005 is no chain";
}

TEST(T45BorHeader, BrokenEvidenceIsNone) {
  const Producing world;
  auto branch = foreign_branch(1001, hash_of(999), 5);
  EXPECT_EQ(outcome(world.ask(on_branch(branch, 1006))), "fork_evidence") << "another root";
  branch = foreign_branch(1001, hash_of(1000), 5);
  auto gap = branch;
  gap.erase(gap.begin() + 2);
  EXPECT_EQ(outcome(world.ask(on_branch(gap, 1006))), "fork_evidence") << "a gap";
  EXPECT_EQ(outcome(world.ask(on_branch(branch, 1007))), "fork_evidence") << "number skipped";
  auto garbage = branch;
  garbage[0] = Bytes(100, 0xc0);
  EXPECT_EQ(outcome(world.ask(on_branch(garbage, 1006))), "fork_evidence") << "no header";
  auto below = foreign_branch(1000, hash_of(999), 6);
  EXPECT_EQ(outcome(world.ask(on_branch(below, 1006))), "fork_evidence") << "below the milestone";
}

TEST(T45BorHeader, WithoutAMilestoneThereIsNoEvidence) {
  World world;
  ASSERT_EQ(outcome(world.sign(bor_header(1001, hash_of(1)))), "granted");
  EXPECT_EQ(outcome(world.sign(on_branch(foreign_branch(1001, hash_of(1), 1), 1002))),
            "fork_evidence");
}

TEST(T45BorHeader, NothingIsSealedAtOrBelowTheMilestone) {
  Producing world;
  ASSERT_TRUE(world.sign(wire::ReportMilestone{1008, hash_of(8)}).ok());
  EXPECT_EQ(outcome(world.ask(on_branch(foreign_branch(1001, hash_of(1000), 7), 1008))),
            "milestone");
  // The same bytes once more contradict nothing.
  EXPECT_EQ(outcome(world.ask(bor_header(1008, world.parents[7]))), "granted");
  EXPECT_FALSE(world.ask(bor_header(1008, world.parents[7]))->record);
  EXPECT_EQ(outcome(world.ask(on_branch(foreign_branch(1005, world.parents[4], 4), 1009))),
            "fork_evidence");
}

TEST(T45BorHeader, MilestonesOnlyGrowAndNeverContradict) {
  Producing world;
  EXPECT_EQ(outcome(world.sign(wire::ReportMilestone{999, hash_of(1)})), "milestone");
  EXPECT_EQ(outcome(world.sign(wire::ReportMilestone{1000, hash_of(1)})), "milestone");
  EXPECT_TRUE(world.sign(wire::ReportMilestone{1000, hash_of(1000)}).ok());
  EXPECT_EQ(outcome(world.sign(wire::ReportMilestone{~0ULL, hash_of(1)})), "milestone");
}

TEST(T45BorHeader, ReorganisationsAreCountedAndBounded) {
  Producing world;
  world.policy.bor_header.max_seconds_behind = 10'000;
  for (std::uint64_t i = 0; i < 5; ++i) {
    auto request = on_branch(foreign_branch(1001, hash_of(1000), 1 + i), 1002 + i);
    EXPECT_EQ(outcome(world.sign(request)), "granted");
    ++world.now;
  }
  const auto sixth = on_branch(foreign_branch(1001, hash_of(1000), 7), 1008);
  EXPECT_EQ(outcome(world.sign(sixth)), "reorg_limit");
  world.now += 600;
  EXPECT_EQ(outcome(world.sign(sixth)), "granted");
  world.policy.bor_header.max_reorg_depth = 3;
  EXPECT_EQ(outcome(world.sign(on_branch(foreign_branch(1001, hash_of(1000), 6), 1007))),
            "reorg_limit");
}

TEST(T45BorHeader, AJumpAheadNeedsNoParentOfOurs) {
  Producing world;
  EXPECT_EQ(outcome(world.ask(bor_header(1012, hash_of(5)))), "granted");
  EXPECT_EQ(outcome(world.ask(bor_header(1011, hash_of(5)))), "fork_evidence");
}

TEST(T45BorHeader, WhatTheRingForgotIsUnknown) {
  World world;
  world.policy.bor_header.max_per_minute = 1'000'000;
  ASSERT_TRUE(world.sign(wire::ReportMilestone{1000, hash_of(1000)}).ok());
  EXPECT_EQ(outcome(world.ask(bor_header(999, hash_of(1)))), "milestone");
  for (std::uint64_t i = 0; i < kMaxSeals + 3; ++i) {
    ASSERT_EQ(outcome(world.sign(bor_header(2000 + 2 * i, hash_of(i)))), "granted");
  }
  EXPECT_EQ(world.ledgers.bor.seals.size(), kMaxSeals);
  EXPECT_EQ(outcome(world.ask(bor_header(2004, hash_of(99)))), "unknown_header");
  EXPECT_LE(encode_record(world.ledgers.bor).size(), kMaxRecordBytes);
}

TEST(T44Poisoning, ABlockNumberFarAboveIsRefused) {
  const World world;
  EXPECT_EQ(outcome(world.ask(bor_header(999 + 10'000'001, hash_of(1)))), "number_jump");
  EXPECT_EQ(outcome(world.ask(bor_header(~0ULL, hash_of(1)))), "number_jump");
}

TEST(BorHeaderRule, HeadersOutsideTheBandsAreRefused) {
  const World world;
  const auto changed = [&](auto change) {
    wire::SignBorHeader request = bor_header(1001, hash_of(1));
    change(request.header);
    return outcome(world.ask(request));
  };
  EXPECT_EQ(changed([](auto&) {}), "granted");
  EXPECT_EQ(changed([](auto& h) { h.difficulty = 0; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.difficulty = 129; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.gas_used = h.gas_limit + 1; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.gas_limit = 4'999; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.gas_limit = 200'000'001; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.time += 61; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.time -= 601; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.base_fee.reset(); }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.base_fee_is_sealed = false; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.extra.shape = wire::BorExtraShape::kCancun; }), "header_form");
  EXPECT_EQ(changed([](auto& h) { h.extra.transaction_dependencies.resize(1); }), "header_form");
  wire::SignBorHeader request = bor_header(1001, hash_of(1));
  request.chain_id = 1;
  EXPECT_EQ(outcome(world.ask(request)), "chain");
}

TEST(BorHeaderRule, ErasFollowTheForkBlocks) {
  World world;
  world.policy.bor_header.london_block = 1002;
  world.policy.bor_header.jaipur_block = 1003;
  world.policy.bor_header.cancun_block = 1004;
  world.policy.bor_header.giugliano_block = 1005;
  world.policy.bor_header.austin_block = 1006;
  using wire::BorExtraShape;
  const std::pair<BorExtraShape, int> eras[] = {
      {BorExtraShape::kValidatorBytes, 0}, {BorExtraShape::kValidatorBytes, 1},
      {BorExtraShape::kValidatorBytes, 2}, {BorExtraShape::kCancun, 2},
      {BorExtraShape::kGiugliano, 2},      {BorExtraShape::kAustin, 2}};
  for (std::uint64_t i = 0; i < std::size(eras); ++i) {
    wire::SignBorHeader request = bor_header(1001 + i, hash_of(1));
    const auto [shape, base_fee] = eras[i];
    request.header.extra.shape = shape;
    if (shape < BorExtraShape::kGiugliano) {
      request.header.extra.gas_target = 0;
      request.header.extra.base_fee_change_denominator = 0;
    }
    if (base_fee == 0) request.header.base_fee.reset();
    request.header.base_fee_is_sealed = base_fee == 2;
    EXPECT_EQ(outcome(world.ask(request)), "granted") << 1001 + i;
  }
}

TEST(BorHeaderRule, StockVanityPasses) {
  for (const JsonValue& line : buri::testing::golden_lines("bor-headers.jsonl")) {
    const Bytes rlp = buri::testing::hex_of(line, "rlp");
    RlpReader items = decode_rlp_list(rlp).value();
    for (int i = 0; i < 12; ++i) ASSERT_TRUE(items.next().ok());
    const ByteView extra = items.next_bytes().value();
    EXPECT_TRUE(is_plain_vanity(FixedBytes<32>::from(extra.first(32))));
  }
}

}  // namespace
}  // namespace buri::hsm::rules
