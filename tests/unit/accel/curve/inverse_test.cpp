#include "accel/curve/inverse.hpp"

#include <gtest/gtest.h>

#include "accel/curve/division_steps.hpp"
#include "tests/unit/accel/curve/field_properties.hpp"

namespace buri::accel::curve {
namespace {

constexpr Uint256 kOne{{1, 0, 0, 0}};

Uint256 invert_plainly(const Uint256& a) {
  return invert_by_division_steps<OrderModulus, PlainSteps>(a);
}

/// Both forms of the steps give the one inverse modulo n, and the host's form that modulo p.
void expect_inverses(const Uint256& value) {
  const Uint256 a = reduce_mod_n(value);
  const Uint256 inverse = invert_mod_n(a);
  ASSERT_TRUE(less(inverse, group_order()));
  ASSERT_EQ(invert_plainly(a), inverse);
  ASSERT_EQ(mul_mod_n(a, inverse), is_zero(a) ? a : kOne);

  Uint256 b;
  if (sub_borrow(value, field_prime(), b) != 0) b = value;
  const Uint256 field_inverse = invert_mod_p(b);
  ASSERT_TRUE(less(field_inverse, field_prime()));
  ASSERT_EQ(slow_mul(b, field_inverse, field_prime()), is_zero(b) ? b : kOne);
}

TEST(Inverse, IsRightForEdgeValuesAndZero) {
  for (const Uint256& edge : edge_values()) expect_inverses(edge);
}

TEST(Inverse, IsRightForPowersOfTwoAndTheirNeighbours) {
  for (unsigned bit = 0; bit < 256; ++bit) {
    Uint256 power{};
    power.limb[bit / 64] = std::uint64_t{1} << (bit % 64);
    Uint256 above;
    Uint256 below;
    add_carry(power, kOne, above);
    sub_borrow(power, kOne, below);
    for (const Uint256& value : {power, above, below, negate_mod_n(power)}) expect_inverses(value);
  }
}

TEST(Inverse, IsRightForRandomValues) {
  SCOPED_TRACE(kSeed);
  std::mt19937_64 random(kSeed);
  for (unsigned i = 0; i < 5'000; ++i) expect_inverses(random_uint256(random));
}

TEST(Inverse, OfABatchIsThatOfEachValueAndKeepsZeros) {
  std::vector<Uint256> values;
  for (const Uint256& value : edge_values()) values.push_back(reduce_mod_n(value));
  const std::vector<Uint256> originals = values;
  std::vector<Uint256> scratch(values.size());
  batch_invert_mod_n(values.data(), scratch.data(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (is_zero(originals[i])) {
      EXPECT_TRUE(is_zero(values[i]));
    } else {
      EXPECT_EQ(mul_mod_n(values[i], originals[i]), kOne);
      EXPECT_EQ(values[i], invert_mod_n(originals[i]));
    }
  }
}

}  // namespace
}  // namespace buri::accel::curve
