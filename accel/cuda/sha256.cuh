#pragma once

#include <cstdint>

#include "accel/cuda/portable.cuh"

/// SHA-256 (FIPS 180-4) for one thread, and the inner nodes of RFC 6962 trees. Digests are eight
/// words of the standard's big-endian value held as numbers; messages are bytes in memory that
/// start at a 4-byte boundary and are zero-filled to the next one.

namespace buri::accel::cuda {

inline constexpr unsigned kHashWords32 = 8;

BURI_TABLE std::uint32_t kSha256RoundConstants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

BURI_HOST_DEVICE inline std::uint32_t rotate_right(std::uint32_t value, unsigned bits) {
  return value >> bits | value << (32 - bits);
}

BURI_HOST_DEVICE inline void sha256_start(std::uint32_t (&state)[kHashWords32]) {
  constexpr std::uint32_t kInitial[kHashWords32] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
#pragma unroll
  for (unsigned i = 0; i < kHashWords32; ++i) state[i] = kInitial[i];
}

namespace sha256_detail {

/// One round; the caller rotates the roles of the eight variables instead of moving them.
BURI_HOST_DEVICE inline void round(std::uint32_t (&v)[8], unsigned i, std::uint32_t input) {
  const auto at = [i](unsigned role) { return (role + 8 - i % 8) % 8; };
  const std::uint32_t a = v[at(0)], b = v[at(1)], c = v[at(2)];
  const std::uint32_t e = v[at(4)], f = v[at(5)], g = v[at(6)];
  const std::uint32_t sum1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
  const std::uint32_t sum0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
  const std::uint32_t first = v[at(7)] + sum1 + ((e & f) ^ (~e & g)) + input;
  v[at(3)] += first;
  v[at(7)] = first + sum0 + ((a & b) ^ (a & c) ^ (b & c));
}

/// Word i + 16 of the message schedule, in place of word i of the ring.
BURI_HOST_DEVICE inline void schedule(std::uint32_t (&w)[16], unsigned i) {
  const std::uint32_t w1 = w[(i + 1) % 16], w14 = w[(i + 14) % 16];
  const std::uint32_t sigma0 = rotate_right(w1, 7) ^ rotate_right(w1, 18) ^ w1 >> 3;
  const std::uint32_t sigma1 = rotate_right(w14, 17) ^ rotate_right(w14, 19) ^ w14 >> 10;
  w[i] += sigma0 + w[(i + 9) % 16] + sigma1;
}

}  // namespace sha256_detail

/// Absorbs one block of sixteen big-endian words; `w` is used up.
BURI_HOST_DEVICE inline void sha256_block(std::uint32_t (&state)[kHashWords32],
                                          std::uint32_t (&w)[16]) {
  std::uint32_t v[8];
#pragma unroll
  for (unsigned i = 0; i < 8; ++i) v[i] = state[i];
#pragma unroll 1
  for (unsigned group = 0; group < 64; group += 16) {
#pragma unroll
    for (unsigned i = 0; i < 16; ++i) {
      sha256_detail::round(v, i, w[i] + kSha256RoundConstants[group + i]);
      sha256_detail::schedule(w, i);
    }
  }
#pragma unroll
  for (unsigned i = 0; i < 8; ++i) state[i] += v[i];
}

/// Digest of `bytes` bytes that start at `message`.
BURI_HOST_DEVICE inline void sha256(const std::uint32_t* message, std::uint32_t bytes,
                                    std::uint32_t (&digest)[kHashWords32]) {
  sha256_start(digest);
  const std::uint32_t blocks = (bytes + 8) / 64 + 1;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    std::uint32_t w[16];
#pragma unroll
    for (unsigned i = 0; i < 16; ++i) {
      const std::uint32_t position = block * 64 + 4 * i;
      w[i] = position < bytes ? byte_swap(message[position / 4]) : 0;
      if (position == bytes / 4 * 4) w[i] |= 0x80000000u >> (8 * (bytes % 4));
    }
    if (block + 1 == blocks) {
      w[14] = bytes >> 29;
      w[15] = bytes << 3;
    }
    sha256_block(digest, w);
  }
}

/// SHA-256 of the 65 bytes 0x01 || left || right: an inner node of RFC 6962.
BURI_HOST_DEVICE inline void sha256_inner_node(const std::uint32_t (&left)[kHashWords32],
                                               const std::uint32_t (&right)[kHashWords32],
                                               std::uint32_t (&digest)[kHashWords32]) {
  std::uint32_t w[16];
  w[0] = 0x01000000u | left[0] >> 8;
#pragma unroll
  for (unsigned i = 1; i < 8; ++i) w[i] = left[i - 1] << 24 | left[i] >> 8;
  w[8] = left[7] << 24 | right[0] >> 8;
#pragma unroll
  for (unsigned i = 1; i < 8; ++i) w[i + 8] = right[i - 1] << 24 | right[i] >> 8;
  sha256_start(digest);
  sha256_block(digest, w);
  w[0] = right[7] << 24 | 0x00800000u;
#pragma unroll
  for (unsigned i = 1; i < 15; ++i) w[i] = 0;
  w[15] = 65 * 8;
  sha256_block(digest, w);
}

}  // namespace buri::accel::cuda
