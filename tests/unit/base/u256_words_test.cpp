#include "base/u256_words.hpp"

#include <gtest/gtest.h>

#include "tests/unit/base/naive_natural.hpp"

namespace buri {
namespace {

constexpr U256 kMax{{~0ULL, ~0ULL, ~0ULL, ~0ULL}};
const U256 kOne = U256::from_uint64(1);

TEST(U256Words, AgreeWithTheNaiveReference) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 500; ++round) {
    const U256 a = awkward_word(random);
    const U256 b = awkward_word(random);
    const NaiveNatural x = to_naive(a);
    const NaiveNatural y = to_naive(b);
    EXPECT_EQ(wrapping_add(a, b), to_word(naive_add(x, y)));
    EXPECT_EQ(wrapping_add(wrapping_subtract(a, b), b), a);
    EXPECT_EQ(less(a, b), naive_less(x, y));
    EXPECT_EQ(bit_width(a), x.size());
    EXPECT_EQ(is_zero(a), x.empty());
    EXPECT_EQ(fits_uint64(a), x.size() <= 64);
    EXPECT_EQ(wrapping_add(a, wrapping_negate(a)), U256{});
    if (round % 10 == 0) EXPECT_EQ(wrapping_multiply(a, b), to_word(naive_multiply(x, y)));
  }
}

TEST(U256Words, ShiftLikeDigits) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::uint64_t count = 0; count < 300; ++count) {
    const U256 a = awkward_word(random);
    NaiveNatural digits = to_naive(a);
    digits.resize(256);
    NaiveNatural left(256);
    NaiveNatural right(256);
    NaiveNatural right_signed(256);
    for (std::size_t i = 0; i < 256; ++i) {
      if (i >= count) left[i] = digits[i - count];
      right[i] = i + count < 256 ? digits[i + count] : std::uint8_t{0};
      right_signed[i] = i + count < 256 ? digits[i + count] : digits[255];
    }
    EXPECT_EQ(shift_left(a, count), to_word(left)) << count;
    EXPECT_EQ(shift_right(a, count), to_word(right)) << count;
    EXPECT_EQ(shift_right_signed(a, count), to_word(right_signed)) << count;
  }
}

TEST(U256Words, OrderSignedValuesByTheirSign) {
  EXPECT_TRUE(signed_less(kMax, U256{}));
  EXPECT_FALSE(signed_less(U256{}, kMax));
  EXPECT_TRUE(signed_less(wrapping_negate(U256::from_uint64(2)), kMax));
  EXPECT_TRUE(signed_less(kOne, U256::from_uint64(2)));
  EXPECT_FALSE(signed_less(kOne, kOne));
}

TEST(U256Words, ReadBytesFromTheLeft) {
  const U256 value{{0x1112131415161718, 0x2122232425262728, 0, 0xa1a2a3a4a5a6a7a8}};
  EXPECT_EQ(byte_at(value, 0), 0xa1);
  EXPECT_EQ(byte_at(value, 31), 0x18);
  EXPECT_EQ(byte_at(value, 16), 0x21);
  EXPECT_EQ(byte_at(value, 32), 0);
  std::array<std::uint8_t, 32> bytes{};
  store_word(value, bytes.data());
  EXPECT_EQ(value.to_word().bytes, bytes);
  EXPECT_EQ(load_word(bytes.data()), value);
}

TEST(U256Words, ExtendTheSignOfShorterIntegers) {
  EXPECT_EQ(sign_extend(U256::from_uint64(0xff), 0), kMax);
  EXPECT_EQ(sign_extend(U256::from_uint64(0x1280), 0), wrapping_negate(U256::from_uint64(128)));
  EXPECT_EQ(sign_extend(U256::from_uint64(0x127f), 0), U256::from_uint64(0x7f));
  EXPECT_EQ(sign_extend(U256::from_uint64(0x8000), 1), wrapping_negate(U256::from_uint64(32768)));
  EXPECT_EQ(sign_extend(kMax, 31), kMax);
  EXPECT_EQ(sign_extend(U256::from_uint64(0xff), ~0ULL), U256::from_uint64(0xff));
}

TEST(U256Words, CombineBits) {
  const U256 a{{0b1100, 0b1100, 0b1100, 0b1100}};
  const U256 b{{0b1010, 0b1010, 0b1010, 0b1010}};
  EXPECT_EQ(bit_and(a, b), (U256{{0b1000, 0b1000, 0b1000, 0b1000}}));
  EXPECT_EQ(bit_or(a, b), (U256{{0b1110, 0b1110, 0b1110, 0b1110}}));
  EXPECT_EQ(bit_xor(a, b), (U256{{0b0110, 0b0110, 0b0110, 0b0110}}));
  EXPECT_EQ(bit_not(U256{}), kMax);
}

}  // namespace
}  // namespace buri
