#include "tests/support/consensus/synthetic_chain.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/replay/chain_run.hpp"
#include "tests/unit/node/golden.hpp"

/// A chain made here replays equal, and none of its signatures can be changed unnoticed.

namespace buri::consensus::replay {
namespace {

using buri::testing::SyntheticChain;

const SyntheticChain& chain() {
  static const SyntheticChain made = buri::testing::make_synthetic_chain(
      records::read_text(bundled_chain().genesis).value(), buri::testing::engine(),
      {.validators = 7, .heights = 70});
  return made;
}

ReplayReport replay_of(const SyntheticChain& changed, std::size_t window = 16) {
  MemoryHome home;
  ReplayOptions options;
  options.genesis = changed.genesis;
  options.forks = changed.forks;
  options.blocks = changed.source();
  options.window_heights = window;
  return replay(options, home.database(), home.multistore(), buri::testing::engine(), {}).value();
}

/// The first difference's height and rule.
std::pair<std::int64_t, std::string> first_difference(const SyntheticChain& changed) {
  const ReplayReport report = replay_of(changed);
  if (report.is_equal()) return {0, "none"};
  return {report.differences.front().height, report.differences.front().rule};
}

TEST(SyntheticChain, ReplaysEqualWithWindowsOfAnySize) {
  for (const std::size_t window : {1U, 3U, 64U, 100U}) {
    const ReplayReport report = replay_of(chain(), window);
    EXPECT_TRUE(report.is_equal()) << report.differences.front().rule;
    EXPECT_EQ(report.heights, 70U);
    // Three signatures of each validator and height, each checked once.
    EXPECT_EQ(report.signatures, 70U * 7 * 3);
  }
}

TEST(SyntheticChain, AddsMilestones) {
  MemoryHome home;
  ReplayOptions options;
  options.genesis = chain().genesis;
  options.forks = chain().forks;
  options.blocks = chain().source();
  const auto report =
      replay(options, home.database(), home.multistore(), buri::testing::engine(), {});
  ASSERT_TRUE(report.ok() && report->is_equal());
  const auto view = home.multistore().view(70);
  auto milestones = view->store(static_cast<std::size_t>(runtime::StoreId::kMilestone))
                        .iterate(store::KeyRange{{}, {}}, store::Direction::kAscending)
                        .value();
  std::size_t keys = 0;
  for (; milestones->valid(); ++keys) ASSERT_TRUE(milestones->next().ok());
  EXPECT_GT(keys, 60U);
}

TEST(SyntheticChain, ABadSeenVoteIsNoticed) {
  SyntheticChain changed = chain();
  auto commit = engine::decode_commit(changed.records[40].seen_commit).value();
  commit.signatures[3].signature[10] ^= 1;
  changed.records[40].seen_commit = engine::encode_commit(commit);
  EXPECT_EQ(first_difference(changed),
            std::pair(std::int64_t{41}, std::string("seen commit signature, entry 3")));
}

TEST(SyntheticChain, ABadExtensionSignatureIsNoticed) {
  for (const bool is_non_rp : {false, true}) {
    SyntheticChain changed = chain();
    auto commit = engine::decode_extended_commit(changed.records[20].extended_commit).value();
    auto& entry = commit.signatures[5];
    (is_non_rp ? entry.non_rp_signature : entry.extension_signature)[40] ^= 4;
    changed.records[20].extended_commit = engine::encode_extended_commit(commit);
    EXPECT_EQ(first_difference(changed),
              std::pair(std::int64_t{21}, std::string("extended commit entry 5")));
  }
}

/// A block that carries another vote or extension than its predecessor was seen with is another
/// block, so that its hash differs first; the signature is noticed beside it.
TEST(SyntheticChain, ABadSignatureInsideABlockIsNoticed) {
  const auto rules_of = [](const SyntheticChain& changed) {
    std::string rules;
    for (const Difference& difference : replay_of(changed).differences) {
      rules += difference.rule + "; ";
    }
    return rules;
  };
  SyntheticChain changed = chain();
  auto block = engine::decode_block(changed.records[30].block).value();
  block.last_commit.signatures[2].signature[33] ^= 1;
  changed.records[30].block = engine::encode_block(block);
  EXPECT_NE(rules_of(changed).find("last commit signature, entry 2"), std::string::npos);

  changed = chain();
  block = engine::decode_block(changed.records[30].block).value();
  auto carried = codec::decode<app::ExtendedCommit>(block.txs[0]).value();
  carried.votes[6].extension_signature[0] ^= 1;
  block.txs[0] = codec::encode(carried);
  changed.records[30].block = engine::encode_block(block);
  EXPECT_NE(rules_of(changed).find("carried vote extension"), std::string::npos);
}

TEST(SyntheticChain, ReplaysEqualWithoutTheCommitsBesideItsBlocks) {
  SyntheticChain changed = chain();
  for (records::BlockRecord& record : changed.records) {
    record.seen_commit.clear();
    record.extended_commit.clear();
  }
  const ReplayReport report = replay_of(changed);
  EXPECT_TRUE(report.is_equal()) << report.differences.front().rule;
  EXPECT_EQ(report.signatures, 69U * 7 * 2);
}

}  // namespace
}  // namespace buri::consensus::replay
