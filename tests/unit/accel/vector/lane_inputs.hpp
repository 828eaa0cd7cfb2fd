#pragma once

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "tests/unit/accel/vector/big_number.hpp"

/// Inputs of the lane arithmetic's tests: edges of every limb mixed with random limbs.

namespace buri::accel::vector {

inline constexpr int kRounds = 1000;

/// Runs once per width of registers that the processor has.
class LaneTest : public testing::TestWithParam<const Probe*> {
 protected:
  void SetUp() override { entered_ = probe_.enter(); }
  void TearDown() override { probe_.leave(entered_); }

  /// The mask of all lanes.
  [[nodiscard]] unsigned all() const { return (1u << lanes_) - 1; }

  /// A limb of `bits` bits: an end of its range one time in three.
  std::uint64_t limb(unsigned bits) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    switch (random_() % 6) {
      case 0:
        return 0;
      case 1:
        return mask;
      default:
        return random_() & mask;
    }
  }

  /// Elements: four limbs of 52 bits and one of `top_bits`; some lanes are p, p - 1, p + 1 or 0.
  ProbeNumbers elements(unsigned top_bits = 50) {
    ProbeNumbers result{};
    for (unsigned lane = 0; lane < lanes_; ++lane) {
      for (int i = 0; i < 5; ++i) result.limb[i][lane] = limb(i < 4 ? 52 : top_bits);
      if (random_() % 8 != 0) continue;
      const std::uint64_t low = kPrime[0] - 2 + random_() % 4;
      for (int i = 0; i < 5; ++i) result.limb[i][lane] = i == 0 ? low : kPrime[i];
    }
    return result;
  }

  /// Sums: limbs of either sign below 2^bits in magnitude, the top one at most 2^top_bits.
  ProbeNumbers sums(unsigned bits, unsigned top_bits, bool negative) {
    ProbeNumbers result{};
    for (unsigned lane = 0; lane < lanes_; ++lane) {
      for (int i = 0; i < 5; ++i) {
        const std::uint64_t value = limb(i < 4 ? bits : top_bits);
        result.limb[i][lane] = negative && random_() % 2 == 0 ? 0 - value : value;
      }
    }
    return result;
  }

  void expect_element(const ProbeNumbers& value) const {
    for (unsigned lane = 0; lane < lanes_; ++lane) {
      for (int i = 0; i < 5; ++i) ASSERT_EQ(value.limb[i][lane] >> (i < 4 ? 52 : 50), 0u);
    }
  }
  /// The result is an element congruent to what `expected` gives for each lane.
  template <class Expected>
  void expect_congruent(const ProbeNumbers& result, Expected expected) {
    ASSERT_NO_FATAL_FAILURE(expect_element(result));
    for (unsigned lane = 0; lane < lanes_; ++lane) {
      ASSERT_TRUE(BigNumber::from_lane(result, lane) % p_ == expected(lane) % p_)
          << "lane " << lane << ", seed " << kSeed;
    }
  }

  const Probe& probe_ = *GetParam();
  const unsigned lanes_ = probe_.lanes;
  unsigned entered_ = 0;
  static constexpr std::uint64_t kSeed = 20251125;
  static constexpr std::array<std::uint64_t, 5> kPrime = {
      0xffffefffffc2f, 0xfffffffffffff, 0xfffffffffffff, 0xfffffffffffff, 0xffffffffffff};
  const BigNumber p_ =
      BigNumber::from_hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f");
  const BigNumber n_ =
      BigNumber::from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  std::mt19937_64 random_{kSeed};
};

inline std::string width_name(const testing::TestParamInfo<const Probe*>& info) {
  return info.param->name;
}

#define BURI_OVER_WIDTHS(Suite) \
  INSTANTIATE_TEST_SUITE_P(Widths, Suite, testing::ValuesIn(supported_probes()), width_name)

}  // namespace buri::accel::vector
