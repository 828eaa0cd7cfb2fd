#pragma once

#include <cstdint>

#include "accel/cuda/portable.cuh"

/// Keccak-256 (the pre-standard padding 0x01, as Ethereum uses it) for one thread: state in
/// registers, rounds rolled so that the loop stays in the instruction cache. Lanes are 64-bit
/// little-endian words; messages start at 8-byte boundaries and are zero-filled to the next one.

namespace buri::accel::cuda {

inline constexpr unsigned kKeccakRateWords = 17;  // 136 bytes
inline constexpr unsigned kHashWords64 = 4;

BURI_TABLE std::uint64_t kKeccakRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/// The 25 lanes, lane (x, y) at x + 5 y.
struct KeccakState {
  std::uint64_t lane[25];
};

BURI_HOST_DEVICE inline std::uint64_t rotate_left(std::uint64_t value, unsigned bits) {
  return bits == 0 ? value : value << bits | value >> (64 - bits);
}

namespace keccak_detail {

BURI_HOST_DEVICE inline void theta(std::uint64_t (&a)[25]) {
  std::uint64_t column[5];
#pragma unroll
  for (unsigned x = 0; x < 5; ++x) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
#pragma unroll
  for (unsigned x = 0; x < 5; ++x) {
    const std::uint64_t parity = column[(x + 4) % 5] ^ rotate_left(column[(x + 1) % 5], 1);
#pragma unroll
    for (unsigned y = 0; y < 25; y += 5) a[x + y] ^= parity;
  }
}

/// Rho and pi: lane (x, y) moves to (y, 2x + 3y) rotated by the triangular numbers along the orbit.
BURI_HOST_DEVICE inline void rho_pi(const std::uint64_t (&a)[25], std::uint64_t (&b)[25]) {
  constexpr unsigned kRotation[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                      25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
#pragma unroll
  for (unsigned x = 0; x < 5; ++x) {
#pragma unroll
    for (unsigned y = 0; y < 5; ++y)
      b[y + 5 * ((2 * x + 3 * y) % 5)] = rotate_left(a[x + 5 * y], kRotation[x + 5 * y]);
  }
}

BURI_HOST_DEVICE inline void chi(const std::uint64_t (&b)[25], std::uint64_t (&a)[25]) {
#pragma unroll
  for (unsigned y = 0; y < 25; y += 5) {
#pragma unroll
    for (unsigned x = 0; x < 5; ++x)
      a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
  }
}

}  // namespace keccak_detail

/// Keccak-f[1600].
BURI_HOST_DEVICE inline void keccak_permute(KeccakState& state) {
  std::uint64_t moved[25];
#pragma unroll 1
  for (unsigned round = 0; round < 24; ++round) {
    keccak_detail::theta(state.lane);
    keccak_detail::rho_pi(state.lane, moved);
    keccak_detail::chi(moved, state.lane);
    state.lane[0] ^= kKeccakRoundConstants[round];
  }
}

/// Digest of `bytes` bytes that start at `message`.
BURI_HOST_DEVICE inline void keccak256(const std::uint64_t* message, std::uint32_t bytes,
                                       std::uint64_t (&digest)[kHashWords64]) {
  KeccakState state{};
  const std::uint32_t blocks = bytes / (8 * kKeccakRateWords) + 1;
  for (std::uint32_t block = 0; block < blocks; ++block) {
    const std::uint64_t* words = message + std::size_t{block} * kKeccakRateWords;
    const std::uint32_t left = bytes - block * 8 * kKeccakRateWords;
#pragma unroll
    for (unsigned i = 0; i < kKeccakRateWords; ++i) {
      if (8 * i < left) state.lane[i] ^= words[i];
      if (i == left / 8) state.lane[i] ^= std::uint64_t{1} << (8 * (left % 8));
    }
    if (left < 8 * kKeccakRateWords) state.lane[kKeccakRateWords - 1] ^= std::uint64_t{1} << 63;
    keccak_permute(state);
  }
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i) digest[i] = state.lane[i];
}

/// Digest of the 64 bytes left || right.
BURI_HOST_DEVICE inline void keccak256_pair(const std::uint64_t (&left)[kHashWords64],
                                            const std::uint64_t (&right)[kHashWords64],
                                            std::uint64_t (&digest)[kHashWords64]) {
  KeccakState state{};
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i) {
    state.lane[i] = left[i];
    state.lane[i + kHashWords64] = right[i];
  }
  state.lane[2 * kHashWords64] = 1;
  state.lane[kKeccakRateWords - 1] = std::uint64_t{1} << 63;
  keccak_permute(state);
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i) digest[i] = state.lane[i];
}

}  // namespace buri::accel::cuda
