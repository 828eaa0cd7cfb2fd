#pragma once

#include "accel/scalar/packed_field.hpp"

namespace buri::accel::scalar {

/// 4x64 multiplication in plain C++: for processors without mulx and adx, and as a second opinion.
struct PortableMultiplier {
  static Uint256 multiply(const Uint256& a, const Uint256& b) {
    return fold(curve::mul_wide(a, b));
  }
  static Uint256 square(const Uint256& a) { return fold(curve::mul_wide(a, a)); }

  /// wide mod p, as any 256-bit representative.
  static Uint256 fold(const curve::Uint512& wide) {
    using curve::Uint128;
    Uint256 result;
    Uint128 carry = 0;
    for (int i = 0; i < 4; ++i) {
      carry += Uint128{wide.limb[4 + i]} * kFieldFold + wide.limb[i];
      result.limb[i] = static_cast<std::uint64_t>(carry);
      carry >>= 64;
    }
    // carry < 2^34, so its fold is below 2^68.
    Uint128 rest = carry * kFieldFold;
    for (int i = 0; i < 4; ++i) {
      rest += result.limb[i];
      result.limb[i] = static_cast<std::uint64_t>(rest);
      rest >>= 64;
    }
    // If that carried, what remains is below 2^68: one more fold reaches the second limb at most.
    const Uint128 low = Uint128{result.limb[0]} + static_cast<std::uint64_t>(rest) * kFieldFold;
    result.limb[0] = static_cast<std::uint64_t>(low);
    result.limb[1] += static_cast<std::uint64_t>(low >> 64);
    return result;
  }
};

using PortableField = PackedField<PortableMultiplier>;
static_assert(curve::Field<PortableField>);

}  // namespace buri::accel::scalar
