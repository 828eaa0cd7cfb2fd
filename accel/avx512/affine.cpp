#include "accel/avx512/affine.hpp"

#include "accel/avx512/inverse.hpp"

namespace buri::accel::avx512 {

namespace {

/// Twice the largest |y limb| of an AffinePoint, in multiples of 2^48, and one to spare.
constexpr std::uint64_t kSlopeBound = 1u << 14;

/// What an addition inverts: the run of its chord, or twice y for a tangent.
[[gnu::always_inline]] inline Element run(const Addition& a) {
  const Element plain = a.left == a.right ? carry_signed<kSlopeBound>(scale<1>(a.left->y))
                                          : carry_signed<8>(widen(a.right->x) - widen(a.left->x));
  if (a.exceptional == 0) [[likely]]
    return plain;
  return select(a.exceptional, one_element(), plain);
}

/// Completes an addition, given the inverse of its run.
[[gnu::always_inline]] inline void finish(const Addition& a, const Element& inverse) {
  const AffinePoint left = *a.left;
  const Element right_x = a.right->x;
  Element rise;
  if (a.left == a.right) {
    const Sum xx = square_wide(left.x);
    rise = carry(xx + scale<1>(xx));
  } else {
    rise = carry_signed<kSlopeBound>(a.right->y - left.y);
  }
  const Element slope = multiply(rise, inverse);
  const Element x = carry_signed<16>(square_wide(slope) - widen(left.x) - widen(right_x));
  const Element back = carry_signed<8>(widen(left.x) - widen(x));
  const Sum y = multiply_wide(slope, back) - left.y;
  a.result->x = x;
  a.result->y = y;
}

/// products[i] = the product of the runs of i - 2, i - 4, ...: two chains, so that one's latency
/// hides the other's. `chains` receives both full products.
void multiply_runs(const Addition* additions, unsigned count, Element* products,
                   Element chains[2]) {
  Element even = one_element();
  Element odd = one_element();
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
void find_exceptions(Addition* additions, unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    additions[i].exceptional = is_zero(run(additions[i]));
    *additions[i].exceptions |= additions[i].exceptional;
  }
}

}  // namespace

void add_all(Addition* additions, unsigned count, Element* products) {
  if (count == 0) return;
  Element chains[2];
  multiply_runs(additions, count, products, chains);
  Element all = multiply(chains[0], chains[1]);
  if (is_zero(all) != 0) [[unlikely]] {
    find_exceptions(additions, count);
    multiply_runs(additions, count, products, chains);
    all = multiply(chains[0], chains[1]);
  }
  const Element inverse = invert(all);
  Element even = multiply(inverse, chains[1]);
  Element odd = multiply(inverse, chains[0]);
  unsigned i = count;
  if (i % 2 == 1) {
    --i;
    const Element own = multiply(even, products[i]);
    even = multiply(even, run(additions[i]));
    finish(additions[i], own);
  }
  while (i > 0) {
    i -= 2;
    const Element own_even = multiply(even, products[i]);
    const Element own_odd = multiply(odd, products[i + 1]);
    even = multiply(even, run(additions[i]));
    odd = multiply(odd, run(additions[i + 1]));
    finish(additions[i], own_even);
    finish(additions[i + 1], own_odd);
  }
}

void store_rows(const AffinePoint& point, std::uint8_t* rows, std::size_t stride) {
  Lanes words[kLanes];
  to_words(normalize(point.x), words);
  to_words(normalize(carry_signed<kSlopeBound>(point.y)), words + 4);
  alignas(64) std::uint64_t transposed[kLanes * kLanes];
  store_transposed(words, transposed);
  for (unsigned i = 0; i < kLanes; ++i) store(rows + i * stride, load(transposed + kLanes * i));
}

}  // namespace buri::accel::avx512
