#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/ptx/interpreter/launch.hpp"

/// Test harness: runs a few PTX lines in every lane of a warp. On entry %rd0..%rd3 hold the lane's
/// four inputs and %r0..%r3 their low halves; the lines leave their result in %rd4.

namespace buri::ptx {

using LaneInputs = std::array<std::uint64_t, 4>;

/// A kernel around `lines`; `declarations` go before it.
std::string lane_kernel(const std::string& lines, const std::string& declarations = {});

/// What a run gave: %rd4 of every lane, or the fault.
Result<std::vector<std::uint64_t>, Fault> run_lanes(const std::string& source,
                                                    const std::vector<LaneInputs>& inputs,
                                                    const LaunchOptions& options = {});

/// 32 lanes of edge cases and random numbers; prints the seed when the test fails.
std::vector<LaneInputs> lane_inputs(std::uint64_t seed);

/// Checks `lines` against `expected` in 32 lanes (the vector loop) and in 7 (the masked loop).
template <class Expected>
void expect_lanes(const std::string& lines, Expected expected) {
  constexpr std::uint64_t kSeed = 20261125;
  for (const std::size_t lanes : {std::size_t{32}, std::size_t{7}}) {
    std::vector<LaneInputs> inputs = lane_inputs(kSeed + lanes);
    inputs.resize(lanes);
    const auto results = run_lanes(lane_kernel(lines), inputs);
    ASSERT_TRUE(results.ok()) << lines << ": " << results.error().text;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto& [a, b, c, d] = inputs[lane];
      ASSERT_EQ(results.value()[lane], expected(a, b, c, d))
          << lines << " lane " << lane << " seed " << kSeed + lanes << std::hex << " a=" << a
          << " b=" << b << " c=" << c << " d=" << d;
    }
  }
}

}  // namespace buri::ptx
