#include "accel/avx2/keccak256_kernel.hpp"

#include <immintrin.h>

#include "accel/lanes/keccak256_tables.hpp"

/// Keccak-f[1600] (FIPS 202, 3.3) on four states at once, word w of all states in one register.
/// Rounds read one array and write another, row by row, so that each word of the 25 that do not fit
/// 16 registers is loaded where it is used and stored once.

namespace buri::accel::avx2 {
namespace {

using Word = __m256i;

Word constant(std::uint64_t value) { return _mm256_set1_epi64x(static_cast<long long>(value)); }

template <int kBits>
[[gnu::always_inline]] inline Word rotated(Word a) {
  if constexpr (kBits == 0) {
    return a;
  } else if constexpr (kBits == 8) {
    return _mm256_shuffle_epi8(a, _mm256_set_epi64x(0x0e0d0c0b0a09080f, 0x0605040302010007,
                                                    0x0e0d0c0b0a09080f, 0x0605040302010007));
  } else if constexpr (kBits == 56) {
    return _mm256_shuffle_epi8(a, _mm256_set_epi64x(0x080f0e0d0c0b0a09, 0x0007060504030201,
                                                    0x080f0e0d0c0b0a09, 0x0007060504030201));
  } else {
    return _mm256_or_si256(_mm256_slli_epi64(a, kBits), _mm256_srli_epi64(a, 64 - kBits));
  }
}

/// theta's addend for each column.
[[gnu::always_inline]] inline void mix_columns(const Word (&in)[25], Word (&mix)[5]) {
  Word parity[5];
#pragma unroll
  for (int x = 0; x < 5; ++x) parity[x] = in[x] ^ in[x + 5] ^ in[x + 10] ^ in[x + 15] ^ in[x + 20];
#pragma unroll
  for (int x = 0; x < 5; ++x) mix[x] = parity[(x + 4) % 5] ^ rotated<1>(parity[(x + 1) % 5]);
}

template <int kX, int kY>
[[gnu::always_inline]] inline Word moved(const Word (&in)[25], const Word (&mix)[5]) {
  constexpr int kColumn = keccak_source_column(kX, kY);
  return rotated<kKeccakRotations[kColumn + 5 * kX]>(in[kColumn + 5 * kX] ^ mix[kColumn]);
}

/// The first kWords words of row kY after theta, rho, pi and chi.
template <int kY, int kWords = 5>
[[gnu::always_inline]] inline void row(const Word (&in)[25], const Word (&mix)[5],
                                       Word (&out)[25]) {
  const Word b[5] = {moved<0, kY>(in, mix), moved<1, kY>(in, mix), moved<2, kY>(in, mix),
                     moved<3, kY>(in, mix), moved<4, kY>(in, mix)};
#pragma unroll
  for (int x = 0; x < kWords; ++x) {
    out[x + 5 * kY] = b[x] ^ _mm256_andnot_si256(b[(x + 1) % 5], b[(x + 2) % 5]);
  }
}

[[gnu::always_inline]] inline void round(const Word (&in)[25], Word (&out)[25],
                                         std::uint64_t round_constant) {
  Word mix[5];
  mix_columns(in, mix);
  row<0>(in, mix, out);
  out[0] ^= constant(round_constant);
  row<1>(in, mix, out);
  row<2>(in, mix, out);
  row<3>(in, mix, out);
  row<4>(in, mix, out);
}

/// All rounds; words 0 to 3 of the result. Destroys `state`.
[[gnu::always_inline]] inline void permute_to_digest(Word (&state)[25], Word (&digest)[25]) {
  Word other[25];
  round(state, other, kKeccakRoundConstants[0]);
#pragma unroll 1
  for (unsigned i = 1; i < kKeccakRounds - 1; i += 2) {
    round(other, state, kKeccakRoundConstants[i]);
    round(state, other, kKeccakRoundConstants[i + 1]);
  }
  Word mix[5];
  mix_columns(other, mix);
  row<0, 4>(other, mix, digest);
  digest[0] ^= constant(kKeccakRoundConstants[kKeccakRounds - 1]);
}

/// All rounds of the permutation.
[[gnu::always_inline]] inline void permute(Word (&state)[25]) {
  Word other[25];
#pragma unroll 1
  for (unsigned i = 0; i < kKeccakRounds; i += 2) {
    round(state, other, kKeccakRoundConstants[i]);
    round(other, state, kKeccakRoundConstants[i + 1]);
  }
}

/// Transposes four rows of four 64-bit words.
[[gnu::always_inline]] inline void transpose(Word (&r)[4]) {
  const Word even_low = _mm256_unpacklo_epi64(r[0], r[1]);
  const Word odd_low = _mm256_unpackhi_epi64(r[0], r[1]);
  const Word even_high = _mm256_unpacklo_epi64(r[2], r[3]);
  const Word odd_high = _mm256_unpackhi_epi64(r[2], r[3]);
  r[0] = _mm256_permute2x128_si256(even_low, even_high, 0x20);
  r[1] = _mm256_permute2x128_si256(odd_low, odd_high, 0x20);
  r[2] = _mm256_permute2x128_si256(even_low, even_high, 0x31);
  r[3] = _mm256_permute2x128_si256(odd_low, odd_high, 0x31);
}

/// Words 4 `group` to 4 `group` + 3 of four messages or blocks.
[[gnu::always_inline]] inline void load_words(const std::uint8_t* const (&from)[4], int group,
                                              Word (&state)[25]) {
  Word rows[4];
#pragma unroll
  for (int lane = 0; lane < 4; ++lane) {
    rows[lane] = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from[lane]) + group);
  }
  transpose(rows);
#pragma unroll
  for (int i = 0; i < 4; ++i) state[4 * group + i] = rows[i];
}

