#include <gtest/gtest.h>

#include "node/consensus/modules/stake/indexed_set.hpp"
#include "node/consensus/modules/stake/messages.hpp"
#include "tests/unit/node/consensus/modules/module_state.hpp"

/// The rules of module stake (spec/heimdall.md 5.1, 6; heimdall-after-ithaca.md K8) on either side
/// of their limits and forks.

namespace buri::consensus::modules::stake {
namespace {

using protocol::HeimdallFork;
using runtime::Integer;

constexpr std::int64_t kTallyFix = 8;
constexpr std::int64_t kPhuket = 10;
constexpr std::int64_t kKyoto = 15;
constexpr std::int64_t kZurich = 12;
const Integer kToken(1'000'000'000'000'000'000);

struct StakeRules : ::testing::Test {
  ModuleState state;
  Keeper keeper;

  StakeRules() {
    register_messages(state.registry, state.root_chain);
    state.set_fork(HeimdallFork::kTallyFix, kTallyFix);
    state.set_fork(HeimdallFork::kPhuket, kPhuket);
    state.set_fork(HeimdallFork::kZurich, kZurich);
    state.set_fork(HeimdallFork::kKyoto, kKyoto);
  }
  Validator record(std::uint64_t id) { return keeper.by_id(state.at(1), id).value().value(); }
  static MsgStakeUpdate update(std::uint64_t nonce, const Integer& amount) {
    return {.from = test_signer(1),
            .val_id = 1,
            .new_amount = amount,
            .tx_hash = Bytes(32, 1),
            .log_index = nonce,
            .block_number = 5,
            .nonce = nonce};
  }
};

TEST(StakePower, IsWholeTokensAndAtLeastOne) {
  EXPECT_EQ(power_of(subtract(kToken, 1).value()), std::nullopt);
  EXPECT_EQ(power_of(kToken), 1);
  EXPECT_EQ(power_of(subtract(multiply(kToken, 3).value(), 1).value()), 2);
}

TEST(StakeRecord, IsCurrentInItsEpochsOnly) {
  struct Case {
    Validator validator;
    std::uint64_t acks;
    bool is_current;
  };
  const Validator plain{.start_epoch = 3, .voting_power = 1};
  Validator ending = plain;
  ending.end_epoch = 6;
  Validator jailed = plain;
  jailed.jailed = true;
  Validator powerless = plain;
  powerless.voting_power = 0;
  const std::vector<Case> cases{{plain, 1, false},  {plain, 2, true},   {ending, 4, true},
                                {ending, 5, false}, {jailed, 5, false}, {powerless, 5, false}};
  for (const Case& one : cases) {
    EXPECT_EQ(is_current(one.validator, one.acks), one.is_current) << one.acks;
  }
}

TEST_F(StakeRules, AnUpdateOfALeavingValidatorGivesNoPowerFromZurichOn) {
  Validator leaving = record(1);
  leaving.end_epoch = 9;
  ASSERT_TRUE(keeper.add(state.at(1), leaving).ok());
  ASSERT_TRUE(apply(state.at(kZurich - 1), update(1, multiply(kToken, 7).value())).ok());
  EXPECT_EQ(record(1).voting_power, 7);
  ASSERT_TRUE(apply(state.at(kZurich), update(2, multiply(kToken, 8).value())).ok());
  EXPECT_EQ(record(1).voting_power, 0);
  EXPECT_EQ(record(1).nonce, 2U);
  EXPECT_EQ(record(1).last_updated, "500002");
  EXPECT_FALSE(apply(state.at(kZurich), update(4, kToken)).ok()) << "nonces follow each other";
}

TEST_F(StakeRules, ANewSignerTakesTheBalanceUntilPhuket) {
  const auto change = [](std::uint64_t nonce, std::uint8_t key) {
    return MsgSignerUpdate{.from = test_signer(1),
                           .val_id = 1,
                           .new_signer_pub_key = test_key(key),
                           .tx_hash = Bytes(32, 1),
                           .log_index = nonce,
                           .block_number = 5,
                           .nonce = nonce};
  };
  state.give(test_signer(1), 40);
  ASSERT_TRUE(apply(state.at(kPhuket - 1), change(1, 11)).ok());
  EXPECT_EQ(state.balance(test_signer(1)), Integer{});
  EXPECT_EQ(state.balance(test_signer(11)), Integer(40));
  ASSERT_TRUE(apply(state.at(kPhuket), change(2, 12)).ok());
  EXPECT_EQ(state.balance(test_signer(11)), Integer(40));
  EXPECT_EQ(record(1).signer, test_signer(12));
  const auto old = keeper.by_signer(state.at(1), test_signer(11)).value();
  ASSERT_TRUE(old.has_value());
  EXPECT_EQ(old->voting_power, 0);
}

TEST_F(StakeRules, ThePenultimateSetIsKeptFromOneBeforeTheTallyFix) {
  ASSERT_TRUE(keeper.end_block(state.at(kTallyFix - 2)).ok());
  EXPECT_FALSE(keeper.set(state.at(1), SetKind::kPenultimate).ok());
  ASSERT_TRUE(keeper.end_block(state.at(kTallyFix - 1)).ok());
  EXPECT_TRUE(keeper.set(state.at(1), SetKind::kPenultimate).ok());
}

TEST_F(StakeRules, SequencesOfWideLogIndexesChangeAtKyoto) {
  MsgStakeUpdate wide = update(1, kToken);
  wide.log_index = 100'000;
  ASSERT_TRUE(apply(state.at(kKyoto - 1), wide).ok());
  EXPECT_EQ(record(1).last_updated, "600000");
  wide.nonce = 2;
  ASSERT_TRUE(apply(state.at(kKyoto), wide).ok());
  EXPECT_EQ(record(1).last_updated, "5_100000");
}

TEST_F(StakeRules, TheEndOfABlockBringsTheSetInLineWithTheRecords) {
  Validator first = record(1);
  first.voting_power = 120;
  ASSERT_TRUE(keeper.add(state.at(1), first).ok());
  Validator second = record(2);
  second.voting_power = 0;
  ASSERT_TRUE(keeper.add(state.at(1), second).ok());
  ASSERT_TRUE(keeper.add(state.at(1), ModuleState::validator(3, 30)).ok());
  const auto changes = keeper.end_block(state.at(2)).value();
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(changes, {}, &Validator::signer)) << "in the records' order";
  const ValidatorSet set = keeper.set(state.at(2), SetKind::kCurrent).value();
  ASSERT_EQ(set.validators.size(), 2U);
  EXPECT_EQ(set.total_voting_power, 150);
  EXPECT_EQ(find_member(set, test_signer(1))->voting_power, 120);
  EXPECT_EQ(find_member(set, test_signer(2)), nullptr);
  // A member that joins starts 1.125 totals behind; the rest keep theirs; then all are centred.
  const std::int64_t sum =
      set.validators[0].proposer_priority + set.validators[1].proposer_priority;
  EXPECT_LE(std::abs(sum), 1);
  EXPECT_LT(find_member(set, test_signer(3))->proposer_priority,
            find_member(set, test_signer(1))->proposer_priority);
  EXPECT_TRUE(keeper.end_block(state.at(3)).value().empty());
}

TEST_F(StakeRules, MembersAreFoundByAddress) {
  const auto set = load_indexed_set(state.at(1), SetKind::kCurrent).value();
  ASSERT_EQ(set->size(), 2U);
  EXPECT_EQ(set->set(), keeper.set(state.at(1), SetKind::kCurrent).value());
  for (std::uint8_t id = 1; id <= 2; ++id) {
    const Address address = runtime::address_of_key(test_key(id));
    EXPECT_EQ(set->find(address)->val_id, id);
    EXPECT_EQ(set->set().validators[set->place_of(address)].val_id, id);
  }
  const Address unknown = runtime::address_of_key(test_key(3));
  EXPECT_EQ(set->find(unknown), nullptr);
  EXPECT_EQ(set->place_of(unknown), set->size());
  EXPECT_FALSE(load_indexed_set(state.at(1), SetKind::kPenultimate).ok());
  // Of two members with one signer the first counts; a signer that is no address is refused.
  const auto twin = [](std::uint64_t id) {
    Validator one = ModuleState::validator(1, 10);
    one.val_id = id;
    return one;
  };
  EXPECT_EQ(IndexedSet::create({.validators = {twin(7), twin(8)}})
                .value()
                .find(runtime::address_of_key(test_key(1)))
                ->val_id,
            7U);
  Validator nobody = twin(9);
  nobody.signer = "0x12";
  EXPECT_FALSE(IndexedSet::create({.validators = {nobody}}).ok());
}

}  // namespace
}  // namespace buri::consensus::modules::stake
