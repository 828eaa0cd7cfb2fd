#include "node/consensus/engine/part_set.hpp"

#include <gtest/gtest.h>

namespace buri::consensus::engine {
namespace {

Bytes block_of(std::size_t byte_count) {
  Bytes block(byte_count);
  for (std::size_t i = 0; i < byte_count; ++i)
    block[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
  return block;
}

class PartSetSizes : public ::testing::TestWithParam<std::size_t> {};

TEST_P(PartSetSizes, PartsOfABlockMakeTheBlockInAnyOrder) {
  const Bytes block = block_of(GetParam());
  const PartSet whole = PartSet::split(block);
  ASSERT_TRUE(whole.is_complete());
  EXPECT_EQ(whole.byte_count(), block.size());
  PartSet collected(whole.header());
  for (std::size_t i = whole.header().total; i > 0; --i) {
    EXPECT_EQ(collected.part(i - 1), nullptr);
    EXPECT_EQ(collected.add(*whole.part(i - 1)).value(), true);
    EXPECT_EQ(collected.add(*whole.part(i - 1)).value(), false);
  }
  ASSERT_TRUE(collected.is_complete());
  EXPECT_EQ(collected.assemble(), block);
}
INSTANTIATE_TEST_SUITE_P(Sizes, PartSetSizes,
                         ::testing::Values(1, kPartBytes - 1, kPartBytes, kPartBytes + 1,
                                           5 * kPartBytes + 17));

struct Slip {
  std::string_view name;
  void (*make)(Part& part);
  PartFault fault;
};

TEST(PartSet, RefusesPartsThatAreNotItsOwn) {
  const Bytes block = block_of(2 * kPartBytes + 5);
  const PartSet whole = PartSet::split(block);
  const std::vector<Slip> slips = {
      {"index behind the end", [](Part& part) { part.index = 3; }, PartFault::kIndex},
      {"index of another proof", [](Part& part) { part.index = 0; }, PartFault::kIndex},
      {"a byte", [](Part& part) { part.bytes[0] ^= 1; }, PartFault::kProof},
      {"too long", [](Part& part) { part.bytes.push_back(0); }, PartFault::kSize},
      {"short inner part", [](Part& part) { part.bytes.pop_back(); }, PartFault::kSize},
      {"another total", [](Part& part) { part.proof.total = 4; }, PartFault::kProof},
      {"an aunt", [](Part& part) { part.proof.aunts[0].bytes[5] ^= 1; }, PartFault::kProof},
      {"no aunts", [](Part& part) { part.proof.aunts.clear(); }, PartFault::kProof},
      {"too many aunts", [](Part& part) { part.proof.aunts.resize(101); }, PartFault::kProof},
      {"leaf hash", [](Part& part) { part.proof.leaf_hash.bytes[0] ^= 1; }, PartFault::kProof},
  };
  for (const Slip& slip : slips) {
    PartSet set(whole.header());
    Part part = *whole.part(1);
    slip.make(part);
    const auto added = set.add(part);
    ASSERT_FALSE(added.ok()) << slip.name;
    EXPECT_EQ(added.error(), slip.fault) << slip.name << ": " << describe(added.error());
    EXPECT_EQ(set.byte_count(), 0U);
    EXPECT_EQ(set.present().count(), 0U);
  }
}

}  // namespace
}  // namespace buri::consensus::engine
