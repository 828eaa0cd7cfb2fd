#include "node/consensus/app/extension_rules.hpp"

#include <gtest/gtest.h>

/// The table of spec/heimdall.md 4.2 and the compact form, either side of its fork.

namespace buri::consensus::app {
namespace {

constexpr std::int64_t kForkHeight = 500;

protocol::HeimdallForks compact_forks() {
  return protocol::HeimdallForks().set(protocol::HeimdallFork::kCompactVoteExtension, kForkHeight);
}

TEST(ExtensionRules, GiveTheDummyOfEachForm) {
  const Bytes legacy = dummy_extension(compact_forks(), "chain", kForkHeight - 1);
  EXPECT_EQ(legacy.size(), 31 + 1 + 8 + 1 + 5U);
  EXPECT_EQ(as_text(ByteView(legacy).first(31)), kDummyBanner);
  EXPECT_EQ(legacy[31], '|');
  EXPECT_EQ(legacy[40], '|');
  const Bytes compact = dummy_extension(compact_forks(), "chain", kForkHeight);
  EXPECT_EQ(compact, (Bytes{0, 0, 0, 0, 0, 0, 0, 0x01, 0xf4, 'c', 'h', 'a', 'i', 'n'}));
  EXPECT_EQ(min_non_rp_bytes(compact_forks(), kForkHeight - 1), 31U);
  EXPECT_EQ(min_non_rp_bytes(compact_forks(), kForkHeight), 9U);
}

TEST(ExtensionRules, DemandTheFormOfTheExtensionsHeight) {
  const auto accepts = [](const VoteExtension& extension, std::int64_t height) {
    return check_extension_form(extension, compact_forks(), height).ok();
  };
  EXPECT_TRUE(accepts({.block_hash = Bytes(32, 1), .height = 499}, 499));
  EXPECT_FALSE(accepts({.block_hash = Bytes(32, 1), .height = 498}, 499));
  EXPECT_FALSE(accepts({.block_hash = Bytes(8, 1), .height = 0}, 499));
  EXPECT_TRUE(accepts({.block_hash = Bytes(8, 1), .height = 0}, 500));
  EXPECT_FALSE(accepts({.block_hash = Bytes(8, 1), .height = 500}, 500));
  EXPECT_FALSE(accepts({.block_hash = Bytes(32, 1), .height = 0}, 500));
  EXPECT_FALSE(accepts({.block_hash = Bytes(7, 1), .height = 0}, 500));
}

TEST(ExtensionRules, ShortenTheHashInTheCompactForm) {
  const Bytes hash(32, 9);
  EXPECT_EQ(extension_block_hash(compact_forks(), 499, hash), hash);
  EXPECT_EQ(extension_block_hash(compact_forks(), 500, hash), Bytes(8, 9));
}

TEST(ExtensionRules, ShareABlockAmongValidators) {
  EXPECT_EQ(max_extension_bytes(2'097'152, 104), 9'582U);
  EXPECT_EQ(max_extension_bytes(2'097'152, 4), 10'240U);
  EXPECT_EQ(max_extension_bytes(100'000, 104), 31U);
}

TEST(ExtensionRules, KnowAPlaceholderByItsEmptyCommit) {
  ExtendedVote vote{.validator = {Bytes(20, 1), 5}, .block_id_flag = kFlagCommit};
  EXPECT_TRUE(is_placeholder(vote));
  EXPECT_FALSE(counts(vote));
  vote.non_rp_signature = {1};
  EXPECT_TRUE(counts(vote));
  EXPECT_EQ(to_placeholder(vote).validator, vote.validator);
  EXPECT_TRUE(is_placeholder(to_placeholder(vote)));
  vote.block_id_flag = kFlagAbsent;
  EXPECT_FALSE(counts(vote));
}

TEST(ExtensionRules, NeedExtensionsToBeOn) {
  EXPECT_FALSE(check_extensions_enabled(0, 10).ok());
  EXPECT_FALSE(check_extensions_enabled(11, 10).ok());
  EXPECT_TRUE(check_extensions_enabled(10, 10).ok());
}

}  // namespace
}  // namespace buri::consensus::app
