#pragma once

#include <cstdint>

/// Constants of Keccak-f[1600] (FIPS 202, 3.2) for the many-lane kernels. Word x + 5 y of a state
/// is A[x, y]. Internal to each unit and without code: both portable and wide units include it.

namespace buri::accel {

constexpr unsigned kKeccakRounds = 24;

/// The bits after a message whose last block ends with it: the pad byte and the last bit of the
/// block, each in its word.
constexpr std::uint64_t kKeccakFirstPadBit = 1;
constexpr std::uint64_t kKeccakLastPadBit = std::uint64_t{1} << 63;

constexpr std::uint64_t kKeccakRoundConstants[kKeccakRounds] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

/// Offsets of the rho step, modulo 64.
constexpr int kKeccakRotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                      25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

/// Column of the word that pi moves to (x, y); its row is x.
consteval int keccak_source_column(int x, int y) { return 3 * (y + 2 * x) % 5; }

}  // namespace buri::accel
