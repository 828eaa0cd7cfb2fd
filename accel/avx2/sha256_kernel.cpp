#include "accel/avx2/sha256_kernel.hpp"

#include <immintrin.h>

/// SHA-256 (FIPS 180-4, 6.2) of eight messages, word w of all of them in one register. Chaining
/// values lie in memory word by word: lanes.words[w][lane].

namespace buri::accel::avx2 {
namespace {

using Word = __m256i;  // one 32-bit word of each lane

constexpr std::uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// H(0), FIPS 180-4, 5.3.3.
constexpr std::uint32_t kInitialValue[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

[[gnu::always_inline]] inline Word everywhere(std::uint32_t value) {
  return _mm256_set1_epi32(static_cast<int>(value));
}
[[gnu::always_inline]] inline Word add(Word a, Word b) { return _mm256_add_epi32(a, b); }
template <int kBits>
[[gnu::always_inline]] inline Word shifted(Word a) {
  return _mm256_srli_epi32(a, kBits);
}
template <int kBits>
[[gnu::always_inline]] inline Word rotated(Word a) {
  return _mm256_or_si256(_mm256_srli_epi32(a, kBits), _mm256_slli_epi32(a, 32 - kBits));
}

/// A round: a to h are read as named; the new A goes into h and the new E into d.
// NOLINTNEXTLINE(readability-function-size): the eight working variables of SHA-256
[[gnu::always_inline]] inline void round(Word a, Word b, Word c, Word& d, Word e, Word f, Word g,
                                         Word& h, Word word) {
  const Word sigma_e = rotated<6>(e) ^ rotated<11>(e) ^ rotated<25>(e);
  const Word choice = g ^ (e & (f ^ g));
  const Word sum = add(add(h, word), add(sigma_e, choice));
  d = add(d, sum);
  const Word sigma_a = rotated<2>(a) ^ rotated<13>(a) ^ rotated<22>(a);
  const Word majority = (a & b) | (c & (a | b));
  h = add(add(sum, sigma_a), majority);
}

/// Word t + 16 of the message schedule, in place of word t.
[[gnu::always_inline]] inline void extend(Word (&w)[16], unsigned t) {
  const Word before_15 = w[(t + 1) % 16];
  const Word before_2 = w[(t + 14) % 16];
  const Word low = rotated<7>(before_15) ^ rotated<18>(before_15) ^ shifted<3>(before_15);
  const Word high = rotated<17>(before_2) ^ rotated<19>(before_2) ^ shifted<10>(before_2);
  w[t] = add(add(w[t], low), add(w[(t + 9) % 16], high));
}

/// Rounds first to first + 15.
[[gnu::always_inline]] inline void sixteen_rounds(Word (&s)[8], Word (&w)[16], unsigned first,
                                                  bool extends) {
#pragma unroll
  for (unsigned t = 0; t < 16; ++t) {
    round(s[(16 - t) % 8], s[(17 - t) % 8], s[(18 - t) % 8], s[(19 - t) % 8], s[(20 - t) % 8],
          s[(21 - t) % 8], s[(22 - t) % 8], s[(23 - t) % 8],
          add(w[t], everywhere(kRoundConstants[first + t])));
    if (extends) extend(w, t);
  }
}

/// Transposes eight rows of eight 32-bit words.
[[gnu::always_inline]] inline void transpose(Word (&r)[8]) {
  Word pair[8];
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    pair[2 * i] = _mm256_unpacklo_epi32(r[2 * i], r[2 * i + 1]);
    pair[2 * i + 1] = _mm256_unpackhi_epi32(r[2 * i], r[2 * i + 1]);
  }
  Word quad[8];  // [half of the rows][word modulo 4]
#pragma unroll
  for (int half = 0; half < 2; ++half) {
    const Word* p = pair + 4 * half;
    quad[4 * half] = _mm256_unpacklo_epi64(p[0], p[2]);
    quad[4 * half + 1] = _mm256_unpackhi_epi64(p[0], p[2]);
    quad[4 * half + 2] = _mm256_unpacklo_epi64(p[1], p[3]);
    quad[4 * half + 3] = _mm256_unpackhi_epi64(p[1], p[3]);
  }
#pragma unroll
  for (int i = 0; i < 4; ++i) {
    r[i] = _mm256_permute2x128_si256(quad[i], quad[4 + i], 0x20);
    r[4 + i] = _mm256_permute2x128_si256(quad[i], quad[4 + i], 0x31);
  }
}

/// Turns big-endian words into native ones, or back.
[[gnu::always_inline]] inline Word swap_bytes(Word a) {
  return _mm256_shuffle_epi8(a, _mm256_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203,
                                                  0x0c0d0e0f08090a0b, 0x0405060700010203));
}

/// Eight words of each lane's block.
[[gnu::always_inline]] inline void load_words(const std::uint8_t* const (&blocks)[8],
                                              std::size_t offset, Word* words) {
  Word rows[8];
#pragma unroll
  for (int lane = 0; lane < 8; ++lane) {
    rows[lane] =
        swap_bytes(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks[lane] + offset)));
  }
  transpose(rows);
