#include "node/consensus/engine/bit_array.hpp"

#include <gtest/gtest.h>

namespace buri::consensus::engine {
namespace {

BitArray with(std::size_t size, std::initializer_list<std::size_t> set) {
  BitArray bits(size);
  for (const std::size_t index : set) bits.set(index);
  return bits;
}

TEST(BitArray, KnowsItsMembers) {
  const BitArray bits = with(70, {0, 3, 63, 64, 69});
  EXPECT_EQ(bits.count(), 5U);
  EXPECT_TRUE(bits.get(64));
  EXPECT_FALSE(bits.get(65));
  EXPECT_FALSE(bits.get(1000));
  EXPECT_EQ(bits.nth_set(0), 0U);
  EXPECT_EQ(bits.nth_set(2), 63U);
  EXPECT_EQ(bits.nth_set(4), 69U);
  EXPECT_EQ(bits.nth_set(5), std::nullopt);
  EXPECT_FALSE(bits.is_full());
  EXPECT_TRUE(with(2, {0, 1}).is_full());
}

TEST(BitArray, IsReadOnlyWithTheRightNumberOfWords) {
  EXPECT_EQ(BitArray::from_words(70, {0}), std::nullopt);
  EXPECT_EQ(BitArray::from_words(64, {0, 0}), std::nullopt);
  EXPECT_EQ(BitArray::from_words(INT64_MAX, {0}), std::nullopt);
  EXPECT_EQ(BitArray::from_words(0, {}), BitArray());
  EXPECT_EQ(BitArray::from_words(3, {0xfd}), with(3, {0, 2})) << "bits behind the end are dropped";
}

TEST(BitArray, CombinesArraysOfDifferentLength) {
  const BitArray longer = with(100, {1, 2, 80});
  const BitArray shorter = with(10, {2, 9});
  EXPECT_EQ(longer.minus(shorter), with(100, {1, 80}));
  EXPECT_EQ(shorter.minus(longer), with(10, {9}));
  EXPECT_EQ(longer.intersect(shorter), with(10, {2}));
  EXPECT_EQ(longer.unite(shorter), with(100, {1, 2, 9, 80}));
  EXPECT_EQ(shorter.unite(longer), longer.unite(shorter));
  EXPECT_EQ(with(70, {69}).intersect(with(65, {64})), BitArray(65));
}

}  // namespace
}  // namespace buri::consensus::engine
