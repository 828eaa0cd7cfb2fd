#pragma once

#include <cstddef>

#include "accel/curve/uint256.hpp"

/// Single inverses on the host. Plain functions, never inline: the units for wide registers call
/// them too, and must not bring a copy of their own.

namespace buri::accel::curve {

/// 1 / a mod n, and 0 for 0. REQUIRES: a < n. About a microsecond; public data only, as its time
/// depends on a.
Uint256 invert_mod_n(const Uint256& a);

/// 1 / a mod p, and 0 for 0. REQUIRES: a < p. Otherwise as invert_mod_n.
Uint256 invert_mod_p(const Uint256& a);

/// Replaces each of `count` values below n by its inverse mod n (0 stays 0): one inversion and
/// three multiplications a value (Montgomery's trick). `products` is scratch of `count` values;
/// neither may alias the other.
void batch_invert_mod_n(Uint256* values, Uint256* products, std::size_t count);

}  // namespace buri::accel::curve
