#include "node/bridge/checkpoint.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::bridge {
namespace {

std::vector<CheckpointHeader> headers(std::uint64_t first, std::size_t count) {
  std::vector<CheckpointHeader> list(count);
  for (std::size_t i = 0; i < count; ++i) list[i].number = first + i;
  return list;
}

// spec/rootchain.md 3: block 1000 of the golden vectors.
TEST(Checkpoint, OneHeaderIsItsOwnRoot) {
  const Hash256 empty_trie =
      fixed_from_hex<32>("56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421")
          .value();
  const CheckpointHeader header{1000, 1700000000, empty_trie, empty_trie};
  EXPECT_EQ(to_hex(checkpoint_root(buri::testing::engine(), {&header, 1}).value()),
            "9a5684746b352b66535744d28bfd50bf248490c81795df0b47d7964ba26ff09d");
}

TEST(Checkpoint, RefusesAGapAndNamesIt) {
  auto list = headers(7, 4);
  list[2].number = 10;
  const auto root = checkpoint_root(buri::testing::engine(), list);
  ASSERT_FALSE(root.ok());
  EXPECT_EQ(root.error().index, 2u);
  EXPECT_EQ(root.error().expected_number, 9u);
  EXPECT_EQ(root.error().found_number, 10u);
}

TEST(Checkpoint, EveryFieldOfEveryHeaderMatters) {
  const auto base = headers(1, 3);
  const Hash256 root = checkpoint_root(buri::testing::engine(), base).value();
  for (std::size_t i = 0; i < base.size(); ++i) {
    for (int field = 0; field < 3; ++field) {
      auto changed = base;
      if (field == 0) ++changed[i].time;
      if (field == 1) changed[i].transactions_root.bytes[31] ^= 1;
      if (field == 2) changed[i].receipts_root.bytes[0] ^= 1;
      EXPECT_NE(checkpoint_root(buri::testing::engine(), changed).value(), root);
    }
  }
}

}  // namespace
}  // namespace buri::bridge
