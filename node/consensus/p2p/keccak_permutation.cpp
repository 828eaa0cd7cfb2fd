#include "node/consensus/p2p/keccak_permutation.hpp"

#include <bit>

namespace buri::consensus::p2p {
namespace {

constexpr unsigned kRounds = 24;

/// The constants of iota: bit 2^j - 1 of round i is bit j + 7 i of an LFSR over x^8+x^6+x^5+x^4+1.
constexpr std::array<std::uint64_t, kRounds> round_constants() {
  std::array<std::uint64_t, kRounds> constants{};
  unsigned lfsr = 1;
  for (std::uint64_t& constant : constants) {
    for (unsigned j = 0; j < 7; ++j) {
      if ((lfsr & 1) != 0) constant |= std::uint64_t{1} << ((1u << j) - 1);
      lfsr <<= 1;
      if ((lfsr & 0x100) != 0) lfsr ^= 0x171;
    }
  }
  return constants;
}
constexpr auto kRoundConstants = round_constants();
static_assert(kRoundConstants[0] == 1 && kRoundConstants[23] == 0x8000000080008008);

void theta(std::array<std::uint64_t, 25>& state) {
  std::array<std::uint64_t, 5> parity{};
  for (unsigned i = 0; i < 25; ++i) parity[i % 5] ^= state[i];
  for (unsigned i = 0; i < 25; ++i) {
    state[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
  }
}

/// Walks the 24 lanes off the origin in the order that pi visits them; step t turns by the t-th
/// triangular number.
void rho_and_pi(std::array<std::uint64_t, 25>& state) {
  unsigned x = 1;
  unsigned y = 0;
  std::uint64_t carried = state[1];
  for (unsigned t = 1; t <= 24; ++t) {
    const unsigned next_y = (2 * x + 3 * y) % 5;
    x = y;
    y = next_y;
    const std::uint64_t turned = std::rotl(carried, static_cast<int>(t * (t + 1) / 2 % 64));
    carried = state[x + 5 * y];
    state[x + 5 * y] = turned;
  }
}

void chi(std::array<std::uint64_t, 25>& state) {
  for (unsigned y = 0; y < 25; y += 5) {
    const std::array<std::uint64_t, 5> row{state[y], state[y + 1], state[y + 2], state[y + 3],
                                           state[y + 4]};
    for (unsigned x = 0; x < 5; ++x) state[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
  }
}

}  // namespace

void keccak_f1600(std::array<std::uint64_t, 25>& state) {
  for (const std::uint64_t constant : kRoundConstants) {
    theta(state);
    rho_and_pi(state);
    chi(state);
    state[0] ^= constant;
  }
}

}  // namespace buri::consensus::p2p
