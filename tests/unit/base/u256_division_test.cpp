#include "base/u256_division.hpp"

#include <gtest/gtest.h>

#include "base/u256_arithmetic.hpp"
#include "base/u256_words.hpp"
#include "tests/unit/base/naive_natural.hpp"

namespace buri {
namespace {

constexpr U256 kMax{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};
constexpr U256 kSmallest{{0, 0, 0, 1ULL << 63}};  // -2^255
const U256 kTwo = U256::from_uint64(2);
const U256 kSeven = U256::from_uint64(7);

TEST(U256Division, AgreesWithTheNaiveReference) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    const U256 a = awkward_word(random);
    const U256 b = awkward_word(random);
    const U256 modulus = awkward_word(random);
    if (is_zero(modulus)) continue;
    const NaiveNatural m = to_naive(modulus);
    const NaiveNatural sum = naive_add(to_naive(a), to_naive(b));
    EXPECT_EQ(remainder_or_zero(a, modulus), to_word(naive_remainder(to_naive(a), m)));
    EXPECT_EQ(add_modulo(a, b, modulus), to_word(naive_remainder(sum, m)));
    if (round % 10 != 0) continue;
    const NaiveNatural product = naive_multiply(to_naive(a), to_naive(b));
    EXPECT_EQ(multiply_modulo(a, b, modulus), to_word(naive_remainder(product, m)));
  }
}

TEST(U256Division, QuotientAndRemainderMakeUpTheDividend) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200'000; ++round) {
    const U256 a = awkward_word(random);
    const U256 b = awkward_word(random);
    if (is_zero(b)) continue;
    const auto [quotient, remainder] = divide(a, b);
    ASSERT_TRUE(less(remainder, b));
    const auto product = checked_multiply(quotient, b);
    ASSERT_TRUE(product.has_value());
    ASSERT_EQ(wrapping_add(*product, remainder), a);
  }
}

TEST(U256Division, CorrectsAnEstimatedDigitThatIsTooLarge) {
  // The digit 2^64 - 1 passes the test on two limbs, and the subtraction goes below zero.
  const U256 divisor{{~0ULL, 0, 1ULL << 63, 0}};
  const U256 dividend{{0, 0, 0, (1ULL << 63) - 1}};
  const auto [quotient, remainder] = divide(dividend, divisor);
  EXPECT_TRUE(less(remainder, divisor));
  EXPECT_EQ(wrapping_add(wrapping_multiply(quotient, divisor), remainder), dividend);
}

TEST(U256Division, ByZeroIsZero) {
  EXPECT_EQ(quotient_or_zero(kMax, {}), U256{});
  EXPECT_EQ(remainder_or_zero(kMax, {}), U256{});
  EXPECT_EQ(signed_quotient_or_zero(kMax, {}), U256{});
  EXPECT_EQ(signed_remainder_or_zero(kMax, {}), U256{});
  EXPECT_EQ(add_modulo(kMax, kMax, {}), U256{});
  EXPECT_EQ(multiply_modulo(kMax, kMax, {}), U256{});
}

TEST(U256Division, RoundsSignedQuotientsTowardZero) {
  EXPECT_EQ(signed_quotient_or_zero(wrapping_negate(kSeven), kTwo),
            wrapping_negate(U256::from_uint64(3)));
  EXPECT_EQ(signed_remainder_or_zero(wrapping_negate(kSeven), kTwo), kMax);
  EXPECT_EQ(signed_remainder_or_zero(kSeven, wrapping_negate(kTwo)), U256::from_uint64(1));
  EXPECT_EQ(signed_quotient_or_zero(kSmallest, kMax), kSmallest);
}

TEST(U256Division, PowersWrapAround) {
  EXPECT_EQ(wrapping_power({}, {}), U256::from_uint64(1));
  EXPECT_EQ(wrapping_power(kTwo, U256::from_uint64(255)), kSmallest);
  EXPECT_EQ(wrapping_power(kTwo, U256::from_uint64(256)), U256{});
  EXPECT_EQ(wrapping_power(kMax, kMax), kMax);
  EXPECT_EQ(wrapping_power(kSeven, U256::from_uint64(5)), U256::from_uint64(16807));
}

}  // namespace
}  // namespace buri
