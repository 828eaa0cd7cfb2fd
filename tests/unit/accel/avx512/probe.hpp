#pragma once

#include <cstdint>

/// A door to the inline arithmetic of accel/avx512/ for portable tests: the functions are compiled
/// for AVX-512 IFMA, take plain memory and may be called only where cpu_features().avx512_ifma.

namespace buri::accel::avx512 {

/// Eight numbers of five 52-bit limbs: limb i of lane l at [i][l]. As a Sum, limbs are signed.
struct alignas(64) ProbeNumbers {
  std::uint64_t limb[5][8];
};
/// Eight numbers of four 64-bit words.
struct alignas(64) ProbeWords {
  std::uint64_t word[4][8];
};

/// field.hpp and order.hpp.
struct FieldProbe {
  void (*multiply)(const ProbeNumbers& a, const ProbeNumbers& b, ProbeNumbers& result);
  void (*square)(const ProbeNumbers& a, ProbeNumbers& result);
  /// carry(reduce(a * b)).
  void (*multiply_wide)(const ProbeNumbers& a, const ProbeNumbers& b, ProbeNumbers& result);
  /// a^2 + b * c under one reduction.
  void (*square_plus_product)(const ProbeNumbers& a, const ProbeNumbers& b, const ProbeNumbers& c,
                              ProbeNumbers& result);
  void (*carry)(const ProbeNumbers& sum, ProbeNumbers& result);
  /// carry_signed<kSignedBound>.
  void (*carry_signed)(const ProbeNumbers& sum, ProbeNumbers& result);
  void (*normalize)(const ProbeNumbers& a, ProbeNumbers& result);
  void (*negate)(const ProbeNumbers& a, ProbeNumbers& result);
  void (*from_words)(const ProbeWords& words, ProbeNumbers& result);
  void (*to_words)(const ProbeNumbers& a, ProbeWords& words);
  unsigned (*is_zero)(const ProbeNumbers& a);
  unsigned (*is_equal)(const ProbeNumbers& a, const ProbeNumbers& b);
  unsigned (*is_odd)(const ProbeNumbers& a);
  void (*order_multiply)(const ProbeNumbers& a, const ProbeNumbers& b, ProbeNumbers& result);
  void (*order_normalize)(const ProbeNumbers& a, ProbeNumbers& result);

  static constexpr std::uint64_t kSignedBound = 1u << 12;
};
const FieldProbe& field_probe();

/// inverse.hpp and root.hpp.
struct InverseProbe {
  void (*invert)(const ProbeNumbers& a, ProbeNumbers& result);
  void (*order_invert)(const ProbeNumbers& a, ProbeNumbers& result);
  void (*square_roots)(ProbeNumbers* values, unsigned count);
};
const InverseProbe& inverse_probe();

}  // namespace buri::accel::avx512
