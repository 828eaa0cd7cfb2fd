#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "base/bytes.hpp"

/// Keccak[c = 512] written from FIPS 202 step by step, constants generated as the standard
/// generates them: slow, and sharing nothing with the code under test.

namespace buri::accel::reference {

using State = std::array<std::array<std::uint64_t, 5>, 5>;  // A[x][y]

/// Algorithm 5: the bit that comes out of the LFSR after t steps.
inline bool rc_bit(unsigned t) {
  unsigned r = 1;
  for (unsigned i = 0; i < t % 255; ++i) {
    r <<= 1;
    if ((r & 0x100) != 0) r ^= 0x171;
  }
  return (r & 1) != 0;
}

inline void theta(State& a) {
  std::array<std::uint64_t, 5> c{};
  for (unsigned x = 0; x < 5; ++x) {
    for (unsigned y = 0; y < 5; ++y) c[x] ^= a[x][y];
  }
  for (unsigned x = 0; x < 5; ++x) {
    for (unsigned y = 0; y < 5; ++y) a[x][y] ^= c[(x + 4) % 5] ^ std::rotl(c[(x + 1) % 5], 1);
  }
}

/// Algorithm 2: (x, y) walks over all lanes but the first, offset (t + 1)(t + 2) / 2.
inline void rho(State& a) {
  unsigned x = 1;
  unsigned y = 0;
  for (unsigned t = 0; t < 24; ++t) {
    a[x][y] = std::rotl(a[x][y], static_cast<int>((t + 1) * (t + 2) / 2 % 64));
    const unsigned next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
  }
}

inline void pi(State& a) {
  const State old = a;
  for (unsigned x = 0; x < 5; ++x) {
    for (unsigned y = 0; y < 5; ++y) a[x][y] = old[(x + 3 * y) % 5][x];
  }
}

inline void chi(State& a) {
  const State old = a;
  for (unsigned x = 0; x < 5; ++x) {
    for (unsigned y = 0; y < 5; ++y)
      a[x][y] = old[x][y] ^ (~old[(x + 1) % 5][y] & old[(x + 2) % 5][y]);
  }
}

inline void iota(State& a, unsigned round) {
  for (unsigned j = 0; j <= 6; ++j) {
    if (rc_bit(j + 7 * round)) a[0][0] ^= std::uint64_t{1} << ((1u << j) - 1);
  }
}

/// The sponge with rate 136 and a 32-byte output. `first_pad` is 0x01 for Keccak-256 and 0x06 for
/// SHA3-256.
inline Hash256 sponge(ByteView message, std::uint8_t first_pad) {
  constexpr std::size_t kRate = 136;
  Bytes padded(message.begin(), message.end());
  padded.push_back(first_pad);
  while (padded.size() % kRate != 0) padded.push_back(0);
  padded.back() ^= 0x80;
  State a{};
  for (std::size_t at = 0; at < padded.size(); at += kRate) {
    for (std::size_t i = 0; i < kRate; ++i) {
      a[i / 8 % 5][i / 8 / 5] ^= std::uint64_t{padded[at + i]} << (i % 8 * 8);
    }
    for (unsigned round = 0; round < 24; ++round) {
      theta(a);
      rho(a);
      pi(a);
      chi(a);
      iota(a, round);
    }
  }
  Hash256 digest;
  for (std::size_t i = 0; i < 32; ++i) {
    digest.bytes[i] = static_cast<std::uint8_t>(a[i / 8 % 5][i / 8 / 5] >> (i % 8 * 8));
  }
  return digest;
}

}  // namespace buri::accel::reference
