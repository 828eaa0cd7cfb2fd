#pragma once

#include "accel/cuda/signature_input.cuh"

/// The sums u1 * G + u2 * Q of a signature check, one item per thread, without divergence: odd
/// digits only, so every item takes the same additions. An exceptional addition leaves Z = 0.
///
/// The formulas of point.cuh negate: a running sum that has taken k of them is (-1)^k times the
/// true one, so summands get that sign before they are added.

namespace buri::accel::cuda {

inline constexpr unsigned kWindowBits = 4;
inline constexpr unsigned kWindows = 33;
inline constexpr unsigned kOddMultiples = 1u << (kWindowBits - 1);
inline constexpr unsigned kPointBits = kWindowBits * kWindows;

/// Row i is (2 i + 1) Q on a curve isomorphic to secp256k1 where all rows are affine, with the
/// x-coordinate of lambda times it beside it. A sum (x, y, z) of rows is (x, y, z * scale) on
/// secp256k1. No inversion is needed to build it.
struct alignas(16) OddMultiples {
  struct Entry {
    FieldElement x;
    FieldElement y;
    FieldElement x_lambda;
  };
  Entry entry[kOddMultiples];
  FieldElement scale;
};

/// Builds the table of Q. With D = 2Q = (dx, dy, dz), the curve on which D is the affine point
/// (dx, dy) has Q at (x dz^2, y dz^3); mixed additions of D give the rest, and a walk back over the
/// ratios of their z brings all of them to the last one's z.
BURI_HOST_DEVICE inline void build_odd_multiples(const Affine& q, OddMultiples& table) {
  using F = DeviceField;
  const Jacobian minus_twice = double_negated({q.x, q.y, field_one()});
  const FieldElement zz = F::sqr(minus_twice.z);
  // The step waits in the last entry, which is written last: sixteen registers less.
  OddMultiples::Entry& minus_step = table.entry[kOddMultiples - 1];
  minus_step.x = minus_twice.x;
  minus_step.y = minus_twice.y;
  table.scale = minus_twice.z;
  Jacobian multiple{F::mul(q.x, zz), F::mul(q.y, F::mul(zz, minus_twice.z)), field_one()};
#pragma unroll 1
  for (unsigned i = 0; i + 1 < kOddMultiples; ++i) {
    FieldElement ratio;
    const bool negated = i % 2 != 0;
    const Jacobian next =
        add_negated(multiple, {minus_step.x, with_sign(minus_step.y, !negated)}, ratio);
    table.entry[i] = {multiple.x, with_sign(multiple.y, negated), ratio};
    multiple = next;
  }
  const FieldElement beta = F::constant(curve::endomorphism_beta());
  table.scale = F::mul(multiple.z, table.scale);
  static_assert(kOddMultiples % 2 == 0, "the last multiple is negated");
  table.entry[kOddMultiples - 1] = {multiple.x, with_sign(multiple.y, true),
                                    F::mul(multiple.x, beta)};
  FieldElement scale = field_one();
#pragma unroll 1
  for (unsigned i = kOddMultiples - 1; i-- > 0;) {
    scale = F::mul(scale, table.entry[i].x_lambda);
    const FieldElement square = F::sqr(scale);
    const FieldElement x = F::mul(table.entry[i].x, square);
    const FieldElement y = F::mul(table.entry[i].y, F::mul(square, scale));
    table.entry[i] = {x, y, F::mul(x, beta)};
  }
}

/// The row that `digits` (0: of first, 1: of second, times lambda) names for a window.
BURI_HOST_DEVICE inline Affine look_up(const OddMultiples& table, const curve::OddDigits& digits,
                                       unsigned window, unsigned half, bool negated) {
  const curve::SignedDigit digit = digits.at(kWindowBits * window, kWindowBits);
  const OddMultiples::Entry& entry = table.entry[digit.row];
  const FieldElement& x = half == 0 ? entry.x : entry.x_lambda;
  return {x, with_sign(entry.y, digit.negative != negated)};
}

/// u2 * Q on secp256k1.
BURI_HOST_DEVICE inline Jacobian sum_windows(const OddMultiples& table,
                                             const curve::OddDigits (&digits)[2]) {
  static_assert(kWindowBits % 2 == 0, "the doublings of a window keep the sign");
  Jacobian sum = curve::to_jacobian<DeviceField>(look_up(table, digits[0], kWindows - 1, 0, false));
#pragma unroll 1
  for (unsigned step = 1; step < 2 * kWindows; ++step) {
    const unsigned half = step % 2;
    if (half == 0) {
#pragma unroll 1
      for (unsigned i = 0; i < kWindowBits; ++i) sum = double_negated(sum);
    }
    const unsigned window = kWindows - 1 - step / 2;
    sum = add_negated(sum, look_up(table, digits[half], window, half, half == 0));
  }
  sum.z = DeviceField::mul(sum.z, table.scale);
  return with_sign(sum, true);
}

/// Row `window` of a comb for these digits, with its sign.
template <class Comb>
BURI_HOST_DEVICE inline Affine look_up(const DeviceRow* rows, const curve::OddDigits& digits,
                                       unsigned window, bool negated) {
  const curve::SignedDigit digit = Comb::look_up(digits, window);
  const DeviceRow& row = rows[digit.row];
  return {row.x, with_sign(row.y, digit.negative != negated)};
}

/// lambda^power * sum.
BURI_HOST_DEVICE inline Jacobian times_lambda(Jacobian sum, unsigned power) {
  const FieldElement beta = DeviceField::constant(curve::endomorphism_beta());
#pragma unroll 1
  for (unsigned i = 0; i < power; ++i) sum.x = DeviceField::mul(sum.x, beta);
  return sum;
}

/// sum + u1 * G. The rows of the second half are added to lambda^2 * sum = sum / lambda, those of
/// the first after multiplying all by lambda.
BURI_HOST_DEVICE inline Jacobian add_generator(Jacobian sum, const DeviceRow* rows,
                                               const curve::OddDigits (&digits)[2]) {
  using Comb = curve::GeneratorComb;
#pragma unroll 1
  for (unsigned step = 0; step < 2 * Comb::kWindows; ++step) {
    const unsigned half = step < Comb::kWindows ? 1 : 0;
    const unsigned window = step % Comb::kWindows;
    if (window == 0) sum = times_lambda(sum, 1 + half);
    sum = add_negated(sum, look_up<Comb>(rows, digits[half], window, step % 2 != 0));
  }
  return sum;
}

/// u1 * G + u2 * Q from the combs of both, without a doubling.
BURI_HOST_DEVICE inline Jacobian sum_combs(const DeviceRow* generator_rows,
                                           const DeviceRow* key_rows, const SumDigits& digits) {
  using GeneratorComb = curve::GeneratorComb;
  using KeyComb = curve::KeyComb;
  constexpr unsigned kPerHalf = GeneratorComb::kWindows + KeyComb::kWindows;
  Jacobian sum = curve::to_jacobian<DeviceField>(
      look_up<GeneratorComb>(generator_rows, digits.generator[1], 0, false));
#pragma unroll 1
  for (unsigned step = 1; step < 2 * kPerHalf; ++step) {
    const unsigned half = step < kPerHalf ? 1 : 0;
    const unsigned window = step % kPerHalf;
    const bool negated = step % 2 == 0;
    if (window == 0) sum = times_lambda(sum, 1);
    sum = add_negated(
        sum, window < GeneratorComb::kWindows
                 ? look_up<GeneratorComb>(generator_rows, digits.generator[half], window, negated)
                 : look_up<KeyComb>(key_rows, digits.point[half], window - GeneratorComb::kWindows,
                                    negated));
  }
  return with_sign(sum, true);
}

}  // namespace buri::accel::cuda