#pragma unroll
  for (int i = 0; i < 8; ++i) words[i] = rows[i];
}

void compress(Word (&value)[8], const std::uint8_t* const (&blocks)[8]) {
  Word w[16];
  load_words(blocks, 0, w);
  load_words(blocks, 32, w + 8);
  Word s[8];
#pragma unroll
  for (int i = 0; i < 8; ++i) s[i] = value[i];
#pragma unroll 1
  for (unsigned first = 0; first < 48; first += 16) sixteen_rounds(s, w, first, true);
  sixteen_rounds(s, w, 48, false);
#pragma unroll
  for (int i = 0; i < 8; ++i) value[i] = add(value[i], s[i]);
}

void store_digests(const Word (&value)[8], std::uint8_t* const (&to)[8]) {
  Word rows[8];
  for (int i = 0; i < 8; ++i) rows[i] = value[i];
  transpose(rows);
  for (int lane = 0; lane < 8; ++lane) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to[lane]), swap_bytes(rows[lane]));
  }
}

}  // namespace

void sha256_of_nodes(const std::uint8_t* const (&nodes)[kSha256Lanes],
                     std::uint8_t* const (&digests)[kSha256Lanes]) {
  std::uint8_t padded[kSha256Lanes][2 * kSha256BlockBytes];
  const std::uint8_t* first[kSha256Lanes];
  const std::uint8_t* second[kSha256Lanes];
  for (unsigned lane = 0; lane < kSha256Lanes; ++lane) {
    // 0x01, the node, the padding bit, zeros, and the length of 520 bits.
    std::uint8_t* message = padded[lane];
    message[0] = 0x01;
    __builtin_memcpy(message + 1, nodes[lane], 64);
    __builtin_memset(message + 65, 0, 63);
    message[65] = 0x80;
    message[126] = 520 >> 8;
    message[127] = 520 & 0xff;
    first[lane] = message;
    second[lane] = message + kSha256BlockBytes;
  }
  Word value[8];
  for (int i = 0; i < 8; ++i) value[i] = everywhere(kInitialValue[i]);
  compress(value, first);
  compress(value, second);
  store_digests(value, digests);
}

void sha256_compress(Sha256Lanes<kSha256Lanes>& lanes, const Sha256Blocks<kSha256Lanes>& blocks,
                     LaneDigests<kSha256Lanes>& digests) {
  std::uint8_t* to[kSha256Lanes];
  for (unsigned lane = 0; lane < kSha256Lanes; ++lane) {
    to[lane] = digests.bytes[lane];
    if ((blocks.starts_message >> lane & 1) == 0) continue;
    for (int i = 0; i < 8; ++i) lanes.words[i][lane] = kInitialValue[i];
  }
  Word value[8];
  for (int i = 0; i < 8; ++i) {
    value[i] = _mm256_load_si256(reinterpret_cast<const __m256i*>(lanes.words[i]));
  }
  compress(value, blocks.bytes);
  for (int i = 0; i < 8; ++i) {
    _mm256_store_si256(reinterpret_cast<__m256i*>(lanes.words[i]), value[i]);
  }
  store_digests(value, to);
}

}  // namespace buri::accel::avx2
