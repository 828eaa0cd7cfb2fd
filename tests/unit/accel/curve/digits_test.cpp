#include "accel/curve/digits.hpp"

#include <gtest/gtest.h>

#include "accel/curve/comb.hpp"
#include "tests/unit/accel/curve/random_values.hpp"

namespace buri::accel::curve {
namespace {

/// digit * 2^position mod n.
Uint256 digit_value(SignedDigit digit, unsigned position) {
  Uint256 value{{2 * std::uint64_t{digit.row} + 1, 0, 0, 0}};
  for (unsigned i = 0; i < position; ++i) value = add_mod_n(value, value);
  return digit.negative ? negate_mod_n(value) : value;
}

/// The half that `digits` stand for, mod n, read with windows of `width` bits.
Uint256 read_back(const OddInteger& half, unsigned bits, unsigned width) {
  const OddDigits digits = OddDigits::of(half, bits);
  Uint256 sum{};
  for (unsigned position = 0; position < bits; position += width) {
    const unsigned rest = bits - position < width ? bits - position : width;
    sum = add_mod_n(sum, digit_value(digits.at(position, rest), position));
  }
  return sum;
}

Uint256 join(const Uint256& first, const Uint256& second) {
  return add_mod_n(first, mul_mod_n(second, endomorphism_lambda()));
}

std::vector<Uint256> multipliers() {
  std::vector<Uint256> values;
  for (const Uint256& value : edge_values()) values.push_back(reduce_mod_n(value));
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 300; ++i) values.push_back(reduce_mod_n(random_uint256(random)));
  return values;
}

TEST(OddDigits, AddUpToTheMultiplierForEveryWindowWidth) {
  for (const Uint256& k : multipliers()) {
    const OddSplit split = split_odd(k);
    for (const unsigned width : {4u, 5u, 8u, 11u, 13u}) {
      for (const unsigned bits : {129u, 130u}) {
        ASSERT_EQ(join(read_back(split.first, bits, width), read_back(split.second, bits, width)),
                  k);
      }
    }
  }
}

template <class Shape>
void expect_comb_covers(const Uint256& k) {
  const OddSplit split = split_odd(k);
  Uint256 sums[2]{};
  for (int half = 0; half < 2; ++half) {
    const OddDigits digits = OddDigits::of(half == 0 ? split.first : split.second, Shape::kBits);
    for (unsigned window = 0; window < Shape::kWindows; ++window) {
      SignedDigit digit = Shape::look_up(digits, window);
      ASSERT_GE(digit.row, Shape::first_row(window));
      digit.row -= Shape::first_row(window);
      ASSERT_LT(digit.row, Shape::rows_of(window)) << "window " << window;
      sums[half] = add_mod_n(sums[half], digit_value(digit, Shape::position(window)));
    }
  }
  ASSERT_EQ(join(sums[0], sums[1]), k);
}

TEST(Comb, EveryLookUpStaysInsideItsWindowAndTheySumToTheMultiplier) {
  for (const Uint256& k : multipliers()) {
    expect_comb_covers<KeyComb>(k);
    expect_comb_covers<GeneratorComb>(k);
  }
}

}  // namespace
}  // namespace buri::accel::curve
