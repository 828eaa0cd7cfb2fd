#pragma once

#include "accel/avx512/jacobian.hpp"

/// Sums of affine points, thousands at a time. One addition alone needs an inversion; additions
/// that do not depend on each other share one, and then cost 5M + 1S each: half of a mixed Jacobian
/// addition, and the result is affine again.

namespace buri::accel::avx512 {

/// *result = *left + *right, in eight lanes. left == right asks for the double. `result` may be an
/// operand of this addition, but of no other one of the same call.
struct Addition {
  AffinePoint* result;
  const AffinePoint* left;
  const AffinePoint* right;
  /// Receives the lanes in which left and right have the same x: their result is meaningless, and
  /// so are all sums made of it; the caller decides those signatures in another way.
  LaneMask* exceptions;
  /// Lanes found exceptional; set by add_all.
  LaneMask exceptional = 0;
};

/// Does all additions, which must not depend on each other. `products` is scratch for `count`
/// elements. Lanes share an inversion, so an exception anywhere costs a second pass over the
/// differences, but never touches other lanes' results.
void add_all(Addition* additions, unsigned count, Element* products);

/// Eight table rows (accel/key_set.hpp: 64 bytes, x then y in little-endian words), one per lane,
/// the y of lanes in `negative` negated.
[[gnu::always_inline]] inline AffinePoint load_rows(const void* const rows[kLanes],
                                                    LaneMask negative) {
  Lanes words[kLanes];
  load_transposed(rows, words);
  AffinePoint result{from_words(words), widen(from_words(words + 4))};
  for (Lanes& limb : result.y.limb) {
    limb = _mm512_mask_sub_epi64(limb, negative, zero_lanes(), limb);
  }
  return result;
}

/// Writes each lane's point as a row: lane i at rows + i * stride. `stride` is a multiple of 64
/// bytes.
void store_rows(const AffinePoint& point, std::uint8_t* rows, std::size_t stride);

}  // namespace buri::accel::avx512
