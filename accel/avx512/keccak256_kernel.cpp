#include "accel/avx512/keccak256_kernel.hpp"

#include <immintrin.h>

#include "accel/avx512/keccak256_ninth.hpp"
#include "accel/avx512/keccak256_states.hpp"

/// Keccak-256 on nine states at once: rows of eight messages are transposed into words of states
/// and back into digests, the ninth is taken as it lies.

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

/// Bytes [from, from + 64) of a block of `length` bytes, zero beyond it, with the first pad byte if
/// it falls here. `from` is at most 64.
[[gnu::always_inline]] inline Word padded_row(const std::uint8_t* block, std::uint32_t length,
                                              std::uint32_t from) {
  const bool ends_before = length < from;
  const std::uint32_t rest = length - from;
  const __mmask64 kept = ends_before ? 0 : _bzhi_u64(~std::uint64_t{0}, rest);
  const __mmask64 pad = rest < 64 ? std::uint64_t{1} << rest : 0;
  const Word bytes = _mm512_maskz_loadu_epi8(kept, ends_before ? block : block + from);
  return _mm512_mask_mov_epi8(bytes, pad, _mm512_set1_epi8(1));
}

/// The first `count` bytes, at most 8, as a word.
[[gnu::always_inline]] inline std::uint64_t first_bytes(const std::uint8_t* bytes,
                                                        std::uint32_t count) {
  const Word row = _mm512_maskz_loadu_epi8(_bzhi_u64(~std::uint64_t{0}, count), bytes);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm512_castsi512_si128(row)));
}

/// Word 16 of a block: its bytes 128 to 135, with the pad bits where the message ends.
[[gnu::always_inline]] inline std::uint64_t padded_last_word(const std::uint8_t* block,
                                                             std::uint32_t length) {
  if (length < 128) return kKeccakLastPadBit;
  const std::uint64_t word = first_bytes(block + 128, length - 128);
  if (length == kKeccak256RateBytes) return word;
  return word ^ kKeccakFirstPadBit << 8 * (length - 128) ^ kKeccakLastPadBit;
}

/// Bytes [from, from + 64) of the first eight blocks, as words from / 8 to from / 8 + 7 of eight
/// states.
[[gnu::always_inline]] inline void load_rows(const KeccakBlocks<kKeccakLanes>& blocks,
                                             std::uint32_t from, Word* words) {
  Word rows[8];
#pragma unroll
  for (int lane = 0; lane < 8; ++lane) {
    rows[lane] = padded_row(blocks.bytes[lane], blocks.length[lane], from);
  }
  transpose(rows);
#pragma unroll
  for (int i = 0; i < 8; ++i) words[from / 8 + i] = rows[i];
}

/// Length of the longest of the first eight blocks.
[[gnu::always_inline]] inline std::uint32_t longest_block(
    const KeccakBlocks<kKeccakLanes>& blocks) {
  std::uint32_t longest = 0;
  for (int lane = 0; lane < 8; ++lane) {
    longest = blocks.length[lane] > longest ? blocks.length[lane] : longest;
  }
  return longest;
}

/// The first eight states after their blocks are XORed in.
[[gnu::always_inline]] inline void absorb_eight(const KeccakBlocks<kKeccakLanes>& blocks,
                                                const KeccakSponges& sponges, States& s) {
#pragma unroll
  for (Word& word : s.word) word = _mm512_setzero_si512();
  load_rows(blocks, 0, s.word);
  if (longest_block(blocks) >= 64) load_rows(blocks, 64, s.word);
  const auto last_word = [&](int lane) __attribute__((always_inline)) {
    return static_cast<long long>(padded_last_word(blocks.bytes[lane], blocks.length[lane]));
  };
  s.word[16] = _mm512_set_epi64(last_word(7), last_word(6), last_word(5), last_word(4),
                                last_word(3), last_word(2), last_word(1), last_word(0));
  const __mmask8 goes_on = static_cast<__mmask8>(~blocks.starts_message);
  if (goes_on != 0) {
#pragma unroll
    for (int i = 0; i < 25; ++i) {
      xor_into(s.word[i], _mm512_maskz_load_epi64(goes_on, sponges.words[i]));
    }
  }
}

/// XORs the ninth block into its state, word by word as it is read again.
[[gnu::always_inline]] inline void absorb_ninth(const KeccakBlocks<kKeccakLanes>& blocks,
                                                std::uint64_t (&state)[25]) {
  if ((blocks.starts_message >> 8 & 1) != 0) {
    for (std::uint64_t& word : state) store(word, 0);
  }
  const std::uint8_t* block = blocks.bytes[8];
  const std::uint32_t length = blocks.length[8];
  const std::uint32_t whole = length / 8;
  for (std::uint32_t i = 0; i < whole; ++i) {
    std::uint64_t word = load(reinterpret_cast<const WordInMemory*>(block)[i]);
    xor_memory(word, state[i]);
    store(state[i], word);
  }
  if (length == kKeccak256RateBytes) return;
  state[whole] ^= first_bytes(block + 8 * whole, length % 8) ^ kKeccakFirstPadBit << length % 8 * 8;
  state[16] ^= kKeccakLastPadBit;
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

void keccak256_of_64_bytes(const std::uint8_t* const (&messages)[kKeccakLanes],
                           std::uint8_t* const (&digests)[kKeccakLanes]) {
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

void keccak256_absorb(KeccakSponges& sponges, const KeccakBlocks<kKeccakLanes>& blocks,
                      LaneDigests<kKeccakLanes>& digests) {
  States s;
  absorb_eight(blocks, sponges, s);
  compute_parity(s);
  std::uint64_t(&even)[25] = sponges.ninth;
  std::uint64_t odd[25];
  absorb_ninth(blocks, even);
  std::uint64_t parity[5] = {even[20], even[21], even[22], even[23], even[24]};
  const auto& constants = kKeccakRoundConstants;
#pragma nounroll
  for (unsigned i = 0; i < kKeccakRounds; i += 2) {
    round(s, constants[i], NinthRound<false>(even, odd, parity, constants[i]));
    round(s, constants[i + 1], NinthRound<false>(odd, even, parity, constants[i + 1]));
  }
  if (longest_block(blocks) == kKeccak256RateBytes) {
#pragma unroll
    for (int i = 0; i < 25; ++i) _mm512_store_si512(sponges.words[i], s.word[i]);
  }
  std::uint8_t* to[8];
  for (int lane = 0; lane < 8; ++lane) to[lane] = digests.bytes[lane];
  store_digests(s, to);
  __builtin_memcpy(digests.bytes[8], even, sizeof digests.bytes[8]);
}

}  // namespace buri::accel::avx512
