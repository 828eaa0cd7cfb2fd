#include "accel/avx512/keccak256_kernel.hpp"

#include <immintrin.h>

#include "accel/avx512/keccak256_ninth.hpp"
#include "accel/avx512/keccak256_states.hpp"

/// Keccak-256 on eight states at once, and on nine for messages of 64 bytes: rows of the messages
/// are transposed into words of states and back into digests.

namespace buri::accel::avx512 {
namespace {

/// Transposes eight rows of eight 64-bit words.
[[gnu::always_inline]] inline void transpose(Word (&r)[8]) {
  Word pair[8];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    pair[2 * i] = _mm512_unpacklo_epi64(r[2 * i], r[2 * i + 1]);
    pair[2 * i + 1] = _mm512_unpackhi_epi64(r[2 * i], r[2 * i + 1]);
  }
  Word quad[8];  // [half][odd word][128-bit column pair]
#pragma unroll
  for (int odd = 0; odd < 2; ++odd) {
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const Word a = pair[4 * half + odd];
      const Word b = pair[4 * half + 2 + odd];
      quad[4 * half + 2 * odd] = _mm512_shuffle_i64x2(a, b, 0x88);
      quad[4 * half + 2 * odd + 1] = _mm512_shuffle_i64x2(a, b, 0xdd);
    }
  }
#pragma unroll
  for (int odd = 0; odd < 2; ++odd) {
#pragma unroll
    for (int column = 0; column < 2; ++column) {
      const Word a = quad[2 * odd + column];
      const Word b = quad[4 + 2 * odd + column];
      r[2 * column + odd] = _mm512_shuffle_i64x2(a, b, 0x88);
      r[4 + 2 * column + odd] = _mm512_shuffle_i64x2(a, b, 0xdd);
    }
  }
}

/// Words 0 to 3 of each state, as one 32-byte digest for each lane.
[[gnu::always_inline]] inline void store_digests(const States& s, std::uint8_t* const* to) {
  const Word even_01 = _mm512_unpacklo_epi64(s.word[0], s.word[1]);
  const Word odd_01 = _mm512_unpackhi_epi64(s.word[0], s.word[1]);
  const Word even_23 = _mm512_unpacklo_epi64(s.word[2], s.word[3]);
  const Word odd_23 = _mm512_unpackhi_epi64(s.word[2], s.word[3]);
  const __m512i low = _mm512_set_epi64(11, 10, 3, 2, 9, 8, 1, 0);
  const __m512i high = _mm512_set_epi64(15, 14, 7, 6, 13, 12, 5, 4);
  const Word lanes_0_2 = _mm512_permutex2var_epi64(even_01, low, even_23);
  const Word lanes_4_6 = _mm512_permutex2var_epi64(even_01, high, even_23);
  const Word lanes_1_3 = _mm512_permutex2var_epi64(odd_01, low, odd_23);
  const Word lanes_5_7 = _mm512_permutex2var_epi64(odd_01, high, odd_23);
  const Word both[4] = {lanes_0_2, lanes_1_3, lanes_4_6, lanes_5_7};
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    const int lane = 4 * (i / 2) + i % 2;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to[lane]), _mm512_castsi512_si256(both[i]));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to[lane + 2]),
                        _mm512_extracti64x4_epi64(both[i], 1));
  }
}

[[gnu::always_inline]] inline void compute_parity(States& s) {
#pragma unroll
  for (int x = 0; x < 5; ++x) {
    s.parity[x] = s.word[x];
    xor_into(s.parity[x], s.word[x + 5], s.word[x + 10]);
    xor_into(s.parity[x], s.word[x + 15], s.word[x + 20]);
  }
}

/// All rounds of the permutation, or all but the last.
template <unsigned kCount>
[[gnu::always_inline]] inline void permute(States& s) {
  compute_parity(s);
#pragma nounroll
  for (unsigned i = 0; i < kCount; ++i) round(s, kKeccakRoundConstants[i]);
}

/// Bits [0, count) of a byte mask, count at most 64.
__mmask64 first_bytes(std::uint32_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// Bytes [from, from + 64) of a block of `length` bytes, zero beyond it, with the first pad byte if
/// it falls here (a full block of 136 bytes has none).
Word padded_row(const std::uint8_t* block, std::uint32_t length, std::uint32_t from) {
  if (length < from) return _mm512_setzero_si512();
  const std::uint32_t rest = length - from;
  const Word bytes = _mm512_maskz_loadu_epi8(first_bytes(rest), block + from);
  const __mmask64 pad = rest < 64 && length < kKeccak256RateBytes ? std::uint64_t{1} << rest : 0;
  return _mm512_mask_mov_epi8(bytes, pad, _mm512_set1_epi8(1));
}

/// Bytes [from, from + 64) of all lanes, as words from / 8 to from / 8 + 7 of eight states.
void load_rows(const KeccakBlocks<kKeccakLanes>& blocks, std::uint32_t from, Word (&rows)[8]) {
#pragma unroll
  for (int lane = 0; lane < 8; ++lane) {
    rows[lane] = padded_row(blocks.bytes[lane], blocks.length[lane], from);
  }
  transpose(rows);
}

/// Word 16 of every lane's block: its bytes 128 to 135 with both pad bits where the message ends.
Word last_words(const KeccakBlocks<kKeccakLanes>& blocks) {
  alignas(64) std::uint64_t words[8];
  for (int lane = 0; lane < 8; ++lane) {
    const Word row = padded_row(blocks.bytes[lane], blocks.length[lane], 128);
    words[lane] = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(row)));
    if (blocks.length[lane] < kKeccak256RateBytes) words[lane] ^= kKeccakLastPadBit;
  }
  return _mm512_load_si512(words);
}

