#pragma once

#include <immintrin.h>

#include <cstdint>

#include "accel/lanes/sha256_lanes.hpp"

/// SHA-256 (FIPS 180-4, 6.2) with the SHA extensions on kLanes streams in turn: one stream alone
/// waits for the latency of its rounds. A stream holds its eight working variables as ABEF and
/// CDGH, the order sha256rnds2 wants. For units compiled with these extensions only, hence the
/// internal linkage of everything here.

namespace buri::accel {
namespace {

using Quad = __m128i;  // four 32-bit words

alignas(64) constexpr std::uint32_t kRoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

/// H(0), FIPS 180-4, 5.3.3, from the lowest word upwards: F E B A and H G D C.
alignas(16) constexpr std::uint32_t kInitialAbef[4] = {0x9b05688c, 0x510e527f, 0xbb67ae85,
                                                       0x6a09e667};
alignas(16) constexpr std::uint32_t kInitialCdgh[4] = {0x5be0cd19, 0x1f83d9ab, 0xa54ff53a,
                                                       0x3c6ef372};

struct Stream {
  Quad abef;
  Quad cdgh;
  Quad words[4];  // the last 16 words of the message schedule
};

[[gnu::always_inline]] inline Quad load(const void* from) {
  return _mm_loadu_si128(static_cast<const Quad*>(from));
}

/// Turns four big-endian words into native ones, or back.
[[gnu::always_inline]] inline Quad swap_bytes(Quad a) {
  return _mm_shuffle_epi8(a, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

/// Rounds 4 kGroup to 4 kGroup + 3 of one stream, and the message schedule as far ahead as it can
/// be computed now.
template <unsigned kGroup>
[[gnu::always_inline]] inline void four_rounds(Stream& s) {
  Quad& now = s.words[kGroup % 4];
  Quad& next = s.words[(kGroup + 1) % 4];
  Quad& last = s.words[(kGroup + 3) % 4];
  const Quad sum = _mm_add_epi32(now, load(kRoundConstants + 4 * kGroup));
  s.cdgh = _mm_sha256rnds2_epu32(s.cdgh, s.abef, sum);
  if constexpr (kGroup >= 3 && kGroup < 15) {
    next = _mm_sha256msg2_epu32(_mm_add_epi32(next, _mm_alignr_epi8(now, last, 4)), now);
  }
  s.abef = _mm_sha256rnds2_epu32(s.abef, s.cdgh, _mm_shuffle_epi32(sum, 0x0e));
  if constexpr (kGroup >= 1 && kGroup < 13) last = _mm_sha256msg1_epu32(last, now);
}

template <unsigned kLanes, unsigned kGroup = 0>
[[gnu::always_inline]] inline void all_rounds(Stream (&streams)[kLanes]) {
#pragma unroll
  for (Stream& stream : streams) four_rounds<kGroup>(stream);
  if constexpr (kGroup < 15) all_rounds<kLanes, kGroup + 1>(streams);
}

/// Compresses each stream's 16 words into its chaining value.
template <unsigned kLanes>
[[gnu::always_inline]] inline void compress(Stream (&streams)[kLanes]) {
  Quad abef[kLanes];
  Quad cdgh[kLanes];
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) {
    abef[i] = streams[i].abef;
    cdgh[i] = streams[i].cdgh;
  }
  all_rounds(streams);
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) {
    streams[i].abef = _mm_add_epi32(streams[i].abef, abef[i]);
    streams[i].cdgh = _mm_add_epi32(streams[i].cdgh, cdgh[i]);
  }
}

[[gnu::always_inline]] inline void store_digest(const Stream& stream, std::uint8_t* to) {
  const Quad abef = _mm_shuffle_epi32(stream.abef, 0x1b);  // A lowest
  const Quad cdgh = _mm_shuffle_epi32(stream.cdgh, 0x1b);  // C lowest
  auto* quads = reinterpret_cast<Quad*>(to);
  _mm_storeu_si128(quads, swap_bytes(_mm_unpacklo_epi64(abef, cdgh)));
  _mm_storeu_si128(quads + 1, swap_bytes(_mm_unpackhi_epi64(abef, cdgh)));
}

/// Digests of 0x01 || node, 64 bytes of node each.
template <unsigned kLanes>
[[gnu::always_inline]] inline void hash_nodes(const std::uint8_t* const (&nodes)[kLanes],
                                              std::uint8_t* const (&digests)[kLanes]) {
  Stream streams[kLanes];
  int last_byte[kLanes];
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) {
    Stream& stream = streams[i];
    stream.abef = load(kInitialAbef);
    stream.cdgh = load(kInitialCdgh);
    const Quad start = _mm_or_si128(_mm_slli_si128(load(nodes[i]), 1), _mm_cvtsi32_si128(0x01));
    stream.words[0] = swap_bytes(start);
#pragma unroll
    for (unsigned q = 1; q < 4; ++q) stream.words[q] = swap_bytes(load(nodes[i] + 16 * q - 1));
    last_byte[i] = nodes[i][63];
  }
  compress(streams);
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) {
    // The 65th byte, the padding bit, zeros, and the length of 520 bits.
    streams[i].words[0] = _mm_cvtsi32_si128(last_byte[i] << 24 | 0x800000);
    streams[i].words[1] = _mm_setzero_si128();
    streams[i].words[2] = _mm_setzero_si128();
    streams[i].words[3] = _mm_set_epi32(520, 0, 0, 0);
  }
  compress(streams);
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) store_digest(streams[i], digests[i]);
}

/// One block for every lane.
template <unsigned kLanes>
[[gnu::always_inline]] inline void compress_blocks(Sha256Lanes<kLanes>& lanes,
                                                   const Sha256Blocks<kLanes>& blocks,
                                                   LaneDigests<kLanes>& digests) {
  Stream streams[kLanes];
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) {
    const bool starts = (blocks.starts_message >> i & 1) != 0;
    streams[i].abef = load(starts ? kInitialAbef : lanes.words[i]);
    streams[i].cdgh = load(starts ? kInitialCdgh : lanes.words[i] + 4);
#pragma unroll
    for (unsigned q = 0; q < 4; ++q) {
      streams[i].words[q] = swap_bytes(load(blocks.bytes[i] + 16 * q));
    }
  }
  compress(streams);
#pragma unroll
  for (unsigned i = 0; i < kLanes; ++i) {
    _mm_storeu_si128(reinterpret_cast<Quad*>(lanes.words[i]), streams[i].abef);
    _mm_storeu_si128(reinterpret_cast<Quad*>(lanes.words[i] + 4), streams[i].cdgh);
    store_digest(streams[i], digests.bytes[i]);
  }
}

}  // namespace
}  // namespace buri::accel
