#include "tests/unit/accel/avx512/lane_inputs.hpp"

namespace buri::accel::avx512 {
namespace {

using Numbers = ProbeNumbers;

class LaneInverse : public LaneTest {
 protected:
  /// Elements none of which is 0 modulo p or n.
  Numbers nonzero() {
    while (true) {
      const Numbers a = elements(48);
      bool good = true;
      for (unsigned l = 0; l < kTestLanes; ++l) {
        const BigNumber value = BigNumber::from_lane(a, l);
        good = good && !(value % p_ == BigNumber()) && !(value % n_ == BigNumber());
      }
      if (good) return a;
    }
  }

  const InverseProbe& inverse_ = inverse_probe();
};

TEST_F(LaneInverse, InvertsEveryLaneModuloThePrime) {
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = nonzero();
    Numbers result;
    inverse_.invert(a, result);
    for (unsigned l = 0; l < kTestLanes; ++l) {
      const BigNumber product = BigNumber::from_lane(a, l) * BigNumber::from_lane(result, l);
      ASSERT_TRUE(product % p_ == BigNumber(1)) << "lane " << l << ", seed " << kSeed;
    }
  }
}

TEST_F(LaneInverse, InvertsEveryLaneModuloTheOrder) {
  BigNumber r(1);
  for (int i = 0; i < 5; ++i) {
    r = r * BigNumber(std::uint64_t{1} << 52);
  }
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = nonzero();
    Numbers result;
    inverse_.order_invert(a, result);
    for (unsigned l = 0; l < kTestLanes; ++l) {
      const BigNumber product = BigNumber::from_lane(a, l) * BigNumber::from_lane(result, l);
      ASSERT_TRUE(product % n_ == r % n_) << "lane " << l << ", seed " << kSeed;
    }
  }
}

TEST_F(LaneInverse, TheRootOfASquareSquaresBackToIt) {
  for (int round = 0; round < kRounds / 10; ++round) {
    Numbers values[3];
    Numbers squares[3];
    for (int i = 0; i < 3; ++i) {
      values[i] = elements();
      field_probe().square(values[i], squares[i]);
      values[i] = squares[i];
    }
    inverse_.square_roots(values, 3);
    for (int i = 0; i < 3; ++i) {
      Numbers again;
      field_probe().square(values[i], again);
      ASSERT_EQ(field_probe().is_equal(again, squares[i]), 0xffu) << "seed " << kSeed;
    }
  }
}

}  // namespace
}  // namespace buri::accel::avx512
