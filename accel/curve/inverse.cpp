#include "accel/curve/inverse.hpp"

#include "accel/curve/division_steps.hpp"

namespace buri::accel::curve {

namespace {

/// Division steps with runs of even g taken at once and several bits of g cleared by one multiple
/// of f: a third of the branches of PlainSteps, most of them well predicted.
struct SkippingSteps {
  static division_steps::Matrix run(std::int64_t& delta, std::uint64_t f, std::uint64_t g) {
    std::uint64_t u = 1, v = 0, q = 0, r = 1;
    int left = division_steps::kSteps;
    while (true) {
      const int zeros = __builtin_ctzll(g | ~std::uint64_t{0} << left);
      g >>= zeros;
      u <<= zeros;
      v <<= zeros;
      delta += zeros;
      left -= zeros;
      if (left == 0) break;
      if (delta > 0) {
        delta = -delta;
        const std::uint64_t old_f = f, old_u = u, old_v = v;
        f = g, u = q, v = r;
        g = 0 - old_f, q = 0 - old_u, r = 0 - old_v;
      }
      // g + w f is a multiple of 2^limit; 1 / f mod 64 is f (2 - f^2) for odd f. No more bits of g
      // may be cleared than steps are left, or than steps come before delta is positive again.
      const int limit = 1 - delta > left ? left : static_cast<int>(1 - delta);
      const std::uint64_t mask = (~std::uint64_t{0} >> (64 - limit)) & 63;
      const std::uint64_t w = (f * g * (f * f - 2)) & mask;
      g += f * w;
      q += u * w;
      r += v * w;
    }
    return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v),
            static_cast<std::int64_t>(q), static_cast<std::int64_t>(r)};
  }
};

/// The field's prime p.
struct FieldModulus {
  static constexpr Uint256 value() { return field_prime(); }
  /// -1 / p mod 2^62.
  static constexpr std::uint64_t kNegatedInverse = 0x1838091dd2253531;
  /// REQUIRES: below 2^262.
  static Uint256 reduce(const Uint512& wide) {
    const Uint256 low{{wide.limb[0], wide.limb[1], wide.limb[2], wide.limb[3]}};
    const Uint256 fold{{wide.limb[4] * kFieldFold, 0, 0, 0}};
    Uint256 sum;
    Uint256 less_p;
    const std::uint64_t carry = add_carry(low, fold, sum);
    const std::uint64_t borrow = sub_borrow(sum, value(), less_p);
    return select(carry < borrow, sum, less_p);
  }
};
static_assert(FieldModulus::kNegatedInverse * field_prime().limb[0] % (std::uint64_t{1} << 62) ==
              division_steps::kMask);

}  // namespace

Uint256 invert_mod_n(const Uint256& a) {
  return invert_by_division_steps<OrderModulus, SkippingSteps>(a);
}

Uint256 invert_mod_p(const Uint256& a) {
  return invert_by_division_steps<FieldModulus, SkippingSteps>(a);
}

void batch_invert_mod_n(Uint256* values, Uint256* products, std::size_t count) {
  const Uint256 one{{1, 0, 0, 0}};
  Uint256 product = one;
  for (std::size_t i = 0; i < count; ++i) {
    products[i] = product;
    product = mul_mod_n(product, is_zero(values[i]) ? one : values[i]);
  }
  Uint256 inverse = invert_mod_n(product);
  for (std::size_t i = count; i-- > 0;) {
    if (is_zero(values[i])) continue;
    const Uint256 value = values[i];
    values[i] = mul_mod_n(inverse, products[i]);
    inverse = mul_mod_n(inverse, value);
  }
}

}  // namespace buri::accel::curve
