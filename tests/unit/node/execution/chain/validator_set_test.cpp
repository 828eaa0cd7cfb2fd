#include "node/execution/chain/validator_set.hpp"

#include <gtest/gtest.h>

namespace buri::execution::chain {
namespace {

Address address(std::uint8_t last) {
  Address result;
  result.bytes[19] = last;
  return result;
}
Validator member(std::uint8_t last, std::int64_t power) {
  return {.id = last, .signer = address(last), .power = power};
}
ValidatorSet set_of(std::vector<Validator> validators) {
  auto set = ValidatorSet::make(std::move(validators));
  CHECK(set.ok(), "the test's set is one");
  return std::move(set).value();
}
ValidatorSetError refusal_of(std::vector<Validator> validators) {
  auto set = ValidatorSet::make(std::move(validators));
  EXPECT_FALSE(set.ok());
  return set.ok() ? ValidatorSetError::kEmpty : set.error();
}

TEST(BorValidatorSet, BeginsWithItsStrongestMember) {
  // Priorities that the recorded chain B shows at block 13.
  const ValidatorSet set = set_of({member(1, 40), member(2, 30)});
  EXPECT_EQ(set.proposer().signer, address(1));
  EXPECT_EQ(set.members()[0].priority, -30);
  EXPECT_EQ(set.members()[1].priority, 30);
  EXPECT_EQ(set.total_power(), 70);
}

TEST(BorValidatorSet, CountsSuccessionInACircle) {
  const ValidatorSet set = set_of({member(1, 10), member(2, 30), member(3, 10)});
  ASSERT_EQ(set.proposer().signer, address(2));
  EXPECT_EQ(set.succession_of(address(2)), 0U);
  EXPECT_EQ(set.succession_of(address(3)), 1U);
  EXPECT_EQ(set.succession_of(address(1)), 2U);
  EXPECT_FALSE(set.index_of(address(4)).has_value());
}

TEST(BorValidatorSet, WritesMembersAsHeadersHoldThem) {
  const ValidatorSet set = set_of({member(2, 258), member(1, 7)});
  const Bytes bytes = set.to_header_bytes();
  ASSERT_EQ(bytes.size(), 80U);
  EXPECT_EQ(bytes[19], 1);
  EXPECT_EQ(bytes[39], 7);
  EXPECT_EQ(bytes[78], 1);
  EXPECT_EQ(bytes[79], 2);
  const auto read = parse_validators(bytes);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->at(1).power, 258);
  EXPECT_FALSE(parse_validators(Bytes(39)).has_value());
}

TEST(BorValidatorSet, RefusesWhatIsNoSet) {
  EXPECT_EQ(refusal_of({}), ValidatorSetError::kEmpty);
  EXPECT_EQ(refusal_of({member(1, 1), member(1, 2)}), ValidatorSetError::kDuplicate);
  EXPECT_EQ(refusal_of({member(0, 1)}), ValidatorSetError::kDuplicate);
  EXPECT_EQ(refusal_of({member(1, -1)}), ValidatorSetError::kNegativePower);
  EXPECT_EQ(refusal_of({member(1, ValidatorSet::kMaxTotalPower), member(2, 1)}),
            ValidatorSetError::kPowerTooLarge);
}

TEST(BorValidatorSet, TakesOverAHeadersListAtTheEndOfASprint) {
  const ValidatorSet set = set_of({member(1, 40), member(2, 30)});
  const std::vector<Validator> list{member(2, 20), member(3, 15)};
  const ValidatorSet next = set.after_sprint(list);
  ASSERT_EQ(next.members().size(), 2U);
  EXPECT_EQ(next.members()[0].signer, address(2));
  EXPECT_EQ(next.total_power(), 35);
}

TEST(BorValidatorSet, KeepsItsMembersWithoutPowerWhereAListIsEmpty) {
  const ValidatorSet set = set_of({member(1, 40), member(2, 30)});
  const ValidatorSet next = set.after_sprint({});
  ASSERT_EQ(next.members().size(), 2U);
  EXPECT_EQ(next.members()[0].power, 0);
  EXPECT_EQ(next.total_power(), 70);
}

}  // namespace
}  // namespace buri::execution::chain
