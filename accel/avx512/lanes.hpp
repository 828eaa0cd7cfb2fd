#pragma once

#include <immintrin.h>

#include <cstdint>

/// Eight 64-bit lanes in one AVX-512 register: lane i belongs to signature i of a group of eight.
/// Everything under accel/avx512/ except backend.hpp/.cpp is compiled for AVX-512 IFMA and is
/// included by no portable unit: an inline function shared with one could reach a processor without
/// these instructions through the linker's choice of copy. For the same reason no std:: template is
/// instantiated here.

namespace buri::accel::avx512 {

using Lanes = __m512i;
/// Bit i stands for lane i.
using LaneMask = __mmask8;

inline constexpr unsigned kLanes = 8;

[[gnu::always_inline]] inline Lanes splat(std::uint64_t value) {
  return _mm512_set1_epi64(static_cast<long long>(value));
}
[[gnu::always_inline]] inline Lanes zero_lanes() { return _mm512_setzero_si512(); }
[[gnu::always_inline]] inline Lanes load(const void* aligned) { return _mm512_load_si512(aligned); }
[[gnu::always_inline]] inline void store(void* aligned, Lanes value) {
  _mm512_store_si512(aligned, value);
}

[[gnu::always_inline]] inline Lanes add(Lanes a, Lanes b) { return _mm512_add_epi64(a, b); }
[[gnu::always_inline]] inline Lanes sub(Lanes a, Lanes b) { return _mm512_sub_epi64(a, b); }
[[gnu::always_inline]] inline Lanes bit_and(Lanes a, Lanes b) { return _mm512_and_si512(a, b); }
[[gnu::always_inline]] inline Lanes bit_or(Lanes a, Lanes b) { return _mm512_or_si512(a, b); }
/// (a & b) | c.
[[gnu::always_inline]] inline Lanes and_or(Lanes a, Lanes b, Lanes c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0xea);
}
/// (a | b) & c.
[[gnu::always_inline]] inline Lanes or_and(Lanes a, Lanes b, Lanes c) {
  return _mm512_ternarylogic_epi64(a, b, c, 0xa8);
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_left(Lanes a) {
  return _mm512_slli_epi64(a, kBits);
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_right(Lanes a) {
  return _mm512_srli_epi64(a, kBits);
}
/// Copies the sign into the vacated bits.
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_right_signed(Lanes a) {
  return _mm512_srai_epi64(a, kBits);
}
/// sum + the low 52 bits of the 104-bit product of the low 52 bits of a and b.
[[gnu::always_inline]] inline Lanes add_low_product(Lanes sum, Lanes a, Lanes b) {
  return _mm512_madd52lo_epu64(sum, a, b);
}
/// sum + the high 52 bits of the same product.
[[gnu::always_inline]] inline Lanes add_high_product(Lanes sum, Lanes a, Lanes b) {
  return _mm512_madd52hi_epu64(sum, a, b);
}
/// `yes` in the lanes of `mask`, `no` elsewhere.
[[gnu::always_inline]] inline Lanes select(LaneMask mask, Lanes yes, Lanes no) {
  return _mm512_mask_blend_epi64(mask, no, yes);
}

/// Turns eight rows of eight words into eight columns: on return words[j] lane i is
/// row i, word j. Rows are 64 bytes each and need no alignment.
[[gnu::always_inline]] inline void load_transposed(const void* const rows[kLanes],
                                                   Lanes words[kLanes]) {
  // Rows i and i + 4 meet in one register while loading: the lower half holds words 0..3 (or 4..7)
  // of row i, the upper half those of row i + 4.
  Lanes low[4];
  Lanes high[4];
  for (unsigned i = 0; i < 4; ++i) {
    const auto* near = static_cast<const __m256i*>(rows[i]);
    const auto* far = static_cast<const __m256i*>(rows[i + 4]);
    low[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(near)),
                                _mm256_loadu_si256(far), 1);
    high[i] = _mm512_inserti64x4(_mm512_castsi256_si512(_mm256_loadu_si256(near + 1)),
                                 _mm256_loadu_si256(far + 1), 1);
  }
  const Lanes order_even = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const Lanes order_odd = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  for (unsigned half = 0; half < 2; ++half) {
    const Lanes* row = half == 0 ? low : high;
    const Lanes even01 = _mm512_unpacklo_epi64(row[0], row[1]);
    const Lanes odd01 = _mm512_unpackhi_epi64(row[0], row[1]);
    const Lanes even23 = _mm512_unpacklo_epi64(row[2], row[3]);
    const Lanes odd23 = _mm512_unpackhi_epi64(row[2], row[3]);
    words[4 * half] = _mm512_permutex2var_epi64(even01, order_even, even23);
    words[4 * half + 1] = _mm512_permutex2var_epi64(odd01, order_even, odd23);
    words[4 * half + 2] = _mm512_permutex2var_epi64(even01, order_odd, even23);
    words[4 * half + 3] = _mm512_permutex2var_epi64(odd01, order_odd, odd23);
  }
}

/// The reverse: rows[i] receives lane i of words[0..7]. `rows` is 64-byte aligned, 512 bytes.
[[gnu::always_inline]] inline void store_transposed(const Lanes words[kLanes],
                                                    std::uint64_t* rows) {
  alignas(64) std::uint64_t columns[kLanes][kLanes];
  const void* addresses[kLanes];
  for (unsigned j = 0; j < kLanes; ++j) {
    store(columns[j], words[j]);
    addresses[j] = columns[j];
  }
  Lanes transposed[kLanes];
  load_transposed(addresses, transposed);
  for (unsigned i = 0; i < kLanes; ++i) store(rows + kLanes * i, transposed[i]);
}

}  // namespace buri::accel::avx512
