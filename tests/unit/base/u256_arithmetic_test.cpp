#include "base/u256_arithmetic.hpp"
#include "base/u256_division.hpp"

#include <gtest/gtest.h>

#include <random>

namespace buri {
namespace {

constexpr U256 kMax{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};

U256 random_value(std::mt19937_64& random) {
  U256 value;
  const std::size_t limbs = random() % 5;
  for (std::size_t i = 0; i < limbs; ++i) value.limbs[i] = random();
  return value;
}

TEST(U256Arithmetic, SaysWhenAResultDoesNotFit) {
  EXPECT_EQ(checked_add(kMax, U256::from_uint64(1)), std::nullopt);
  EXPECT_EQ(checked_subtract(U256{}, U256::from_uint64(1)), std::nullopt);
  EXPECT_EQ(checked_multiply(kMax, U256::from_uint64(2)), std::nullopt);
  EXPECT_EQ(checked_multiply({{0, 0, 1, 0}}, {{0, 0, 1, 0}}), std::nullopt);
  EXPECT_EQ(checked_multiply({{0, 1, 0, 0}}, {{0, 0, 1, 0}}), (U256{{0, 0, 0, 1}}));
}

TEST(U256Arithmetic, SubtractionAndDivisionUndoAdditionAndMultiplication) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    const U256 a = random_value(random);
    const U256 b = random_value(random);
    if (const auto sum = checked_add(a, b)) EXPECT_EQ(checked_subtract(*sum, b), a);
    if (b == U256{}) continue;
    const auto [quotient, remainder] = divide(a, b);
    EXPECT_LT(remainder, b);
    const auto product = checked_multiply(quotient, b);
    ASSERT_TRUE(product.has_value());
    EXPECT_EQ(checked_add(*product, remainder), a);
  }
}

TEST(U256Arithmetic, DividesByTheLargestDivisors) {
  EXPECT_EQ(divide(kMax, kMax).quotient, U256::from_uint64(1));
  const auto [quotient, remainder] = divide(kMax, {{0, 0, 0, 1ULL << 63}});
  EXPECT_EQ(quotient, U256::from_uint64(1));
  EXPECT_EQ(remainder, (U256{{~0ULL, ~0ULL, ~0ULL, ~0ULL >> 1}}));
}

}  // namespace
}  // namespace buri