[[gnu::always_inline]] inline void store_digests(const Word (&digest)[25],
                                                 std::uint8_t* const (&to)[4]) {
  Word rows[4] = {digest[0], digest[1], digest[2], digest[3]};
  transpose(rows);
#pragma unroll
  for (int lane = 0; lane < 4; ++lane) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to[lane]), rows[lane]);
  }
}

/// A block as the sponge absorbs it: itself where full, else a padded copy.
const std::uint8_t* padded(const std::uint8_t* bytes, std::uint32_t length,
                           std::uint8_t (&copy)[kKeccak256RateBytes]) {
  if (length == kKeccak256RateBytes) return bytes;
  __builtin_memcpy(copy, bytes, length);
  __builtin_memset(copy + length, 0, kKeccak256RateBytes - length);
  copy[length] = 0x01;
  copy[kKeccak256RateBytes - 1] ^= 0x80;
  return copy;
}

/// All bits of the lanes whose bit in `starts_message` is not set.
Word lanes_that_go_on(std::uint32_t starts_message) {
  const Word bit_of_lane = _mm256_set_epi64x(8, 4, 2, 1);
  return _mm256_cmpeq_epi64(constant(starts_message) & bit_of_lane, constant(0));
}

long long word_at(const std::uint8_t* bytes) {
  long long word;
  __builtin_memcpy(&word, bytes, sizeof word);
  return word;
}

}  // namespace

void keccak256_of_64_bytes(const std::uint8_t* const (&messages)[kKeccakLanes],
                           std::uint8_t* const (&digests)[kKeccakLanes]) {
  Word state[25];
  load_words(messages, 0, state);
  load_words(messages, 1, state);
#pragma unroll
  for (int i = 8; i < 25; ++i) state[i] = _mm256_setzero_si256();
  state[8] = constant(kKeccakFirstPadBit);
  state[16] = constant(kKeccakLastPadBit);
  Word digest[25];
  permute_to_digest(state, digest);
  store_digests(digest, digests);
}

void keccak256_absorb(KeccakSponges& sponges, const KeccakBlocks<kKeccakLanes>& blocks,
                      LaneDigests<kKeccakLanes>& digests) {
  std::uint8_t copies[kKeccakLanes][kKeccak256RateBytes];
  const std::uint8_t* from[kKeccakLanes];
  std::uint8_t* to[kKeccakLanes];
  for (unsigned lane = 0; lane < kKeccakLanes; ++lane) {
    from[lane] = padded(blocks.bytes[lane], blocks.length[lane], copies[lane]);
    to[lane] = digests.bytes[lane];
  }
  Word state[25];
  for (int group = 0; group < 4; ++group) load_words(from, group, state);
  state[16] = _mm256_set_epi64x(word_at(from[3] + 128), word_at(from[2] + 128),
                                word_at(from[1] + 128), word_at(from[0] + 128));
  for (int i = 17; i < 25; ++i) state[i] = _mm256_setzero_si256();
  const Word goes_on = lanes_that_go_on(blocks.starts_message);
  if (_mm256_testz_si256(goes_on, goes_on) == 0) {
    for (int i = 0; i < 25; ++i) {
      state[i] ^= goes_on & _mm256_load_si256(reinterpret_cast<const __m256i*>(sponges.words[i]));
    }
  }
  permute(state);
  for (int i = 0; i < 25; ++i) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(sponges.words[i]), state[i]);
  }
  store_digests(state, to);
}

}  // namespace buri::accel::avx2
