#pragma once

#include <array>
#include <cstdint>

/// Keccak-f[1600] (FIPS 202, section 3.2), the permutation alone: STROBE needs it bare, while
/// accel/ offers whole hashes only. Runs a few times per connection, so it is written for size.

namespace buri::consensus::p2p {

/// Permutes 25 lanes; lane (x, y) is state[x + 5 y]. Constant time.
void keccak_f1600(std::array<std::uint64_t, 25>& state);

}  // namespace buri::consensus::p2p
