#pragma once

#include <optional>
#include <string>
#include <vector>

#include "accel/curve/affine.hpp"
#include "accel/curve/chains.hpp"
#include "accel/curve/digits.hpp"
#include "tests/unit/accel/curve/random_values.hpp"

/// What every one-lane field must satisfy (accel/curve/field.hpp), as a function, so that the same
/// checks judge the shipped code and its mutants. The oracle is arithmetic by repeated addition.

namespace buri::accel::curve {

/// a + b mod `modulus` for a, b < modulus, in 32-bit digits: shares no code with what it judges.
inline Uint256 slow_add(const Uint256& a, const Uint256& b, const Uint256& modulus) {
  const auto digit = [](const Uint256& value, unsigned i) {
    return static_cast<std::int64_t>(value.limb[i / 2] >> (32 * (i % 2)) & 0xffffffff);
  };
  std::int64_t sum[9];
  std::int64_t difference[9];
  std::int64_t carry = 0;
  std::int64_t borrow = 0;
  for (unsigned i = 0; i < 9; ++i) {
    const std::int64_t total = carry + (i < 8 ? digit(a, i) + digit(b, i) : 0);
    sum[i] = total & 0xffffffff;
    carry = total >> 32;
    const std::int64_t rest = sum[i] - (i < 8 ? digit(modulus, i) : 0) + borrow;
    difference[i] = rest & 0xffffffff;
    borrow = rest >> 32;
  }
  const std::int64_t* chosen = borrow < 0 ? sum : difference;
  Uint256 result{};
  for (unsigned i = 0; i < 8; ++i) {
    result.limb[i / 2] |= static_cast<std::uint64_t>(chosen[i]) << (32 * (i % 2));
  }
  return result;
}

inline Uint256 slow_mul(const Uint256& a, const Uint256& b, const Uint256& modulus) {
  Uint256 result{};
  for (int i = 255; i >= 0; --i) {
    result = slow_add(result, result, modulus);
    if ((b.limb[i / 64] >> (i % 64) & 1) != 0) result = slow_add(result, a, modulus);
  }
  return result;
}

/// Edge values and random ones; field elements may be any 256-bit value.
inline std::vector<Uint256> property_values(std::size_t random_count) {
  std::vector<Uint256> values = edge_values();
  std::mt19937_64 random(kSeed);
  for (std::size_t i = 0; i < random_count; ++i) values.push_back(random_uint256(random));
  return values;
}

template <Field F>
class FieldProperties {
 public:
  /// The first property that fails, with no values; nothing when all hold.
  static std::optional<std::string> first_broken() {
    const std::vector<Uint256> values = property_values(20);
    for (const Uint256& a : values) {
      if (const auto broken = broken_alone(a)) return broken;
      for (const Uint256& b : values) {
        if (const auto broken = broken_together(a, b)) return broken;
      }
    }
    return broken_products(property_values(10));
  }

 private:
  using Element = typename F::Element;

  static Uint256 reduced(const Element& a) { return F::normalize(a); }
  static Uint256 modulo(const Uint256& a) { return slow_add(a, {}, field_prime()); }
  static Uint256 plus(const Uint256& a, const Uint256& b) { return slow_add(a, b, field_prime()); }

  static std::optional<std::string> broken_alone(const Uint256& a) {
    const Uint256 value = modulo(a);
    if (!(reduced(a) == value)) return "normalize";
    if (F::is_zero(a) != is_zero(value)) return "is_zero";
    const Uint256 half = reduced(F::half(a));
    if (!(plus(half, half) == value)) return "half";
    if (!(reduced(F::template times<2>(a)) == plus(value, value))) return "times<2>";
    const Uint256 three = plus(plus(value, value), value);
    if (!(reduced(F::template times<3>(a)) == three)) return "times<3>";
    const Uint256 four = plus(three, value);
    if (!(reduced(F::template times<8>(a)) == plus(four, four))) return "times<8>";
    if (!(reduced(F::sqr(a)) == reduced(F::mul(a, a)))) return "sqr";
    const Element inverse = invert<F>(a);
    const Uint256 one{{is_zero(value) ? 0u : 1u, 0, 0, 0}};
    if (!(reduced(F::mul(inverse, a)) == one)) return "invert";
    const Element square = F::sqr(a);
    if (!(reduced(F::sqr(square_root<F>(square))) == reduced(square))) return "square_root";
    return std::nullopt;
  }

