#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

/// Eight 64-bit lanes in one AVX-512 register, with IFMA multiplications: what accel/vector
/// computes with here (accel/vector/lanes.hpp is the contract). Included by no portable unit.

namespace buri::accel::avx512 {

struct Lanes {
  __m512i value;

  static constexpr unsigned kCount = 8;
  static constexpr unsigned kRegisters = 32;
  /// vpmadd52 reads the low 52 bits of a limb as it is.
  using Factor = Lanes;
  static constexpr std::uint64_t kLowBias = 0;
  static constexpr std::uint64_t kHighBias = 0;

  [[gnu::always_inline]] static Lanes splat(std::uint64_t word) {
    return {_mm512_set1_epi64(static_cast<long long>(word))};
  }
  [[gnu::always_inline]] static Lanes zero() { return {_mm512_setzero_si512()}; }
  [[gnu::always_inline]] static Lanes load(const void* aligned) {
    return {_mm512_load_si512(aligned)};
  }
};

[[gnu::always_inline]] inline void store(void* aligned, Lanes a) {
  _mm512_store_si512(aligned, a.value);
}

[[gnu::always_inline]] inline Lanes add(Lanes a, Lanes b) {
  return {_mm512_add_epi64(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes sub(Lanes a, Lanes b) {
  return {_mm512_sub_epi64(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes bit_and(Lanes a, Lanes b) {
  return {_mm512_and_si512(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes bit_or(Lanes a, Lanes b) {
  return {_mm512_or_si512(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes bit_xor(Lanes a, Lanes b) {
  return {_mm512_xor_si512(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes and_or(Lanes a, Lanes b, Lanes c) {
  return {_mm512_ternarylogic_epi64(a.value, b.value, c.value, 0xea)};
}
[[gnu::always_inline]] inline Lanes or_and(Lanes a, Lanes b, Lanes c) {
  return {_mm512_ternarylogic_epi64(a.value, b.value, c.value, 0xa8)};
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_left(Lanes a) {
  return {_mm512_slli_epi64(a.value, kBits)};
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_right(Lanes a) {
  return {_mm512_srli_epi64(a.value, kBits)};
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_right_signed(Lanes a) {
  return {_mm512_srai_epi64(a.value, kBits)};
}
[[gnu::always_inline]] inline Lanes shift_left_by(Lanes a, unsigned bits) {
  return {_mm512_sll_epi64(a.value, _mm_cvtsi32_si128(static_cast<int>(bits)))};
}
[[gnu::always_inline]] inline Lanes shift_right_by(Lanes a, unsigned bits) {
  return {_mm512_srl_epi64(a.value, _mm_cvtsi32_si128(static_cast<int>(bits)))};
}

[[gnu::always_inline]] inline std::uint8_t zeros(Lanes a) {
  return _mm512_testn_epi64_mask(a.value, a.value);
}
[[gnu::always_inline]] inline std::uint8_t negatives(Lanes a) {
  return _mm512_movepi64_mask(a.value);
}
[[gnu::always_inline]] inline Lanes select(std::uint8_t mask, Lanes yes, Lanes no) {
  return {_mm512_mask_blend_epi64(mask, no.value, yes.value)};
}
[[gnu::always_inline]] inline Lanes negate_where(std::uint8_t mask, Lanes a) {
  return {_mm512_mask_sub_epi64(a.value, mask, _mm512_setzero_si512(), a.value)};
}
[[gnu::always_inline]] inline Lanes xor_where(std::uint8_t mask, Lanes a, Lanes b) {
  return {_mm512_mask_xor_epi64(a.value, mask, a.value, b.value)};
}

[[gnu::always_inline]] inline Lanes to_factor(Lanes a) { return a; }
[[gnu::always_inline]] inline Lanes low_factor(Lanes a) { return a; }
[[gnu::always_inline]] inline Lanes add_low_product(Lanes sum, Lanes a, Lanes b) {
  return {_mm512_madd52lo_epu64(sum.value, a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes add_high_product(Lanes sum, Lanes a, Lanes b) {
  return {_mm512_madd52hi_epu64(sum.value, a.value, b.value)};
}
[[gnu::always_inline]] inline void multiply_add(Lanes& low, Lanes& high, Lanes a, Lanes b) {
  low = add_low_product(low, a, b);
  high = add_high_product(high, a, b);
}
template <std::uint64_t kFactor>
[[gnu::always_inline]] inline Lanes add_short_product(Lanes sum, Lanes a) {
  return add_low_product(sum, a, Lanes::splat(kFactor));
}

template <unsigned kDistance>
[[gnu::always_inline]] inline Lanes exchange(Lanes a) {
  static_assert(kDistance == 1 || kDistance == 2 || kDistance == 4);
  if constexpr (kDistance == 4) return {_mm512_shuffle_i64x2(a.value, a.value, 0x4e)};
  return {_mm512_permutex_epi64(a.value, kDistance == 1 ? 0xb1 : 0x4e)};
}
[[gnu::always_inline]] inline std::uint64_t first_lane(Lanes a) {
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(a.value)));
}
[[gnu::always_inline]] inline Lanes reverse_bytes(Lanes a) {
  const __m512i order =
      _mm512_broadcast_i32x4(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
  return {_mm512_shuffle_epi8(a.value, order)};
}

[[gnu::always_inline]] inline void load_transposed(const void* const (&rows)[8],
                                                   Lanes (&words)[8]) {
  // Rows i and i + 4 meet in one register while loading: the lower half holds words 0..3 (or 4..7)
  // of row i, the upper half those of row i + 4.
  __m512i low[4];
  __m512i high[4];
  for (unsigned i = 0; i < 4; ++i) {
    const auto* near = static_cast<const __m256i*>(rows[i]);
    const auto* far = static_cast<const __m256i*>(rows[i + 4]);
    low[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(near)),
                                _mm256_loadu_si256(far), 1);
    high[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(near + 1)),
                                 _mm256_loadu_si256(far + 1), 1);
  }
  const __m512i order_even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const __m512i order_odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  for (unsigned half = 0; half < 2; ++half) {
    const __m512i* row = half == 0 ? low : high;
    const __m512i even01 = _mm512_unpacklo_epi64(row[0], row[1]);
    const __m512i odd01 = _mm512_unpackhi_epi64(row[0], row[1]);
    const __m512i even23 = _mm512_unpacklo_epi64(row[2], row[3]);
    const __m512i odd23 = _mm512_unpackhi_epi64(row[2], row[3]);
    words[4 * half] = {_mm512_permutex2var_epi64(even01, order_even, even23)};
    words[4 * half + 1] = {_mm512_permutex2var_epi64(odd01, order_even, odd23)};
    words[4 * half + 2] = {_mm512_permutex2var_epi64(even01, order_odd, even23)};
    words[4 * half + 3] = {_mm512_permutex2var_epi64(odd01, order_odd, odd23)};
  }
}

[[gnu::always_inline]] inline void store_transposed(const Lanes (&words)[8], std::uint8_t* rows,
                                                    std::size_t stride) {
  alignas(64) std::uint64_t columns[8][8];
  const void* addresses[8];
  for (unsigned j = 0; j < 8; ++j) {
    store(columns[j], words[j]);
    addresses[j] = columns[j];
  }
  Lanes transposed[8];
  load_transposed(addresses, transposed);
  for (unsigned i = 0; i < 8; ++i) store(rows + i * stride, transposed[i]);
}

}  // namespace buri::accel::avx512
