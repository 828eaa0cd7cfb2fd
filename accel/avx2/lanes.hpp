#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>

/// Four 64-bit lanes in one AVX2 register: what accel/vector computes with here
/// (accel/vector/lanes.hpp is the contract). Included by no portable unit.
///
/// AVX2 multiplies no integers of 52 bits, but doubles have 53-bit mantissas, and a fused
/// multiply-add rounds only once. With rounding towards zero, for integers 0 <= a, b < 2^52:
///
///   h = fma(a, b, 2^104)                  is 2^104 + 2^52 floor(a b / 2^52),
///   l = fma(a, b, 2^104 + 2^52 - h)       is 2^52 + (a b mod 2^52), both exactly.
///
/// Both have one exponent each whatever a and b are, so their bits are a constant (kHighBias,
/// kLowBias) plus the two halves of the product, and are added as integers; the constants are taken
/// off once per sum. That is 5 operations for a product of 104 bits, where 32-bit multiplications
/// (vpmuludq) take 8 for one of 104 bits' worth.
///
/// REQUIRES of every multiplication: MXCSR rounds towards zero (accel/avx2/rounding.hpp).

namespace buri::accel::avx2 {

struct Lanes {
  __m256i value;

  static constexpr unsigned kCount = 4;
  static constexpr unsigned kRegisters = 16;
  using Factor = __m256d;
  /// The bits of 2^52 and 2^104 as doubles.
  static constexpr std::uint64_t kLowBias = 0x4330000000000000;
  static constexpr std::uint64_t kHighBias = 0x4670000000000000;

