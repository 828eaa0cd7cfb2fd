#include "tests/unit/accel/vector/lane_inputs.hpp"

namespace buri::accel::vector {
namespace {

using Numbers = ProbeNumbers;

class LaneInverse : public LaneTest {
 protected:
  /// Elements none of which is 0 modulo p or n.
  Numbers nonzero() {
    while (true) {
      const Numbers a = elements(48);
      bool good = true;
      for (unsigned l = 0; l < lanes_; ++l) {
        const BigNumber value = BigNumber::from_lane(a, l);
        good = good && !(value % p_ == BigNumber()) && !(value % n_ == BigNumber());
      }
      if (good) return a;
    }
  }
};

BURI_OVER_WIDTHS(LaneInverse);

TEST_P(LaneInverse, InvertsEveryLaneModuloThePrime) {
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = nonzero();
    Numbers result;
    probe_.invert(a, result);
    for (unsigned l = 0; l < lanes_; ++l) {
      const BigNumber product = BigNumber::from_lane(a, l) * BigNumber::from_lane(result, l);
      ASSERT_TRUE(product % p_ == BigNumber(1)) << "lane " << l << ", seed " << kSeed;
    }
  }
}

TEST_P(LaneInverse, InvertsEveryLaneModuloTheOrder) {
  BigNumber r(1);
  for (int i = 0; i < 5; ++i) {
    r = r * BigNumber(std::uint64_t{1} << 52);
  }
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = nonzero();
    Numbers result;
    probe_.order_invert(a, result);
    for (unsigned l = 0; l < lanes_; ++l) {
      const BigNumber product = BigNumber::from_lane(a, l) * BigNumber::from_lane(result, l);
      ASSERT_TRUE(product % n_ == r % n_) << "lane " << l << ", seed " << kSeed;
    }
  }
}

TEST_P(LaneInverse, TheRootOfASquareSquaresBackToIt) {
  for (int round = 0; round < kRounds / 10; ++round) {
    Numbers values[3];
    Numbers squares[3];
    for (int i = 0; i < 3; ++i) {
      values[i] = elements();
      probe_.square(values[i], squares[i]);
      values[i] = squares[i];
    }
    probe_.square_roots(values, 3);
    for (int i = 0; i < 3; ++i) {
      Numbers again;
      probe_.square(values[i], again);
      ASSERT_EQ(probe_.is_equal(again, squares[i]), all()) << "seed " << kSeed;
    }
  }
}

}  // namespace
}  // namespace buri::accel::vector
