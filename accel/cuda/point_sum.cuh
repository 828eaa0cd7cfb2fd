#pragma once

#include "accel/cuda/signature_input.cuh"

/// The sums u1 * G + u2 * Q of a signature check, one item per thread, without divergence: odd
/// digits only, so every item takes the same additions. An exceptional addition leaves Z = 0.

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
  const Jacobian twice = double_point({q.x, q.y, field_one()});
  const FieldElement zz = F::sqr(twice.z);
  const Affine step{twice.x, twice.y};
  Jacobian multiple{F::mul(q.x, zz), F::mul(q.y, F::mul(zz, twice.z)), field_one()};
#pragma unroll 1
  for (unsigned i = 0; i + 1 < kOddMultiples; ++i) {
    FieldElement ratio;
    const Jacobian next = add_mixed(multiple, step, ratio);
    table.entry[i] = {multiple.x, multiple.y, ratio};
    multiple = next;
  }
  const FieldElement beta = F::constant(curve::endomorphism_beta());
  table.scale = F::mul(multiple.z, twice.z);
  table.entry[kOddMultiples - 1] = {multiple.x, multiple.y, F::mul(multiple.x, beta)};
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

/// y, or -y: the sign of a digit.
BURI_HOST_DEVICE inline FieldElement with_sign(const FieldElement& y, bool negative) {
  const FieldElement minus = field_sub(DeviceField::constant({{0, 0, 0, 0}}), y);
  return DeviceField::select(negative, minus, y);
}

/// The row that `digits` (0: of first, 1: of second, times lambda) names for a window.
BURI_HOST_DEVICE inline Affine look_up(const OddMultiples& table, const curve::OddDigits& digits,
                                       unsigned window, unsigned half) {
  const curve::SignedDigit digit = digits.at(kWindowBits * window, kWindowBits);
  const OddMultiples::Entry& entry = table.entry[digit.row];
  const FieldElement& x = half == 0 ? entry.x : entry.x_lambda;
  return {x, with_sign(entry.y, digit.negative)};
}

/// u2 * Q on secp256k1.
BURI_HOST_DEVICE inline Jacobian sum_windows(const OddMultiples& table,
                                             const curve::OddDigits (&digits)[2]) {
  Jacobian sum = curve::to_jacobian<DeviceField>(look_up(table, digits[0], kWindows - 1, 0));
#pragma unroll 1
  for (unsigned step = 1; step < 2 * kWindows; ++step) {
    const unsigned half = step % 2;
    if (half == 0) {
#pragma unroll 1
      for (unsigned i = 0; i < kWindowBits; ++i) sum = double_point(sum);
    }
    sum = add_mixed(sum, look_up(table, digits[half], kWindows - 1 - step / 2, half));
  }
  sum.z = DeviceField::mul(sum.z, table.scale);
  return sum;
}

/// Row `window` of a comb for these digits, with its sign.
template <class Comb>
BURI_HOST_DEVICE inline Affine look_up(const DeviceRow* rows, const curve::OddDigits& digits,
                                       unsigned window) {
  const curve::SignedDigit digit = Comb::look_up(digits, window);
  const DeviceRow& row = rows[digit.row];
  return {row.x, with_sign(row.y, digit.negative)};
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
    sum = add_mixed(sum, look_up<Comb>(rows, digits[half], window));
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
      look_up<GeneratorComb>(generator_rows, digits.generator[1], 0));
#pragma unroll 1
  for (unsigned step = 1; step < 2 * kPerHalf; ++step) {
    const unsigned half = step < kPerHalf ? 1 : 0;
    const unsigned window = step % kPerHalf;
    if (window == 0) sum = times_lambda(sum, 1);
    sum = add_mixed(
        sum,
        window < GeneratorComb::kWindows
            ? look_up<GeneratorComb>(generator_rows, digits.generator[half], window)
            : look_up<KeyComb>(key_rows, digits.point[half], window - GeneratorComb::kWindows));
  }
  return sum;
}

}  // namespace buri::accel::cuda
