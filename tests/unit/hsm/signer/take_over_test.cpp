#include "hsm/signer/take_over.hpp"

#include <gtest/gtest.h>

namespace buri::hsm::signer {
namespace {

TEST(TakeOver, StartsTwoAboveTenQuietHeights) {
  EXPECT_EQ(take_over_height(100, 109).value(), 111);
  EXPECT_EQ(take_over_height(1, 500).value(), 502);
}

TEST(TakeOver, FewerQuietHeightsAreNotEnough) {
  EXPECT_FALSE(take_over_height(100, 108).ok());
  EXPECT_FALSE(take_over_height(109, 100).ok());
  EXPECT_FALSE(take_over_height(0, 100).ok());
}

}  // namespace
}  // namespace buri::hsm::signer
