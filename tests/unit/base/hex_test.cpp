#include "base/hex.hpp"

#include <gtest/gtest.h>

namespace buri {
namespace {

TEST(Hex, PrintsBothCases) {
  const Bytes bytes{0x00, 0x1f, 0xab};
  EXPECT_EQ(to_hex(bytes), "001fab");
  EXPECT_EQ(to_upper_hex(bytes), "001FAB");
}

TEST(Hex, ReadsEitherCaseWithOrWithoutPrefix) {
  const Bytes expected{0xde, 0xad};
  EXPECT_EQ(from_hex("dead"), expected);
  EXPECT_EQ(from_hex("0xDEad"), expected);
  EXPECT_EQ(from_hex(""), Bytes{});
}

TEST(Hex, RefusesOddLengthAndForeignCharacters) {
  EXPECT_EQ(from_hex("abc"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(from_hex("0x0x"), std::nullopt);
}

TEST(Hex, FixedRefusesOtherLengths) {
  EXPECT_TRUE(fixed_from_hex<2>("0102").has_value());
  EXPECT_FALSE(fixed_from_hex<2>("010203").has_value());
}

}  // namespace
}  // namespace buri
