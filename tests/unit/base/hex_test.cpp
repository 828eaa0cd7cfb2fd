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

TEST(Hex, LongTextsReadAsTheirPartsDo) {
  Bytes bytes;
  for (unsigned i = 0; i < 256; ++i) bytes.push_back(static_cast<std::uint8_t>(i * 167));
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const ByteView part(bytes.data(), size);
    EXPECT_EQ(from_hex(to_hex(part)), Bytes(part.begin(), part.end()));
    EXPECT_EQ(from_hex(to_upper_hex(part)), Bytes(part.begin(), part.end()));
  }
}

TEST(Hex, EveryForeignCharacterIsRefusedWhereverItStands) {
  const std::string digits = "0123456789abcdefABCDEF";
  for (std::size_t place = 0; place < 38; ++place) {
    for (unsigned character = 0; character < 256; ++character) {
      std::string text(38, '7');
      text[place] = static_cast<char>(character);
      // "0x" in front is no digit and yet allowed.
      if (place == 1) text[0] = '1';
      const bool is_digit = digits.find(static_cast<char>(character)) != std::string::npos;
      EXPECT_EQ(from_hex(text).has_value(), is_digit) << place << " " << character;
    }
  }
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
