#include "accel/curve/order.hpp"

#include <gtest/gtest.h>

#include "tests/unit/accel/curve/random_values.hpp"

namespace buri::accel::curve {
namespace {

constexpr Uint256 kOne{{1, 0, 0, 0}};

/// a * b mod n by doubling and adding: slow and different.
Uint256 mul_by_doubling(const Uint256& a, const Uint256& b) {
  Uint256 result{};
  for (int bit = 255; bit >= 0; --bit) {
    result = add_mod_n(result, result);
    if ((b.limb[bit / 64] >> (bit % 64) & 1) != 0) result = add_mod_n(result, a);
  }
  return result;
}

TEST(Order, ReducesEveryValueBelowTwoToThe256) {
  EXPECT_EQ(reduce_mod_n(group_order()), Uint256{});
  EXPECT_EQ(reduce_mod_n({{~0ull, ~0ull, ~0ull, ~0ull}}),
            (Uint256{{0x402da1732fc9bebe, 0x4551231950b75fc4, 1, 0}}));
  for (const Uint256& value : edge_values()) EXPECT_TRUE(less(reduce_mod_n(value), group_order()));
}

TEST(Order, AddAndNegateAgree) {
  for (const Uint256& value : edge_values()) {
    const Uint256 a = reduce_mod_n(value);
    EXPECT_EQ(add_mod_n(a, negate_mod_n(a)), Uint256{});
    EXPECT_TRUE(less(negate_mod_n(a), group_order()));
  }
}

TEST(Order, MultiplicationAgreesWithRepeatedAddition) {
  const std::vector<Uint256> edges = edge_values();
  for (const Uint256& a : edges) {
    for (const Uint256& b : edges) {
      const Uint256 x = reduce_mod_n(a);
      const Uint256 y = reduce_mod_n(b);
      ASSERT_EQ(mul_mod_n(x, y), mul_by_doubling(x, y));
    }
  }
}

TEST(Order, TheWidestProductReduces) {
  Uint512 wide{};
  for (std::uint64_t& limb : wide.limb) limb = ~0ull;
  // 2^512 - 1 = (2^256 mod n)^2 - 1.
  const Uint256 expected =
      add_mod_n(mul_by_doubling(order_fold(), order_fold()), negate_mod_n(kOne));
  EXPECT_EQ(reduce_wide_mod_n(wide), expected);
}

TEST(Order, LambdaIsACubeRootOfOne) {
  const Uint256 lambda = endomorphism_lambda();
  EXPECT_EQ(mul_mod_n(mul_mod_n(lambda, lambda), lambda), kOne);
}

}  // namespace
}  // namespace buri::accel::curve
