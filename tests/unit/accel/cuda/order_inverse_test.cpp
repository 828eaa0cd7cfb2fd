#include "accel/cuda/order_inverse.cuh"

#include <gtest/gtest.h>

#include "tests/unit/accel/curve/random_values.hpp"

namespace buri::accel::cuda {
namespace {

using curve::Uint256;

void expect_inverse(const Uint256& a) {
  const Uint256 inverse = invert_by_divsteps(a);
  ASSERT_TRUE(curve::less(inverse, curve::group_order()));
  ASSERT_EQ(curve::mul_mod_n(a, inverse), (Uint256{{1, 0, 0, 0}}));
}

TEST(OrderInverse, InvertsEdgeValues) {
  for (const Uint256& edge : curve::edge_values()) {
    const Uint256 a = curve::reduce_mod_n(edge);
    if (!curve::is_zero(a)) expect_inverse(a);
  }
}

TEST(OrderInverse, InvertsPowersOfTwoAndTheirNeighbours) {
  for (unsigned bit = 0; bit < 256; ++bit) {
    Uint256 power{};
    power.limb[bit / 64] = std::uint64_t{1} << (bit % 64);
    expect_inverse(curve::reduce_mod_n(power));
    expect_inverse(curve::add_mod_n(power, {{1, 0, 0, 0}}));
    expect_inverse(curve::negate_mod_n(power));
  }
}

TEST(OrderInverse, InvertsRandomValues) {
  SCOPED_TRACE(curve::kSeed);
  std::mt19937_64 random(curve::kSeed);
  for (unsigned i = 0; i < 20'000; ++i)
    expect_inverse(curve::reduce_mod_n(curve::random_uint256(random)));
}

}  // namespace
}  // namespace buri::accel::cuda
