#include "node/consensus/runtime/coins.hpp"

#include "node/consensus/codec/message.hpp"

#include <gtest/gtest.h>

namespace buri::consensus::runtime {
namespace {

Integer number(std::string_view text) { return Integer::from_text(text).value(); }

TEST(Integer, ReadsWhatGoReadsFromText) {
  EXPECT_EQ(number(""), Integer{});
  EXPECT_EQ(number("+12"), Integer(12));
  EXPECT_EQ(number("-0"), Integer{});
  EXPECT_EQ(number("0x1F"), Integer(31));
  EXPECT_EQ(number("0b11"), Integer(3));
  EXPECT_EQ(number("017"), Integer(15));
  EXPECT_EQ(number("0x_ff_00"), Integer(0xFF00));
  EXPECT_EQ(number("-25").to_text(), "-25");
  for (const char* text : {"-", "0x", "1_000", "0x1__2", "0x1_", "08", "1a", " 1", "--1"}) {
    EXPECT_EQ(Integer::from_text(text), std::nullopt) << text;
  }
  EXPECT_EQ(Integer::from_decimal("017"), Integer(17));
  EXPECT_EQ(Integer::from_decimal(""), std::nullopt);
}

TEST(Integer, ComputesWithSigns) {
  EXPECT_EQ(add(5, number("-7")), number("-2"));
  EXPECT_EQ(add(number("-5"), 7), Integer(2));
  EXPECT_EQ(subtract(5, 5), Integer{});
  EXPECT_EQ(multiply(number("-3"), 4), number("-12"));
  EXPECT_EQ(quotient(number("-7"), 2), number("-3"));
  EXPECT_LT(number("-2"), number("-1"));
  EXPECT_LT(number("-1"), Integer{});
}

TEST(Integer, NarrowsOnlyWhatFits) {
  EXPECT_EQ(number("-9223372036854775808").to_int64(), INT64_MIN);
  EXPECT_EQ(number("9223372036854775808").to_int64(), std::nullopt);
  EXPECT_EQ(number("-1").to_uint64(), std::nullopt);
}

TEST(Coins, AreValidWhenSortedPositiveAndUnique) {
  EXPECT_TRUE(validate_coins({}).ok());
  EXPECT_TRUE(validate_coins({{"abc", 1}, {"pol", 2}}).ok());
  EXPECT_FALSE(validate_coins({{"pol", 2}, {"abc", 1}}).ok());
  EXPECT_FALSE(validate_coins({{"pol", 2}, {"pol", 1}}).ok());
  EXPECT_FALSE(validate_coins({{"pol", 0}}).ok());
  EXPECT_FALSE(validate_coins({{"p", 1}}).ok());
  EXPECT_FALSE(validate_coins({{"1ab", 1}}).ok());
}

TEST(Coins, PanicAtAnAmountThatIsLeftOut) {
  const Coins absent{Coin{.denom = "pol"}};
  const auto status = validate_coins(absent);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error(), nil_panic());
  EXPECT_EQ(check_coins(absent, SdkCode::kInvalidCoins).error(), nil_panic());
  EXPECT_EQ(validate_coins({Coin{.denom = "p"}}).error().kind, Error::Kind::kError);
  EXPECT_TRUE(codec::decode<Coin>(Bytes{0x12, 0}).value().amount.is_nil());
  EXPECT_FALSE(codec::decode<Coin>(Bytes{0x12, 1, '0'}).value().amount.is_nil());
  EXPECT_EQ(codec::encode(absent[0]), (Bytes{0x0A, 3, 'p', 'o', 'l', 0x12, 1, '0'}));
}

TEST(Coins, AddAndSubtractByDenomination) {
  const Coins a{{"abc", 1}, {"pol", 5}};
  const Coins b{{"pol", 5}, {"xyz", 2}};
  EXPECT_EQ(add_coins(a, b).value(), (Coins{{"abc", 1}, {"pol", 10}, {"xyz", 2}}));
  EXPECT_EQ(subtract_coins(a, {{"pol", 5}}).value(), (Coins{{"abc", 1}}));
  EXPECT_EQ(subtract_coins(a, b).error().kind, Error::Kind::kPanic);
  EXPECT_TRUE(covers(a, {{"pol", 5}}));
  EXPECT_FALSE(covers(a, b));
  EXPECT_EQ(to_text(a), "1abc,5pol");
}

}  // namespace
}  // namespace buri::consensus::runtime