  static std::optional<std::string> broken_together(const Uint256& a, const Uint256& b) {
    const Uint256 x = modulo(a);
    const Uint256 y = modulo(b);
    if (!(reduced(F::add(a, b)) == plus(x, y))) return "add";
    if (!(plus(reduced(F::template sub<1>(a, b)), y) == x)) return "sub";
    if (!(F::select(true, a, b) == a) || !(F::select(false, a, b) == b)) return "select";
    return std::nullopt;
  }

  static std::optional<std::string> broken_products(const std::vector<Uint256>& values) {
    for (const Uint256& a : values) {
      for (const Uint256& b : values) {
        if (!(reduced(F::mul(a, b)) == slow_mul(modulo(a), modulo(b), field_prime()))) return "mul";
      }
    }
    return std::nullopt;
  }
};

/// The same for the integers mod n and the split into odd halves.
inline std::optional<std::string> first_broken_order_property() {
  const Uint256 n = group_order();
  std::vector<Uint256> values;
  for (const Uint256& value : property_values(10)) values.push_back(reduce_mod_n(value));
  for (const Uint256& a : values) {
    if (!less(a, n)) return "reduce_mod_n";
    if (!is_zero(slow_add(a, negate_mod_n(a), n))) return "negate_mod_n";
    for (const Uint256& b : values) {
      if (!(add_mod_n(a, b) == slow_add(a, b, n))) return "add_mod_n";
      if (!(mul_mod_n(a, b) == slow_mul(a, b, n))) return "mul_mod_n";
    }
    const auto value_of = [&](const OddInteger& half) {
      Uint256 sum{};
      const OddDigits digits = OddDigits::of(half, 130);
      for (int position = 125; position >= 0; position -= 5) {
        for (int i = 0; i < 5; ++i) sum = slow_add(sum, sum, n);
        const SignedDigit digit = digits.at(static_cast<unsigned>(position), 5);
        const Uint256 odd{{2 * std::uint64_t{digit.row} + 1, 0, 0, 0}};
        sum = slow_add(sum, digit.negative ? negate_mod_n(odd) : odd, n);
      }
      return sum;
    };
    const OddSplit split = split_odd(a);
    const Uint256 second = slow_mul(value_of(split.second), endomorphism_lambda(), n);
    if (!(slow_add(value_of(split.first), second, n) == a)) return "split_odd";
  }
  return std::nullopt;
}

/// Point formulas: P, 2P, 4P and 5P by every route agree.
template <Field F>
std::optional<std::string> first_broken_formula() {
  using Jacobian = JacobianPoint<F>;
  const AffinePoint<F> g{F::constant(generator_x()), F::constant(generator_y())};
  const auto affine = [](const Jacobian& p) { return to_affine<F>(p, invert<F>(p.z)); };
  const auto same = [](const AffinePoint<F>& p, const AffinePoint<F>& q) {
    return F::normalize(p.x) == F::normalize(q.x) && F::normalize(p.y) == F::normalize(q.y);
  };
  const auto on_curve = [](const AffinePoint<F>& p) {
    return F::is_zero(F::template sub<1>(F::sqr(p.y), curve_right_side<F>(p.x)));
  };
  const Jacobian two = double_point<F>(to_jacobian<F>(g));
  const Jacobian four = double_point<F>(two);
  const Jacobian five = add_mixed<F>(four, g);
  if (!on_curve(affine(four))) return "double_point";
  if (!on_curve(affine(five))) return "add_mixed";
  if (!same(affine(add_full<F>(add_mixed<F>(two, g), two)), affine(five))) return "add_full";
  const auto two_by_affine = double_affine<F>(g, invert<F>(F::template times<2>(g.y)));
  if (!same(two_by_affine, affine(two))) return "double_affine";
  const AffinePoint<F> four_affine = affine(four);
  const auto inverse = invert<F>(add_denominator<F>(g, four_affine));
  if (!same(add_affine<F>(g, four_affine, inverse), affine(five))) return "add_affine";
  if (!on_curve(endomorphism<F>(g))) return "endomorphism";
  if (!F::is_zero(add_mixed<F>(to_jacobian<F>(g), g).z)) return "add_mixed of equal points";
  if (!F::is_zero(double_point<F>(add_mixed<F>(to_jacobian<F>(g), negate_where<F>(true, g))).z)) {
    return "a failed sum recovers";
  }
  return std::nullopt;
}

}  // namespace buri::accel::curve
