#pragma once

#include "accel/vector/field.hpp"

/// Square roots modulo p, for decompressing points.

namespace buri::accel::vector {

/// x^3 + 7.
template <class L>
[[gnu::always_inline]] inline Element<L> curve_square(const Element<L>& x) {
  Sum<L> cube = multiply_wide(square(x), x);
  cube.limb[0] = add(cube.limb[0], L::splat(7));
  return carry(cube);
}

namespace detail {

/// Values that go through the chain in step.
template <unsigned kWidth, class L>
struct Batch {
  Element<L> value[kWidth];
};

/// a^(2^count) * b.
template <unsigned kWidth, class L>
Batch<kWidth, L> square_times_multiply(Batch<kWidth, L> a, unsigned count,
                                       const Batch<kWidth, L>& b) {
  for (unsigned i = 0; i < count; ++i) {
    for (unsigned j = 0; j < kWidth; ++j) a.value[j] = square(a.value[j]);
  }
  for (unsigned j = 0; j < kWidth; ++j) a.value[j] = multiply(a.value[j], b.value[j]);
  return a;
}

/// (p + 1) / 4 = (2^223 - 1) 2^31 + (2^22 - 1) 2^8 + 0b1100; `onesK` is a^(2^K - 1).
template <unsigned kWidth, class L>
void chain(Element<L>* values) {
  Batch<kWidth, L> a;
  for (unsigned j = 0; j < kWidth; ++j) a.value[j] = values[j];
  const auto ones2 = square_times_multiply(a, 1, a);
  const auto ones3 = square_times_multiply(ones2, 1, a);
  const auto ones6 = square_times_multiply(ones3, 3, ones3);
  const auto ones9 = square_times_multiply(ones6, 3, ones3);
  const auto ones11 = square_times_multiply(ones9, 2, ones2);
  const auto ones22 = square_times_multiply(ones11, 11, ones11);
  const auto ones44 = square_times_multiply(ones22, 22, ones22);
  const auto ones88 = square_times_multiply(ones44, 44, ones44);
  const auto ones176 = square_times_multiply(ones88, 88, ones88);
  const auto ones220 = square_times_multiply(ones176, 44, ones44);
  const auto ones223 = square_times_multiply(ones220, 3, ones3);
  const auto joined = square_times_multiply(ones223, 23, ones22);
  const auto last = square_times_multiply(joined, 6, ones2);
  for (unsigned j = 0; j < kWidth; ++j) values[j] = square(square(last.value[j]));
}

}  // namespace detail

/// Replaces values[g], g < count, by a root of it where it is a square, else by a root of its
/// opposite: the caller squares to find out. a^((p + 1) / 4), 253 squarings and 13 multiplications,
/// two values in step so that one's latency hides the other's.
template <class L>
[[gnu::noinline]] void square_roots(Element<L>* values, unsigned count) {
  unsigned i = 0;
  for (; i + 1 < count; i += 2) detail::chain<2>(values + i);
  if (i < count) detail::chain<1>(values + i);
}

}  // namespace buri::accel::vector
