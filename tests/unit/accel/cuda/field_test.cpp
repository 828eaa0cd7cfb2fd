#include "accel/cuda/field.cuh"

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "tests/unit/accel/curve/random_values.hpp"

/// The device's field, compiled for the host, against arbitrary-precision integers. Elements are
/// any 256-bit values, so all operands here include the non-reduced ones from p to 2^256 - 1.

namespace buri::accel::cuda {
namespace {

using Integer = boost::multiprecision::cpp_int;
using Field = DeviceField;
using Element = Field::Element;
using curve::Uint256;

Integer to_integer(const Uint256& value) {
  Integer result = 0;
  for (int i = 3; i >= 0; --i) result = (result << 64) + value.limb[i];
  return result;
}

Integer prime() { return to_integer(curve::field_prime()); }

/// What an element stands for, not reduced.
Integer value_of(const Element& a) {
  Integer result = 0;
  for (int i = 7; i >= 0; --i) result = (result << 32) + a.limb[i];
  return result;
}

/// `result` stands for `expected` mod p.
testing::AssertionResult is(const Element& result, const Integer& expected) {
  const Integer off = (value_of(result) - expected) % prime();
  if (off == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << std::hex << value_of(result) << " is not " << expected;
}

/// Edges, among them the largest values of 256 bits, then random values.
std::vector<Element> operands(std::size_t random_count) {
  std::vector<Uint256> values = curve::edge_values();
  for (std::uint64_t below = 1; below < 4; ++below)
    values.push_back({{0 - below, ~0ull, ~0ull, ~0ull}});
  std::mt19937_64 random(curve::kSeed);
  for (std::size_t i = 0; i < random_count; ++i) values.push_back(curve::random_uint256(random));
  std::vector<Element> elements;
  for (const Uint256& value : values) elements.push_back(Field::constant(value));
  return elements;
}

class DeviceFieldTest : public testing::Test {
 protected:
  DeviceFieldTest() : trace_(__FILE__, __LINE__, "seed " + std::to_string(curve::kSeed)) {}
  testing::ScopedTrace trace_;
};

TEST_F(DeviceFieldTest, BinaryOperationsAreExactForAllPairs) {
  const std::vector<Element> values = operands(60);
  for (const Element& a : values) {
    for (const Element& b : values) {
      const Integer x = value_of(a);
      const Integer y = value_of(b);
      ASSERT_TRUE(is(Field::mul(a, b), x * y));
      ASSERT_TRUE(is(Field::add(a, b), x + y));
      ASSERT_TRUE(is(Field::sub<1>(a, b), x - y));
      ASSERT_TRUE(is(Field::sub_twice(a, b), x - 2 * y));
      ASSERT_TRUE(is(Field::mul_add_sqr(a, b, a), x * y + x * x));
    }
  }
}

TEST_F(DeviceFieldTest, CombinedOperationsAreExactForAllTriples) {
  const std::vector<Element> values = operands(8);
  for (std::size_t i = 0; i < values.size(); i += 2) {
    for (std::size_t j = 1; j < values.size(); j += 2) {
      for (const Element& c : values) {
        const Element& a = values[i];
        const Element& b = values[j];
        const Integer x = value_of(a);
        const Integer y = value_of(b);
        const Integer z = value_of(c);
        ASSERT_TRUE(is(Field::mul_sub(a, b, c), x * y - z));
        ASSERT_TRUE(is(Field::sub_and_twice(a, b, c), x - y - 2 * z));
        ASSERT_TRUE(is(Field::mul_add_mul(a, b, c, a), x * y + z * x));
        ASSERT_TRUE(is(Field::mul_add_sqr(a, b, c), x * y + z * z));
      }
    }
  }
}

TEST_F(DeviceFieldTest, UnaryOperationsAreExact) {
  for (const Element& a : operands(20'000)) {
    const Integer x = value_of(a);
    ASSERT_TRUE(is(Field::sqr(a), x * x));
    ASSERT_TRUE(is(Field::times<2>(a), 2 * x));
    ASSERT_TRUE(is(Field::times<3>(a), 3 * x));
    ASSERT_TRUE(is(Field::times<4>(a), 4 * x));
    ASSERT_TRUE(is(Field::times<8>(a), 8 * x));
    ASSERT_TRUE(is(Field::times<2>(Field::half(a)), x));
    ASSERT_EQ(value_of(Field::normalize(a)), x % prime());
    ASSERT_EQ(to_integer(Field::to_integer(a)), x % prime());
    ASSERT_EQ(Field::is_zero(a), x % prime() == 0);
  }
}

TEST_F(DeviceFieldTest, BothFormsOfZeroAreZero) {
  EXPECT_TRUE(Field::is_zero(Field::constant({{0, 0, 0, 0}})));
  EXPECT_TRUE(Field::is_zero(Field::constant(curve::field_prime())));
  EXPECT_FALSE(Field::is_zero(Field::constant({{1, 0, 0, 0}})));
}

TEST_F(DeviceFieldTest, SelectTakesTheFirstWhereTheMaskIsSet) {
  const Element a = Field::constant({{1, 2, 3, 4}});
  const Element b = Field::constant({{5, 6, 7, 8}});
  EXPECT_EQ(value_of(Field::select(true, a, b)), value_of(a));
  EXPECT_EQ(value_of(Field::select(false, a, b)), value_of(b));
}

}  // namespace
}  // namespace buri::accel::cuda
