#pragma once

#include <cstdint>

#include "accel/avx512/field.hpp"
#include "accel/avx512/order.hpp"

/// Inversions. A batch of values costs one single inversion (Montgomery's trick), so a batch first
/// multiplies its values to one product per lane, then these functions multiply the lanes together,
/// invert one number, and part the result again.

namespace buri::accel::avx512 {

/// 1 / value modulo an odd prime, both as four little-endian words. Variable time (public data):
/// Bernstein and Yang's division steps, 62 at a time (https://gcd.cr.yp.to/papers.html#safegcd).
/// 0 gives 0. REQUIRES: value < modulus, and `modulus_inverse` = 1 / modulus mod 2^62.
void invert_words(const std::uint64_t (&modulus)[4], std::uint64_t modulus_inverse,
                  std::uint64_t (&value)[4]);

/// 1 / a in every lane. REQUIRES: no lane is 0 modulo p.
Element invert(const Element& a);

/// R / a mod n in every lane, with R = 2^260 (order.hpp). REQUIRES: no lane is 0 modulo n.
OrderElement invert(const OrderElement& a);

}  // namespace buri::accel::avx512
