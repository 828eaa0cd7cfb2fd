#include <gtest/gtest.h>

#include "accel/hasher.hpp"
#include "node/consensus/modules/topup/messages.hpp"
#include "tests/unit/node/consensus/modules/module_state.hpp"

/// The rules of module topup (spec/heimdall.md 5.6, heimdall-after-ithaca.md K8) on either side of
/// their limits and forks, and the tree over dividend accounts against a plain one.

namespace buri::consensus::modules::topup {
namespace {

using protocol::HeimdallFork;
using runtime::Integer;

constexpr std::int64_t kGate = 10;
constexpr std::int64_t kKyoto = 15;
constexpr std::uint64_t kFee = 1'000'000'000'000'000;

struct TopupRules : ::testing::Test {
  ModuleState state;
  Keeper keeper;
  const std::string user = test_signer(9);

  TopupRules() {
    register_messages(state.registry, state.root_chain);
    state.set_fork(HeimdallFork::kFeeWithdrawGate, kGate);
    state.set_fork(HeimdallFork::kKyoto, kKyoto);
  }
  std::string dividend(const std::string& account) {
    const auto found = keeper.account(state.at(1), account).value();
    return found ? found->fee_amount : "";
  }
  MsgTopupTx top_up(std::uint64_t fee, std::uint64_t log_index = 1) const {
    return {.proposer = test_signer(1),
            .user = user,
            .fee = Integer(fee),
            .tx_hash = Bytes(32, 1),
            .log_index = log_index,
            .block_number = 7};
  }
};

TEST_F(TopupRules, OnlyValidatorsWithdrawFromTheGateOn) {
  state.give(user, 50);
  const MsgWithdrawFeeTx part{user, Integer(20)};
  EXPECT_EQ(state.handle(kGate, part), 4U);
  EXPECT_EQ(state.handle(kGate - 1, part), 0U);
  EXPECT_EQ(dividend(user), "20");
  EXPECT_EQ(state.balance(user), Integer(30));
  state.give(test_signer(1), 5);
  EXPECT_EQ(state.handle(kGate, MsgWithdrawFeeTx{test_signer(1), Integer(5)}), 0U);
  EXPECT_EQ(dividend(test_signer(1)), "12");
}

TEST_F(TopupRules, ZeroWithdrawsEverything) {
  EXPECT_EQ(state.handle(1, MsgWithdrawFeeTx{user, Integer(0)}), 5U);
  state.give(user, 50);
  EXPECT_EQ(state.handle(1, MsgWithdrawFeeTx{user, Integer(51)}), 35U);
  EXPECT_EQ(state.handle(1, MsgWithdrawFeeTx{user, Integer(0)}), 0U);
  EXPECT_EQ(dividend(user), "50");
  EXPECT_EQ(state.balance(user), Integer{});
}

TEST_F(TopupRules, ATopUpPaysTheProposerAndCountsOnce) {
  EXPECT_EQ(state.handle(1, top_up(kFee - 1)), 5U);
  EXPECT_EQ(state.handle(1, top_up(kFee)), 0U);
  ASSERT_TRUE(apply(state.at(2), top_up(kFee + 3)).ok());
  EXPECT_EQ(state.balance(user), Integer(3));
  EXPECT_EQ(state.balance(test_signer(1)), Integer(kFee));
  EXPECT_EQ(state.handle(2, top_up(kFee)), 18U);
  EXPECT_FALSE(apply(state.at(2), top_up(kFee)).ok());
}

TEST_F(TopupRules, SequencesOfWideLogIndexesChangeAtKyoto) {
  ASSERT_TRUE(apply(state.at(kKyoto - 1), top_up(kFee, 100'000)).ok());
  EXPECT_TRUE(keeper.has_sequence(state.at(1), "800000").value());
  ASSERT_TRUE(apply(state.at(kKyoto), top_up(kFee, 100'000)).ok());
  EXPECT_TRUE(keeper.has_sequence(state.at(1), "7_100000").value());
}

TEST_F(TopupRules, AnAmountThatIsLeftOutPanics) {
  const auto decoded = state.registry.decode(codec::pack(MsgWithdrawFeeTx{user, {}})).value();
  EXPECT_EQ(code_of(decoded->type().validate_basic(*decoded)), 111222U);
}

Hash256 keccak(ByteView message) {
  Hash256 hash;
  accel::scalar_hasher().keccak256_batch(std::span(&message, 1), std::span(&hash, 1));
  return hash;
}

Hash256 parent(const Hash256& left, const Hash256& right) {
  Bytes both(ByteView(left).begin(), ByteView(left).end());
  append(both, right);
  return keccak(both);
}

DividendAccount dividend_account(std::uint8_t i) { return {test_signer(i), std::to_string(i)}; }

Hash256 leaf_of(std::uint8_t i) {
  Bytes content(12);
  append(content, runtime::address_of_key(test_key(i)));
  content.resize(64);
  content.back() = i;
  return keccak(content);
}

/// Accounts 1 to `count`, ascending by address.
std::vector<std::uint8_t> sorted_accounts(std::uint8_t count) {
  std::vector<std::uint8_t> order(count);
  for (std::uint8_t i = 0; i < count; ++i) order[i] = static_cast<std::uint8_t>(i + 1);
  std::ranges::sort(order, {}, [](std::uint8_t i) { return runtime::address_of_key(test_key(i)); });
  return order;
}

TEST(AccountRoot, IsThatOfATreeWithDoubledLastNodes) {
  EXPECT_FALSE(account_root({}).ok());
  for (std::uint8_t count = 1; count <= 9; ++count) {
    std::vector<DividendAccount> accounts;
    for (std::uint8_t i = 1; i <= count; ++i) accounts.push_back(dividend_account(i));
    std::vector<Hash256> level;
    for (const std::uint8_t i : sorted_accounts(count)) level.push_back(leaf_of(i));
    do {
      std::vector<Hash256> next;
      for (std::size_t i = 0; i < level.size(); i += 2) {
        next.push_back(parent(level[i], i + 1 < level.size() ? level[i + 1] : level[i]));
      }
      level = next;
    } while (level.size() > 1);
    EXPECT_EQ(account_root(accounts).value(), level[0]) << int{count};
  }
}

TEST(AccountPath, LeadsFromEveryLeafToTheRoot) {
  for (std::uint8_t count = 1; count <= 9; ++count) {
    std::vector<DividendAccount> accounts;
    for (std::uint8_t i = 1; i <= count; ++i) accounts.push_back(dividend_account(i));
    const Hash256 root = account_root(accounts).value();
    for (std::uint8_t i = 1; i <= count; ++i) {
      const auto path = account_path(accounts, test_signer(i)).value();
      Hash256 hash = leaf_of(i);
      std::uint64_t place = path.index;
      for (std::size_t at = 0; at < path.siblings.size(); at += 32, place /= 2) {
        const Hash256 sibling = Hash256::from(ByteView(path.siblings).subspan(at, 32));
        hash = place % 2 == 0 ? parent(hash, sibling) : parent(sibling, hash);
      }
      EXPECT_EQ(hash, root) << int{count} << " " << int{i};
    }
  }
  const std::vector<DividendAccount> one{dividend_account(1)};
  EXPECT_TRUE(account_path(one, test_signer(2))->siblings.empty());
}

TEST(AccountRoot, PanicsAtAnAmountThatIsNoNumber) {
  const std::vector<DividendAccount> accounts{{test_signer(1), "x"}};
  EXPECT_EQ(account_root(accounts).error(), runtime::nil_panic());
}

}  // namespace
}  // namespace buri::consensus::modules::topup
