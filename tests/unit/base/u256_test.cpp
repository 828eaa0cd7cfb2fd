#include "base/u256.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"

namespace buri {
namespace {

const std::string kMaxDecimal =
    "115792089237316195423570985008687907853269984665640564039457584007913129639935";

U256 decimal(std::string_view text) { return U256::from_decimal(text).value(); }

TEST(U256, DecimalTextsOfEveryLengthComeBack) {
  for (std::size_t size = 1; size <= 77; ++size) {
    for (const std::string& text : {"1" + std::string(size - 1, '0'), std::string(size, '9'),
                                    "10" + std::string(size, '0') + "1"}) {
      if (text.size() > 77) continue;
      EXPECT_EQ(decimal(text).to_decimal(), text);
    }
  }
}

TEST(U256, DecimalAndBigEndianAgree) {
  const std::string digits = "340282366920938463463374607431768211456";  // 2^128
  EXPECT_EQ(decimal(digits).to_decimal(), digits);
  EXPECT_EQ(to_hex(decimal(digits).to_minimal_big_endian()), "01" + std::string(32, '0'));
  EXPECT_EQ(U256::from_big_endian(decimal(digits).to_word()), decimal(digits));
}

TEST(U256, ZeroIsEmptyInMinimalForm) {
  EXPECT_TRUE(U256{}.to_minimal_big_endian().empty());
  EXPECT_EQ(U256{}.to_decimal(), "0");
  EXPECT_EQ(U256::from_big_endian({}), U256{});
}

TEST(U256, TakesTheLargestValueAndRefusesTheNext) {
  EXPECT_EQ(to_hex(decimal(kMaxDecimal).to_word()), std::string(64, 'f'));
  EXPECT_EQ(decimal(kMaxDecimal).to_decimal(), kMaxDecimal);
  EXPECT_EQ(U256::from_decimal(kMaxDecimal.substr(0, 77) + "6"), std::nullopt);
  EXPECT_EQ(U256::from_decimal(kMaxDecimal + "0"), std::nullopt);
  EXPECT_EQ(U256::from_big_endian(Bytes(33, 0)), std::nullopt);
}

TEST(U256, RefusesTextThatIsNoCanonicalDecimal) {
  for (const char* text : {"", "00", "01", "-1", "+1", " 1", "1 ", "1e3", "0x1"}) {
    EXPECT_EQ(U256::from_decimal(text), std::nullopt) << text;
  }
}

TEST(U256, NarrowsOnlyWhatFits) {
  EXPECT_EQ(decimal("18446744073709551615").to_uint64(), UINT64_MAX);
  EXPECT_EQ(decimal("18446744073709551616").to_uint64(), std::nullopt);
}

TEST(U256, OrdersByTheMostSignificantLimb) {
  EXPECT_LT(decimal("18446744073709551615"), decimal("18446744073709551616"));
  EXPECT_GT(decimal(kMaxDecimal), U256{});
  EXPECT_EQ(decimal("7") <=> U256::from_uint64(7), std::strong_ordering::equal);
}

}  // namespace
}  // namespace buri