/// The 17 words of every lane's padded block; the rest zero.
void load_blocks(const KeccakBlocks<kKeccakLanes>& blocks, Word (&words)[25]) {
  for (Word& word : words) word = _mm512_setzero_si512();
  std::uint32_t longest = 0;
  for (const std::uint32_t length : blocks.length) longest = length > longest ? length : longest;
  Word rows[8];
  load_rows(blocks, 0, rows);
  for (int i = 0; i < 8; ++i) words[i] = rows[i];
  if (longest >= 64) {
    load_rows(blocks, 64, rows);
    for (int i = 0; i < 8; ++i) words[8 + i] = rows[i];
  }
  words[16] = last_words(blocks);
}

/// Eight padded messages of 64 bytes, and their parities.
[[gnu::always_inline]] inline void load_messages_of_64_bytes(const std::uint8_t* const* messages,
                                                             States& s) {
  Word rows[8];
#pragma unroll
  for (int lane = 0; lane < 8; ++lane) rows[lane] = _mm512_loadu_si512(messages[lane]);
  transpose(rows);
#pragma unroll
  for (int i = 0; i < 8; ++i) s.word[i] = rows[i];
  s.word[8] = _mm512_set1_epi64(kKeccakFirstPadBit);
  s.word[16] = _mm512_set1_epi64(static_cast<long long>(kKeccakLastPadBit));
  s.parity[0] = xored(s.word[0], s.word[5]);
  s.parity[1] = xored(s.word[1], s.word[6]);
  xor_into(s.parity[1], s.word[16]);
  s.parity[2] = xored(s.word[2], s.word[7]);
  s.parity[3] = xored(s.word[3], s.word[8]);
  s.parity[4] = s.word[4];
}

}  // namespace

void keccak256_of_64_bytes(const std::uint8_t* const (&messages)[kKeccak64Lanes],
                           std::uint8_t* const (&digests)[kKeccak64Lanes]) {
  States s;
  load_messages_of_64_bytes(messages, s);
  const auto* const ninth_message = reinterpret_cast<const WordInMemory*>(messages[8]);
  auto* const ninth_digest = reinterpret_cast<WordInMemory*>(digests[8]);
  std::uint64_t even[25];
  std::uint64_t odd[25];
  std::uint64_t parity[5];
  const auto& constants = kKeccakRoundConstants;
  round<true>(s, constants[0], NinthRound<true>(ninth_message, odd, parity, constants[0]));
#pragma nounroll
  for (unsigned i = 1; i < kKeccakRounds - 1; i += 2) {
    round(s, constants[i], NinthRound<false>(odd, even, parity, constants[i]));
    round(s, constants[i + 1], NinthRound<false>(even, odd, parity, constants[i + 1]));
  }
  last_round(s, NinthLastRound(odd, ninth_digest, parity, constants[kKeccakRounds - 1]));
  store_digests(s, digests);
}

void keccak256_absorb(KeccakLanes<kKeccakLanes>& lanes, const KeccakBlocks<kKeccakLanes>& blocks,
                      LaneDigests<kKeccakLanes>& digests) {
  States s;
  load_blocks(blocks, s.word);
  const __mmask8 goes_on = static_cast<__mmask8>(~blocks.starts_message);
  if (goes_on != 0) {
    for (int i = 0; i < 25; ++i) {
      xor_into(s.word[i], _mm512_maskz_load_epi64(goes_on, lanes.words[i]));
    }
  }
  bool all_end = true;
  std::uint8_t* to[kKeccakLanes];
  for (unsigned lane = 0; lane < kKeccakLanes; ++lane) {
    all_end &= blocks.length[lane] < kKeccak256RateBytes;
    to[lane] = digests.bytes[lane];
  }
  if (all_end) {
    permute<kKeccakRounds - 1>(s);
    last_round(s);
  } else {
    permute<kKeccakRounds>(s);
    for (int i = 0; i < 25; ++i) _mm512_store_si512(lanes.words[i], s.word[i]);
  }
  store_digests(s, to);
}

}  // namespace buri::accel::avx512
