#pragma once

#include "accel/vector/inverse.hpp"
#include "accel/vector/jacobian.hpp"

/// Sums of affine points, thousands at a time. One addition alone needs an inversion; additions
/// that do not depend on each other share one, and then cost 5M + 1S each: half of a mixed Jacobian
/// addition, and the result is affine again.

namespace buri::accel::vector {

/// *result = *left + *right, in every lane. left == right asks for the double. `result` may be an
/// operand of this addition, but of no other one of the same call.
template <class L>
struct Addition {
  AffinePoint<L>* result;
  const AffinePoint<L>* left;
  const AffinePoint<L>* right;
  /// Receives the lanes in which left and right have the same x: their result is meaningless, and
  /// so are all sums made of it; the caller decides those signatures in another way.
  LaneMask* exceptions;
  /// Lanes found exceptional; set by add_all.
  LaneMask exceptional = 0;
};

/// Table rows (accel/key_set.hpp: 64 bytes, x then y in little-endian words), one per lane,
/// the y of lanes in `negative` negated.
template <class L>
[[gnu::always_inline]] inline AffinePoint<L> load_rows(const void* const (&rows)[L::kCount],
                                                       LaneMask negative) {
  L words[8];
  load_transposed(rows, words);
  AffinePoint<L> result{from_words(words), widen(from_words(words + 4))};
  for (L& limb : result.y.limb) limb = negate_where(negative, limb);
  return result;
}

namespace detail {

/// Twice the largest |y limb| of an AffinePoint, in multiples of 2^48, and one to spare.
inline constexpr std::uint64_t kSlopeBound = 1u << 14;

/// What an addition inverts: the run of its chord, or twice y for a tangent.
template <class L>
[[gnu::always_inline]] inline Element<L> run(const Addition<L>& a) {
  const Element<L> plain = a.left == a.right
                               ? carry_signed<kSlopeBound>(scale<1>(a.left->y))
                               : carry_signed<8>(widen(a.right->x) - widen(a.left->x));
  if (a.exceptional == 0) [[likely]]
    return plain;
  return select(a.exceptional, one_element<L>(), plain);
}

/// Completes an addition, given the inverse of its run.
template <class L>
[[gnu::always_inline]] inline void finish(const Addition<L>& a, const Element<L>& inverse) {
  const AffinePoint<L> left = *a.left;
  const Element<L> right_x = a.right->x;
  Element<L> rise;
  if (a.left == a.right) {
    const Sum<L> xx = square_wide(left.x);
    rise = carry(xx + scale<1>(xx));
  } else {
    rise = carry_signed<kSlopeBound>(a.right->y - left.y);
  }
  const Element<L> slope = multiply(rise, inverse);
  const Element<L> x = carry_signed<16>(square_wide(slope) - widen(left.x) - widen(right_x));
  const Element<L> back = carry_signed<8>(widen(left.x) - widen(x));
  const Sum<L> y = multiply_wide(slope, back) - left.y;
  a.result->x = x;
  a.result->y = y;
}

/// products[i] = the product of the runs of i - 2, i - 4, ...: two chains, so that one's latency
/// hides the other's. `chains` receives both full products.
template <class L>
void multiply_runs(const Addition<L>* additions, unsigned count, Element<L>* products,
                   Element<L> chains[2]) {
  Element<L> even = one_element<L>();
  Element<L> odd = one_element<L>();
  unsigned i = 0;
  for (; i + 1 < count; i += 2) {
    products[i] = even;
    products[i + 1] = odd;
    even = multiply(even, run(additions[i]));
    odd = multiply(odd, run(additions[i + 1]));
  }
  if (i < count) {
    products[i] = even;
    even = multiply(even, run(additions[i]));
  }
  chains[0] = even;
  chains[1] = odd;
}

/// Marks the additions whose run is 0.
template <class L>
void find_exceptions(Addition<L>* additions, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    additions[i].exceptional = is_zero(run(additions[i]));
    *additions[i].exceptions |= additions[i].exceptional;
  }
}

}  // namespace detail

/// Does all additions, which must not depend on each other. `products` is scratch for `count`
/// elements. Lanes share an inversion, so an exception anywhere costs a second pass over the
/// differences, but never touches other lanes' results.
template <class L>
[[gnu::noinline]] void add_all(Addition<L>* additions, unsigned count, Element<L>* products) {
  using namespace detail;
  if (count == 0) return;
  Element<L> chains[2];
  multiply_runs(additions, count, products, chains);
  Element<L> all = multiply(chains[0], chains[1]);
  if (is_zero(all) != 0) [[unlikely]] {
    find_exceptions(additions, count);
    multiply_runs(additions, count, products, chains);
    all = multiply(chains[0], chains[1]);
  }
  const Element<L> inverse = invert(all);
  Element<L> even = multiply(inverse, chains[1]);
  Element<L> odd = multiply(inverse, chains[0]);
  unsigned i = count;
  if (i % 2 == 1) {
    --i;
    const Element<L> own = multiply(even, products[i]);
    even = multiply(even, run(additions[i]));
    finish(additions[i], own);
  }
  while (i > 0) {
    i -= 2;
    const Element<L> own_even = multiply(even, products[i]);
    const Element<L> own_odd = multiply(odd, products[i + 1]);
    even = multiply(even, run(additions[i]));
    odd = multiply(odd, run(additions[i + 1]));
    finish(additions[i], own_even);
    finish(additions[i + 1], own_odd);
  }
}

/// Writes each lane's point as a row: lane i at rows + i * stride. `rows` and `stride` are
/// multiples of 64 bytes.
template <class L>
[[gnu::noinline]] void store_rows(const AffinePoint<L>& point, std::uint8_t* rows,
                                  std::size_t stride) {
  L words[8];
  to_words(normalize(point.x), words);
  to_words(normalize(carry_signed<detail::kSlopeBound>(point.y)), words + 4);
  store_transposed(words, rows, stride);
}

}  // namespace buri::accel::vector