  [[gnu::always_inline]] static Lanes splat(std::uint64_t word) {
    return {_mm256_set1_epi64x(static_cast<long long>(word))};
  }
  [[gnu::always_inline]] static Lanes zero() { return {_mm256_setzero_si256()}; }
  [[gnu::always_inline]] static Lanes load(const void* aligned) {
    return {_mm256_load_si256(static_cast<const __m256i*>(aligned))};
  }
};

[[gnu::always_inline]] inline void store(void* aligned, Lanes a) {
  _mm256_store_si256(static_cast<__m256i*>(aligned), a.value);
}

[[gnu::always_inline]] inline Lanes add(Lanes a, Lanes b) {
  return {_mm256_add_epi64(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes sub(Lanes a, Lanes b) {
  return {_mm256_sub_epi64(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes bit_and(Lanes a, Lanes b) {
  return {_mm256_and_si256(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes bit_or(Lanes a, Lanes b) {
  return {_mm256_or_si256(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes bit_xor(Lanes a, Lanes b) {
  return {_mm256_xor_si256(a.value, b.value)};
}
[[gnu::always_inline]] inline Lanes and_or(Lanes a, Lanes b, Lanes c) {
  return bit_or(bit_and(a, b), c);
}
[[gnu::always_inline]] inline Lanes or_and(Lanes a, Lanes b, Lanes c) {
  return bit_and(bit_or(a, b), c);
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_left(Lanes a) {
  return {_mm256_slli_epi64(a.value, kBits)};
}
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_right(Lanes a) {
  return {_mm256_srli_epi64(a.value, kBits)};
}
/// AVX2 has none: 2^63 is added before and what became of it taken off after. The compiler joins
/// these constants with others that are added.
template <unsigned kBits>
[[gnu::always_inline]] inline Lanes shift_right_signed(Lanes a) {
  const Lanes shifted = shift_right<kBits>(add(a, Lanes::splat(std::uint64_t{1} << 63)));
  return sub(shifted, Lanes::splat(std::uint64_t{1} << (63 - kBits)));
}
[[gnu::always_inline]] inline Lanes shift_left_by(Lanes a, unsigned bits) {
  return {_mm256_sll_epi64(a.value, _mm_cvtsi32_si128(static_cast<int>(bits)))};
}
[[gnu::always_inline]] inline Lanes shift_right_by(Lanes a, unsigned bits) {
  return {_mm256_srl_epi64(a.value, _mm_cvtsi32_si128(static_cast<int>(bits)))};
}

[[gnu::always_inline]] inline std::uint8_t negatives(Lanes a) {
  return static_cast<std::uint8_t>(_mm256_movemask_pd(_mm256_castsi256_pd(a.value)));
}
[[gnu::always_inline]] inline std::uint8_t zeros(Lanes a) {
  return negatives({_mm256_cmpeq_epi64(a.value, _mm256_setzero_si256())});
}
/// All bits of the lanes of `mask`, no bit of the others.
[[gnu::always_inline]] inline Lanes spread(std::uint8_t mask) {
  const Lanes bits{_mm256_setr_epi64x(1, 2, 4, 8)};
  return {_mm256_cmpeq_epi64(bit_and(Lanes::splat(mask), bits).value, bits.value)};
}
[[gnu::always_inline]] inline Lanes select(std::uint8_t mask, Lanes yes, Lanes no) {
  return {_mm256_blendv_epi8(no.value, yes.value, spread(mask).value)};
}
[[gnu::always_inline]] inline Lanes negate_where(std::uint8_t mask, Lanes a) {
  const Lanes ones = spread(mask);
  return sub(bit_xor(a, ones), ones);
}
[[gnu::always_inline]] inline Lanes xor_where(std::uint8_t mask, Lanes a, Lanes b) {
  return bit_xor(a, bit_and(b, spread(mask)));
}

/// The bits of 2^52 + a as a double, less 2^52.
[[gnu::always_inline]] inline __m256d to_factor(Lanes a) {
  const Lanes shifted = bit_or(a, Lanes::splat(Lanes::kLowBias));
  return _mm256_sub_pd(_mm256_castsi256_pd(shifted.value), _mm256_set1_pd(0x1p52));
}
[[gnu::always_inline]] inline __m256d low_factor(Lanes a) {
  return to_factor(bit_and(a, Lanes::splat((std::uint64_t{1} << 52) - 1)));
}
[[gnu::always_inline]] inline void multiply_add(Lanes& low, Lanes& high, __m256d a, __m256d b) {
  const __m256d h = _mm256_fmadd_pd(a, b, _mm256_set1_pd(0x1p104));
  const __m256d rest = _mm256_sub_pd(_mm256_set1_pd(0x1p104 + 0x1p52), h);
  const __m256d l = _mm256_fmadd_pd(a, b, rest);
  high = add(high, {_mm256_castpd_si256(h)});
  low = add(low, {_mm256_castpd_si256(l)});
}
[[gnu::always_inline]] inline Lanes add_low_product(Lanes sum, Lanes a, Lanes b) {
  Lanes high = Lanes::zero();
  multiply_add(sum, high, low_factor(a), low_factor(b));
  return sub(sum, Lanes::splat(Lanes::kLowBias));
}
[[gnu::always_inline]] inline Lanes add_high_product(Lanes sum, Lanes a, Lanes b) {
  Lanes low = Lanes::zero();
  multiply_add(low, sum, low_factor(a), low_factor(b));
  return sub(sum, Lanes::splat(Lanes::kHighBias));
}
/// By 32-bit multiplications, which need no conversion.
template <std::uint64_t kFactor>
[[gnu::always_inline]] inline Lanes add_short_product(Lanes sum, Lanes a) {
  static_assert(kFactor >> 32 == 1, "the upper word's product is a shift only for such a factor");
  const __m256i low = _mm256_set1_epi64x(static_cast<long long>(kFactor & 0xffffffff));
  return add(add(sum, shift_left<32>(a)), {_mm256_mul_epu32(a.value, low)});
}

template <unsigned kDistance>
[[gnu::always_inline]] inline Lanes exchange(Lanes a) {
  static_assert(kDistance == 1 || kDistance == 2);
  return {_mm256_permute4x64_epi64(a.value, kDistance == 1 ? 0xb1 : 0x4e)};
}
[[gnu::always_inline]] inline std::uint64_t first_lane(Lanes a) {
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm256_castsi256_si128(a.value)));
}
[[gnu::always_inline]] inline Lanes reverse_bytes(Lanes a) {
  const __m256i order = _mm256_broadcastsi128_si256(
      _mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
  return {_mm256_shuffle_epi8(a.value, order)};
}

/// columns[j] lane i = rows[i] lane j.
[[gnu::always_inline]] inline void transpose(const __m256i (&rows)[4], Lanes* columns) {
  const __m256i even01 = _mm256_unpacklo_epi64(rows[0], rows[1]);
  const __m256i odd01 = _mm256_unpackhi_epi64(rows[0], rows[1]);
  const __m256i even23 = _mm256_unpacklo_epi64(rows[2], rows[3]);
  const __m256i odd23 = _mm256_unpackhi_epi64(rows[2], rows[3]);
  columns[0] = {_mm256_permute2x128_si256(even01, even23, 0x20)};
  columns[1] = {_mm256_permute2x128_si256(odd01, odd23, 0x20)};
  columns[2] = {_mm256_permute2x128_si256(even01, even23, 0x31)};
  columns[3] = {_mm256_permute2x128_si256(odd01, odd23, 0x31)};
}
[[gnu::always_inline]] inline void load_transposed(const void* const (&rows)[4],
                                                   Lanes (&words)[8]) {
  for (unsigned half = 0; half < 2; ++half) {
    __m256i row[4];
    for (unsigned i = 0; i < 4; ++i) {
      row[i] = _mm256_loadu_si256(static_cast<const __m256i*>(rows[i]) + half);
    }
    transpose(row, words + 4 * half);
  }
}
[[gnu::always_inline]] inline void store_transposed(const Lanes (&words)[8], std::uint8_t* rows,
                                                    std::size_t stride) {
  for (unsigned half = 0; half < 2; ++half) {
    const Lanes* word = words + 4 * half;
    Lanes row[4];
    transpose({word[0].value, word[1].value, word[2].value, word[3].value}, row);
    for (unsigned i = 0; i < 4; ++i) store(rows + i * stride + 32 * half, row[i]);
  }
}

}  // namespace buri::accel::avx2
