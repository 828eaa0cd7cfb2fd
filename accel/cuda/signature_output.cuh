#pragma once

#include "accel/cuda/keccak256.cuh"
#include "accel/cuda/signature_input.cuh"

/// From the final sum to the answer of one item.

namespace buri::accel::cuda {

/// A recovered key as it stands in memory: X then Y, big-endian, and its address.
struct alignas(8) RecoveredKey {
  std::uint64_t key[8];
  std::uint32_t address[5];
};

BURI_HOST_DEVICE inline std::uint64_t byte_swap(std::uint64_t value) {
  const auto high = static_cast<std::uint32_t>(value >> 32);
  return static_cast<std::uint64_t>(byte_swap(static_cast<std::uint32_t>(value))) << 32 |
         byte_swap(high);
}

/// Key and address of the affine point sum / z^2, sum / z^3.
BURI_HOST_DEVICE inline RecoveredKey recovered_key(const Jacobian& sum,
                                                   const FieldElement& z_inverse) {
  const Affine point = curve::to_affine<DeviceField>(sum, z_inverse);
  const curve::Uint256 x = DeviceField::to_integer(point.x);
  const curve::Uint256 y = DeviceField::to_integer(point.y);
  RecoveredKey answer;
#pragma unroll
  for (unsigned i = 0; i < 4; ++i) {
    answer.key[i] = byte_swap(x.limb[3 - i]);
    answer.key[i + 4] = byte_swap(y.limb[3 - i]);
  }
  std::uint64_t digest[kHashWords64];
  keccak256(answer.key, sizeof answer.key, digest);
#pragma unroll
  for (unsigned i = 0; i < 5; ++i) {
    const unsigned half = i + 3;  // the last 20 of 32 bytes
    answer.address[i] = static_cast<std::uint32_t>(digest[half / 2] >> (32 * (half % 2)));
  }
  return answer;
}

/// Whether the sum's x-coordinate is r mod n; kUndecided for a sum at infinity.
BURI_HOST_DEVICE inline Verdict match_r(const Jacobian& sum, const curve::Uint256& r) {
  using F = DeviceField;
  if (F::is_zero(sum.z)) return kUndecided;
  const FieldElement zz = F::sqr(sum.z);
  const FieldElement off = field_sub(F::mul(F::constant(r), zz), sum.x);
  const FieldElement step = F::mul(F::constant(curve::group_order()), zz);
  const bool second = curve::less(r, curve::prime_minus_order());
  const bool match = F::is_zero(off) || (second && F::is_zero(F::add(off, step)));
  return match ? kVerdictOk : verdict(SignatureStatus::kMismatch);
}

}  // namespace buri::accel::cuda
