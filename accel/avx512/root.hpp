#pragma once

#include "accel/avx512/field.hpp"

/// Square roots modulo p, for decompressing points.

namespace buri::accel::avx512 {

/// Replaces values[g], g < count, by a root of it where it is a square, else by a root of its
/// opposite: the caller squares to find out. a^((p + 1) / 4), 253 squarings and 13 multiplications,
/// two values in step so that one's latency hides the other's.
void square_roots(Element* values, unsigned count);

/// x^3 + 7.
[[gnu::always_inline]] inline Element curve_square(const Element& x) {
  Sum cube = multiply_wide(square(x), x);
  cube.limb[0] = add(cube.limb[0], splat(7));
  return carry(cube);
}

}  // namespace buri::accel::avx512
