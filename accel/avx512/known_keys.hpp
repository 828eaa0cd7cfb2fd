#pragma once

#include "accel/avx512/tile.hpp"

/// u1 * G + u2 * Q for keys Q with tables: a sum of table rows, no doubling at all.

namespace buri::accel::avx512 {

/// Points of each half of the two splits; the second half's sum goes through the endomorphism.
inline constexpr unsigned kHalfPoints = curve::KeyComb::kWindows + curve::GeneratorComb::kWindows;

struct alignas(64) KnownKeyGroup {
  LaneMask exceptions;
  AffinePoint points[2 * kHalfPoints];
};

/// What a tile of known-key verification works in.
struct KnownKeyScratch {
  KnownKeyGroup groups[kTileGroups];
  Element products[kTileGroups * kHalfPoints];
  Addition additions[kTileGroups * kHalfPoints];

  AdditionList list() { return {additions, products, kTileGroups * kHalfPoints}; }
};

}  // namespace buri::accel::avx512
