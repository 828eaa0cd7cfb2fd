#pragma once

#include "accel/scalar/packed_field.hpp"

namespace buri::accel::scalar {

/// 4x64 multiplication with mulx and two independent carry chains (adcx through CF, adox through
/// OF). REQUIRES: cpu_features().bmi2_adx. Inline assembly, so that the unit needs no compiler
/// flags that would let wide instructions leak into portable code.
///
/// Registers: l0..l7 are the product's limbs, `low` and `high` one mulx result, rdx its multiplier.
/// Needs fourteen registers, so the units that include this are always optimised.
struct AdxMultiplier {
  [[gnu::always_inline]] static Uint256 multiply(const Uint256& a, const Uint256& b);
  [[gnu::always_inline]] static Uint256 square(const Uint256& a);
};

// l7..l4 * fold + l3..l0, then the carry limb * fold, then the last carry * fold. The bounds are
// those of PortableMultiplier::fold. Leaves the result in l0..l3.
#define BURI_ADX_FOLD                \
  "movabsq $0x1000003d1, %%rdx\n\t"  \
  "xorl %k[low], %k[low]\n\t"        \
  "mulxq %[l4], %[low], %[high]\n\t" \
  "adcxq %[low], %[l0]\n\t"          \
  "adoxq %[high], %[l1]\n\t"         \
  "mulxq %[l5], %[low], %[high]\n\t" \
  "adcxq %[low], %[l1]\n\t"          \
  "adoxq %[high], %[l2]\n\t"         \
  "mulxq %[l6], %[low], %[high]\n\t" \
  "adcxq %[low], %[l2]\n\t"          \
  "adoxq %[high], %[l3]\n\t"         \
  "mulxq %[l7], %[low], %[l4]\n\t"   \
  "movl $0, %k[high]\n\t"            \
  "adcxq %[low], %[l3]\n\t"          \
  "adoxq %[high], %[l4]\n\t"         \
  "adcxq %[high], %[l4]\n\t"         \
  "mulxq %[l4], %[low], %[l5]\n\t"   \
  "addq %[low], %[l0]\n\t"           \
  "adcq %[l5], %[l1]\n\t"            \
  "adcq $0, %[l2]\n\t"               \
  "adcq $0, %[l3]\n\t"               \
  "cmovcq %%rdx, %[high]\n\t"        \
  "addq %[high], %[l0]\n\t"          \
  "adcq $0, %[l1]\n\t"

// l4..l0 += a * b[i], with l4 new: the low halves ride on CF, the high halves on OF.
// clang-format off
#define BURI_ADX_ROW(factor, l0, l1, l2, l3, l4) \
  "movq %[" factor "], %%rdx\n\t"                \
  "xorl %k[" l4 "], %k[" l4 "]\n\t"              \
  "mulxq %[a0], %[low], %[high]\n\t"             \
  "adcxq %[low], %[" l0 "]\n\t"                  \
  "adoxq %[high], %[" l1 "]\n\t"                 \
  "mulxq %[a1], %[low], %[high]\n\t"             \
  "adcxq %[low], %[" l1 "]\n\t"                  \
  "adoxq %[high], %[" l2 "]\n\t"                 \
  "mulxq %[a2], %[low], %[high]\n\t"             \
  "adcxq %[low], %[" l2 "]\n\t"                  \
  "adoxq %[high], %[" l3 "]\n\t"                 \
  "mulxq %[a3], %[low], %[high]\n\t"             \
  "adcxq %[low], %[" l3 "]\n\t"                  \
  "adoxq %[" l4 "], %[high]\n\t"                 \
  "adcxq %[high], %[" l4 "]\n\t"
// clang-format on

inline Uint256 AdxMultiplier::multiply(const Uint256& a, const Uint256& b) {
  std::uint64_t l0, l1, l2, l3, l4, l5, l6, l7, low, high;
  std::uint64_t multiplier = b.limb[0];
  asm("mulxq %[a0], %[l0], %[l1]\n\t"
      "mulxq %[a1], %[low], %[l2]\n\t"
      "addq %[low], %[l1]\n\t"
      "mulxq %[a2], %[low], %[l3]\n\t"
      "adcq %[low], %[l2]\n\t"
      "mulxq %[a3], %[low], %[l4]\n\t"
      "adcq %[low], %[l3]\n\t"
      "adcq $0, %[l4]\n\t"  //
      BURI_ADX_ROW("b1", "l1", "l2", "l3", "l4", "l5")
          BURI_ADX_ROW("b2", "l2", "l3", "l4", "l5", "l6")
              BURI_ADX_ROW("b3", "l3", "l4", "l5", "l6", "l7") BURI_ADX_FOLD
      : "+d"(multiplier), [l0] "=&r"(l0), [l1] "=&r"(l1), [l2] "=&r"(l2), [l3] "=&r"(l3),
        [l4] "=&r"(l4), [l5] "=&r"(l5), [l6] "=&r"(l6), [l7] "=&r"(l7), [low] "=&r"(low),
        [high] "=&r"(high)
      : [a0] "m"(a.limb[0]), [a1] "m"(a.limb[1]), [a2] "m"(a.limb[2]), [a3] "m"(a.limb[3]),
        [b1] "m"(b.limb[1]), [b2] "m"(b.limb[2]), [b3] "m"(b.limb[3])
      : "cc");
  return {{l0, l1, l2, l3}};
}

inline Uint256 AdxMultiplier::square(const Uint256& a) {
  std::uint64_t l0, l1, l2, l3, l4, l5, l6, l7, low, high;
  std::uint64_t multiplier = a.limb[0];
  // The six mixed products into l1..l6, then doubled (CF chain) while the squares come in (OF
  // chain).
  asm("mulxq %[a1], %[l1], %[l2]\n\t"
      "mulxq %[a2], %[low], %[l3]\n\t"
      "addq %[low], %[l2]\n\t"
      "mulxq %[a3], %[low], %[l4]\n\t"
      "adcq %[low], %[l3]\n\t"
      "adcq $0, %[l4]\n\t"

      "movq %[a1], %%rdx\n\t"
      "xorl %k[l7], %k[l7]\n\t"
      "mulxq %[a2], %[low], %[high]\n\t"
      "adcxq %[low], %[l3]\n\t"
      "adoxq %[high], %[l4]\n\t"
      "mulxq %[a3], %[low], %[l5]\n\t"
      "adcxq %[low], %[l4]\n\t"
      "adoxq %[l7], %[l5]\n\t"
      "movq %[a2], %%rdx\n\t"
      "mulxq %[a3], %[low], %[l6]\n\t"
      "adcxq %[low], %[l5]\n\t"
      "adcxq %[l7], %[l6]\n\t"

      "movq %[a0], %%rdx\n\t"
      "xorl %k[l7], %k[l7]\n\t"
      "mulxq %%rdx, %[l0], %[high]\n\t"
      "adcxq %[l1], %[l1]\n\t"
      "adoxq %[high], %[l1]\n\t"
      "movq %[a1], %%rdx\n\t"
      "mulxq %%rdx, %[low], %[high]\n\t"
      "adcxq %[l2], %[l2]\n\t"
      "adoxq %[low], %[l2]\n\t"
      "adcxq %[l3], %[l3]\n\t"
      "adoxq %[high], %[l3]\n\t"
      "movq %[a2], %%rdx\n\t"
      "mulxq %%rdx, %[low], %[high]\n\t"
      "adcxq %[l4], %[l4]\n\t"
      "adoxq %[low], %[l4]\n\t"
      "adcxq %[l5], %[l5]\n\t"
      "adoxq %[high], %[l5]\n\t"
      "movq %[a3], %%rdx\n\t"
      "mulxq %%rdx, %[low], %[high]\n\t"
      "adcxq %[l6], %[l6]\n\t"
      "adoxq %[low], %[l6]\n\t"
      "adcxq %[l7], %[l7]\n\t"
      "adoxq %[high], %[l7]\n\t"

      BURI_ADX_FOLD
      : "+d"(multiplier), [l0] "=&r"(l0), [l1] "=&r"(l1), [l2] "=&r"(l2), [l3] "=&r"(l3),
        [l4] "=&r"(l4), [l5] "=&r"(l5), [l6] "=&r"(l6), [l7] "=&r"(l7), [low] "=&r"(low),
        [high] "=&r"(high)
      : [a0] "m"(a.limb[0]), [a1] "m"(a.limb[1]), [a2] "m"(a.limb[2]), [a3] "m"(a.limb[3])
      : "cc");
  return {{l0, l1, l2, l3}};
}

#undef BURI_ADX_ROW
#undef BURI_ADX_FOLD

using AdxField = PackedField<AdxMultiplier>;
static_assert(curve::Field<AdxField>);

}  // namespace buri::accel::scalar
