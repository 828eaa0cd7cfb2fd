#pragma once

#include <cstdint>
#include <vector>

/// A door to the inline arithmetic of accel/vector for portable tests: the functions are compiled
/// for one width of registers, take plain memory, and may be called only where the processor has
/// the instructions and between enter() and leave().

namespace buri::accel::vector {

/// Numbers of five 52-bit limbs, one per lane: limb i of lane l at [i][l]. As a Sum, limbs are
/// signed. Narrow registers use the first lanes.
struct alignas(64) ProbeNumbers {
  std::uint64_t limb[5][8];
};
/// Numbers of four 64-bit words, one per lane.
struct alignas(64) ProbeWords {
  std::uint64_t word[4][8];
};

/// What field.hpp, order.hpp, inverse.hpp and root.hpp offer.
struct Probe {
  const char* name;
  unsigned lanes;
  bool (*is_supported)();
  /// Sets the processor up for the functions below, and back; nothing else is to run in between
  /// that rounds.
  unsigned (*enter)();
  void (*leave)(unsigned entered);

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
  void (*invert)(const ProbeNumbers& a, ProbeNumbers& result);
  void (*order_invert)(const ProbeNumbers& a, ProbeNumbers& result);
  void (*square_roots)(ProbeNumbers* values, unsigned count);

  static constexpr std::uint64_t kSignedBound = 1u << 12;
};

/// One probe per width of registers.
const Probe& avx2_probe();
const Probe& avx512_probe();

/// Those whose instructions the processor has; says which it lacks.
std::vector<const Probe*> supported_probes();

}  // namespace buri::accel::vector
