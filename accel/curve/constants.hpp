#pragma once

#include "accel/curve/uint256.hpp"

/// secp256k1: y^2 = x^3 + 7 over the integers mod p (SEC 2 v2, 2.4.1). Functions rather than
/// variables, so that device code may index the limbs.

namespace buri::accel::curve {

/// p = 2^256 - 2^32 - 977.
BURI_HOST_DEVICE constexpr Uint256 field_prime() {
  return {{0xfffffffefffffc2f, 0xffffffffffffffff, 0xffffffffffffffff, 0xffffffffffffffff}};
}
/// 2^256 - p, what a carry out of 256 bits is worth mod p.
inline constexpr std::uint64_t kFieldFold = 0x1000003d1;

/// n, the prime number of points.
BURI_HOST_DEVICE constexpr Uint256 group_order() {
  return {{0xbfd25e8cd0364141, 0xbaaedce6af48a03b, 0xfffffffffffffffe, 0xffffffffffffffff}};
}
/// 2^256 - n, 129 bits.
BURI_HOST_DEVICE constexpr Uint256 order_fold() {
  return {{0x402da1732fc9bebf, 0x4551231950b75fc4, 1, 0}};
}
/// floor(n / 2), the largest s that low-s rules accept.
BURI_HOST_DEVICE constexpr Uint256 half_order() {
  return {{0xdfe92f46681b20a0, 0x5d576e7357a4501d, 0xffffffffffffffff, 0x7fffffffffffffff}};
}
/// p - n: an r below it may stand for the x-coordinate r + n.
BURI_HOST_DEVICE constexpr Uint256 prime_minus_order() {
  return {{0x402da1722fc9baee, 0x4551231950b75fc4, 1, 0}};
}

/// beta, a cube root of 1 mod p: (x, y) -> (beta x, y) multiplies a point by lambda.
BURI_HOST_DEVICE constexpr Uint256 endomorphism_beta() {
  return {{0xc1396c28719501ee, 0x9cf0497512f58995, 0x6e64479eac3434e9, 0x7ae96a2b657c0710}};
}
/// lambda, the matching cube root of 1 mod n.
BURI_HOST_DEVICE constexpr Uint256 endomorphism_lambda() {
  return {{0xdf02967c1b23bd72, 0x122e22ea20816678, 0xa5261c028812645a, 0x5363ad4cc05c30e0}};
}

/// The generator's coordinates.
BURI_HOST_DEVICE constexpr Uint256 generator_x() {
  return {{0x59f2815b16f81798, 0x029bfcdb2dce28d9, 0x55a06295ce870b07, 0x79be667ef9dcbbac}};
}
BURI_HOST_DEVICE constexpr Uint256 generator_y() {
  return {{0x9c47d08ffb10d4b8, 0xfd17b448a6855419, 0x5da4fbfc0e1108a8, 0x483ada7726a3c465}};
}

}  // namespace buri::accel::curve
