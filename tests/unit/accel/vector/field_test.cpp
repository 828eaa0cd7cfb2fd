#include "tests/unit/accel/vector/lane_inputs.hpp"

namespace buri::accel::vector {
namespace {

using Numbers = ProbeNumbers;

BigNumber lane_of(const Numbers& numbers, unsigned lane) {
  return BigNumber::from_lane(numbers, lane);
}

using LaneField = LaneTest;
BURI_OVER_WIDTHS(LaneField);

TEST_P(LaneField, MultipliesAndSquaresOverTheWholeRangeOfElements) {
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = elements();
    const Numbers b = elements();
    Numbers result;
    probe_.multiply(a, b, result);
    expect_congruent(result, [&](unsigned l) { return lane_of(a, l) * lane_of(b, l); });
    probe_.multiply_wide(a, b, result);
    expect_congruent(result, [&](unsigned l) { return lane_of(a, l) * lane_of(b, l); });
    probe_.square(a, result);
    expect_congruent(result, [&](unsigned l) { return lane_of(a, l) * lane_of(a, l); });
    if (HasFailure()) return;
  }
}

TEST_P(LaneField, SharesOneReductionBetweenASquareAndAProduct) {
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = elements(49);
    const Numbers b = elements(49);
    const Numbers c = elements(49);
    Numbers result;
    probe_.square_plus_product(a, b, c, result);
    expect_congruent(result, [&](unsigned l) {
      return lane_of(a, l) * lane_of(a, l) + lane_of(b, l) * lane_of(c, l);
    });
    if (HasFailure()) return;
  }
}

TEST_P(LaneField, CarriesSumsOfEitherSign) {
  for (int round = 0; round < kRounds; ++round) {
    Numbers sum = sums(61, 61, false);
    Numbers result;
    probe_.carry(sum, result);
    expect_congruent(result, [&](unsigned l) { return lane_of(sum, l); });
    sum = sums(61, 59, true);
    probe_.carry_signed(sum, result);
    expect_congruent(result, [&](unsigned l) { return lane_of(sum, l); });
    sum = elements();
    probe_.negate(sum, result);
    expect_congruent(result, [&](unsigned l) { return BigNumber() - lane_of(sum, l); });
    if (HasFailure()) return;
  }
}

TEST_P(LaneField, NormalizesToTheResidueBelowThePrime) {
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = elements();
    Numbers result;
    probe_.normalize(a, result);
    unsigned zero = 0;
    unsigned odd = 0;
    for (unsigned l = 0; l < lanes_; ++l) {
      const BigNumber residue = lane_of(a, l) % p_;
      ASSERT_TRUE(lane_of(result, l) == residue) << "lane " << l << ", seed " << kSeed;
      zero |= residue == BigNumber() ? 1u << l : 0;
      odd |= residue.is_odd() ? 1u << l : 0;
    }
    ASSERT_EQ(probe_.is_zero(a), zero);
    ASSERT_EQ(probe_.is_odd(a), odd);
    ASSERT_EQ(probe_.is_equal(a, result), all());
  }
}

TEST_P(LaneField, TellsNeighboursApart) {
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = elements();
    Numbers normal;
    probe_.normalize(a, normal);
    Numbers other = normal;
    const unsigned lane = static_cast<unsigned>(random_() % lanes_);
    other.limb[random_() % 5][lane] ^= std::uint64_t{1} << random_() % 48;
    ASSERT_EQ(probe_.is_equal(a, other), all() ^ 1u << lane);
  }
}

TEST_P(LaneField, PacksAndUnpacksWords) {
  for (int round = 0; round < kRounds; ++round) {
    Numbers normal;
    probe_.normalize(elements(), normal);
    ProbeWords words;
    probe_.to_words(normal, words);
    Numbers back;
    probe_.from_words(words, back);
    for (unsigned l = 0; l < lanes_; ++l) {
      BigNumber value;
      for (int i = 3; i >= 0; --i) {
        value = value * BigNumber(std::uint64_t{1} << 32) * BigNumber(std::uint64_t{1} << 32) +
                BigNumber(words.word[i][l]);
      }
      ASSERT_TRUE(value == lane_of(normal, l));
      for (int i = 0; i < 5; ++i) ASSERT_EQ(back.limb[i][l], normal.limb[i][l]);
    }
  }
}

TEST_P(LaneField, MultipliesModuloTheGroupOrder) {
  const BigNumber r = BigNumber(std::uint64_t{1} << 52) * BigNumber(std::uint64_t{1} << 52) *
                      BigNumber(std::uint64_t{1} << 52) * BigNumber(std::uint64_t{1} << 52) *
                      BigNumber(std::uint64_t{1} << 52);
  for (int round = 0; round < kRounds; ++round) {
    const Numbers a = elements(48);
    const Numbers b = elements(48);
    Numbers result;
    probe_.order_multiply(a, b, result);
    Numbers normal;
    probe_.order_normalize(result, normal);
    for (unsigned l = 0; l < lanes_; ++l) {
      ASSERT_TRUE(lane_of(result, l) * r % n_ == lane_of(a, l) * lane_of(b, l) % n_);
      ASSERT_TRUE(lane_of(normal, l) == lane_of(result, l) % n_);
    }
  }
}

}  // namespace
}  // namespace buri::accel::vector
