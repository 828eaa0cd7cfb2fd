#pragma once

#include "accel/avx512/batch.hpp"
#include "accel/avx512/gather.hpp"

/// u1 * G + u2 * P for points P met for the first time: what recover and verify spend their time
/// on.
///
/// u2 = first + second * lambda, each half in 26 odd digits of 5 bits. Everything that is not a
/// doubling is done with affine additions that share inversions across the tile:
///   1. the odd multiples P .. 31P, and in the same five steps the 22 comb rows of u1 * G;
///   2. for each of the 26 windows, one sum of the two halves' points;
///   3. per group, Horner's rule over the 26 sums: 125 doublings and 25 mixed additions;
///   4. one mixed addition of u1 * G.

namespace buri::accel::avx512 {

inline constexpr unsigned kLadderWindowBits = 5;
inline constexpr unsigned kLadderWindows = 26;
inline constexpr unsigned kLadderBits = kLadderWindowBits * kLadderWindows;
inline constexpr unsigned kLadderRows = 1u << (kLadderWindowBits - 1);

/// One group of eight on its way through the ladder. The caller sets the first part.
struct alignas(64) LadderGroup {
  OrderElement u1;
  OrderElement u2;
  LaneMask negate_u1;    ///< lanes that want u2 * P - u1 * G
  LaneMask exceptions;   ///< in: 0; out: lanes whose result is meaningless
  AffinePoint point;     ///< P
  JacobianPoint result;  ///< z = 0 where a mixed addition met an exception

  AffinePoint odd[kLadderRows];  ///< (2 i + 1) P
  AffinePoint even[4];           ///< 2P, 4P, 8P, 16P
  std::uint8_t rows[kLadderRows][kLanes][64];
  AffinePoint left[kLadderWindows];
  AffinePoint right[kLadderWindows];
  AffinePoint generator[2 * curve::GeneratorComb::kWindows];
};

/// The most additions that one step of the ladder makes for a group.
inline constexpr unsigned kLadderAdditions = kLadderWindows;

/// Fills `result` and `exceptions` of groups[0, count). `generator_rows` is the comb of
/// accel/generator_table.hpp.
void run_ladder(LadderGroup* groups, unsigned count, const void* generator_rows,
                AdditionList& list);

}  // namespace buri::accel::avx512
