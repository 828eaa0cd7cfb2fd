#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "accel/curve/constants.hpp"

/// Values for property tests of the curve arithmetic: edges first, then seeded random ones.

namespace buri::accel::curve {

/// Every run uses this seed, so a failure replays by itself; SCOPED_TRACE prints it.
inline constexpr std::uint64_t kSeed = 0x62757269;

inline Uint256 random_uint256(std::mt19937_64& random) {
  return {{random(), random(), random(), random()}};
}

/// Values next to every bound that the arithmetic treats specially, all below 2^256.
inline std::vector<Uint256> edge_values() {
  std::vector<Uint256> values;
  const Uint256 anchors[] = {
      {{0, 0, 0, 0}},       {{0, 1, 0, 0}},          {{0, 0, 1, 0}},
      {{0, 0, 0, 1}},       {{kFieldFold, 0, 0, 0}}, {{0, 0, 0, std::uint64_t{1} << 63}},
      field_prime(),        group_order(),           half_order(),
      order_fold(),         prime_minus_order(),     endomorphism_beta(),
      endomorphism_lambda()};
  for (const Uint256& anchor : anchors) {
    for (std::uint64_t step = 0; step < 3; ++step) {
      Uint256 value{};
      add_carry(anchor, {{step, 0, 0, 0}}, value);
      values.push_back(value);
      sub_borrow(anchor, {{step, 0, 0, 0}}, value);
      values.push_back(value);
    }
  }
  // Runs of ones and zeros make the longest carry chains.
  for (unsigned bit = 0; bit < 256; bit += 13) {
    Uint256 ones{};
    for (unsigned i = 0; i <= bit; ++i) ones.limb[i / 64] |= std::uint64_t{1} << (i % 64);
    values.push_back(ones);
    values.push_back({{~ones.limb[0], ~ones.limb[1], ~ones.limb[2], ~ones.limb[3]}});
  }
  return values;
}

}  // namespace buri::accel::curve
