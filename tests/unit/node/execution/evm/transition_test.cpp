#include "node/execution/evm/transition.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "base/u256_words.hpp"
#include "node/execution/evm/delegation.hpp"
#include "tests/support/execution/memory_state.hpp"

namespace buri::execution::evm {
namespace {

constexpr Address kSender{{1}};
constexpr Address kTarget{{2}};
constexpr Address kProducer{{3}};
constexpr Address kBurn{{4}};
constexpr Address kAuthority{{5}};
U256 wei(std::uint64_t value) { return U256::from_uint64(value); }

/// A state with a rich sender, and one transaction of 21000 gas from it.
struct Scene {
  Scene() {
    source.accounts[kSender] = {
        .nonce = 7, .balance = wei(1'000'000'000), .code = {}, .storage = {}};
    block.coinbase = kProducer;
    block.base_fee = wei(10);
    block.chain_id = wei(137);
    transaction = {.type = TransactionType::kDynamicFee,
                   .sender = kSender,
                   .to = kTarget,
                   .nonce = 7,
                   .gas_limit = 100'000,
                   .value = wei(5),
                   .max_fee = wei(20),
                   .max_tip = wei(3),
                   .data = {},
                   .access_list = {},
                   .authorizations = {}};
  }

  Result<TransactionOutcome, TransactionRefusal> execute() {
    state.emplace(source);
    Evm evm({.rules = rules, .block = block, .codes = codes, .transfer_logs = true}, *state);
    return execute_transaction(evm, transaction,
                               {.block_gas_left = 30'000'000, .burn_contract = kBurn});
  }
  TransactionRule refusal() {
    const auto outcome = execute();
    EXPECT_FALSE(outcome.ok());
    return outcome.ok() ? TransactionRule::kTypeNotActive : outcome.error().rule;
  }
  U256 balance(const Address& address) { return state->account(address).balance; }

  testing::MemoryState source;
  Rules rules = *ethereum_rules("Prague");
  BlockContext block;
  Transaction transaction;
  CodeCache codes;
  std::optional<JournaledState> state;
};

TEST(Transition, PaysBaseFeeToTheBurnContractAndTipToTheProducer) {
  Scene scene;
  const auto outcome = scene.execute();
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->gas_used, 21000u);
  EXPECT_EQ(scene.balance(kBurn), wei(21000 * 10));
  EXPECT_EQ(scene.balance(kProducer), wei(21000 * 3));
  EXPECT_EQ(scene.balance(kTarget), wei(5));
  EXPECT_EQ(scene.balance(kSender), wei(1'000'000'000 - 21000 * 13 - 5));
  EXPECT_EQ(scene.state->account(kSender).nonce, 8u);
}

TEST(Transition, LogsTheFeeLastWithBalancesFromBefore) {
  Scene scene;
  ASSERT_TRUE(scene.execute().ok());
  ASSERT_EQ(scene.state->logs().size(), 2u);
  const ByteView data = scene.state->logs()[1].data;
  EXPECT_EQ(load_word(data.data()), wei(21000 * 3));
  EXPECT_EQ(load_word(data.data() + 32), wei(1'000'000'000));
  EXPECT_EQ(load_word(data.data() + 64), wei(0));
  EXPECT_EQ(load_word(data.data() + 96), wei(1'000'000'000 - 21000 * 3));
  EXPECT_EQ(load_word(data.data() + 128), wei(21000 * 3));
}

TEST(Transition, LogsNoFeeWithoutATip) {
  Scene scene;
  scene.transaction.max_tip = {};
  scene.transaction.value = {};
  ASSERT_TRUE(scene.execute().ok());
  EXPECT_TRUE(scene.state->logs().empty());
}

TEST(Transition, RefusesAndChangesNothing) {
  Scene scene;
  scene.transaction.nonce = 6;
  EXPECT_EQ(scene.refusal(), TransactionRule::kNonceTooLow);
  scene.transaction.nonce = 8;
  EXPECT_EQ(scene.refusal(), TransactionRule::kNonceTooHigh);
  scene.transaction.nonce = 7;
  scene.transaction.max_fee = wei(9);
  EXPECT_EQ(scene.refusal(), TransactionRule::kMaxFeeBelowBaseFee);
  scene.transaction.max_tip = wei(10);
  EXPECT_EQ(scene.refusal(), TransactionRule::kTipAboveMaxFee);
  scene.transaction.max_fee = wei(10'001);
  EXPECT_EQ(scene.refusal(), TransactionRule::kInsufficientFunds);
  scene.transaction.max_fee = wei(20);
  scene.transaction.gas_limit = 20'999;
  EXPECT_EQ(scene.refusal(), TransactionRule::kIntrinsicGas);
  scene.transaction.gas_limit = 30'000'001;
  EXPECT_EQ(scene.refusal(), TransactionRule::kBlockGasExceeded);
  EXPECT_EQ(scene.balance(kSender), wei(1'000'000'000));
  EXPECT_TRUE(scene.state->changed().empty());
}

TEST(Transition, CapsGasFromMadhugiri) {
  Scene scene;
  scene.source.accounts[kSender].balance = U256{{0, 1, 0, 0}};
  scene.transaction.gas_limit = (1 << 25) + 1;
  EXPECT_EQ(scene.refusal(), TransactionRule::kBlockGasExceeded);
  scene.rules = scene.rules.with(Proposal::kTransactionGasCap);
  EXPECT_EQ(scene.refusal(), TransactionRule::kGasAboveCap);
}

TEST(Transition, ChargesTheFloorOfCalldata) {
  Scene scene;
  const Bytes data(100, 0xff);
  scene.transaction.data = data;
  EXPECT_EQ(intrinsic_gas(scene.transaction, scene.rules), 21000u + 1600);
  EXPECT_EQ(scene.execute()->gas_used, 21000u + 4000);
  scene.rules = *ethereum_rules("Cancun");
  EXPECT_EQ(scene.execute()->gas_used, 21000u + 1600);
}

TEST(Transition, CodeOfTheSenderIsRefusedUnlessItDelegates) {
  Scene scene;
  scene.source.accounts[kSender].code = {0x00};
  EXPECT_EQ(scene.refusal(), TransactionRule::kSenderIsContract);
  scene.source.accounts[kSender].code = delegation_code(kTarget);
  EXPECT_TRUE(scene.execute().ok());
}

TEST(Transition, SetsAndRunsADelegation) {
  Scene scene;
  // The delegate stores 1 at 0; it runs in the authority's storage.
  scene.source.accounts[kTarget].code = *from_hex("60015f5500");
  const std::array authorizations{
      Authorization{.chain_id = {}, .target = kTarget, .nonce = 0, .authority = kAuthority},
      Authorization{.chain_id = wei(1), .target = kProducer, .nonce = 1, .authority = kAuthority},
      Authorization{.chain_id = {}, .target = kProducer, .nonce = 1, .authority = std::nullopt}};
  scene.transaction.type = TransactionType::kSetCode;
  scene.transaction.gas_limit = 200'000;
  scene.transaction.to = kAuthority;
  scene.transaction.authorizations = authorizations;
  const auto outcome = scene.execute();
  ASSERT_TRUE(outcome.ok());
  Account& authority = scene.state->account(kAuthority);
  EXPECT_TRUE(equal(scene.state->code(authority), delegation_code(kTarget)));
  EXPECT_EQ(authority.nonce, 1u);
  EXPECT_EQ(scene.state->slot(authority, {}).current, wei(1));
  EXPECT_EQ(outcome->gas_used, 21000u + 3 * 25000 + 3 + 2 + 22100);
}

TEST(Transition, RefundsAtMostAFifth) {
  Scene scene;
  scene.source.accounts[kTarget] = {
      .nonce = 1, .balance = {}, .code = *from_hex("5f5f5500"), .storage = {{wei(0), wei(1)}}};
  const auto outcome = scene.execute();
  ASSERT_TRUE(outcome.ok());
  const std::uint64_t before = 21000 + 2 + 2 + 2100 + 2900;
  EXPECT_EQ(outcome->gas_refunded, 4800u);
  EXPECT_EQ(outcome->gas_used, before - 4800);
}

TEST(Transition, CreatesAtTheAddressOfSenderAndNonce) {
  Scene scene;
  scene.transaction.to = std::nullopt;
  const Bytes initcode = *from_hex("60005f5360015ff3");  // returns one byte, STOP
  scene.transaction.data = initcode;
  const auto outcome = scene.execute();
  ASSERT_TRUE(outcome.ok());
  ASSERT_TRUE(outcome->created.has_value());
  Account& created = scene.state->account(*outcome->created);
  EXPECT_EQ(created.nonce, 1u);
  EXPECT_TRUE(equal(scene.state->code(created), Bytes{0x00}));
  EXPECT_EQ(created.balance, wei(5));
}

TEST(SystemCall, CostsNothingAndCountsNoNonce) {
  Scene scene;
  scene.source.accounts[kTarget].code = *from_hex("335f5500");  // stores its caller
  scene.state.emplace(scene.source);
  Evm evm({.rules = scene.rules, .block = scene.block, .codes = scene.codes}, *scene.state);
  const auto result = execute_system_call(evm, {.to = kTarget, .input = {}, .gas = 100'000});
  ASSERT_EQ(result.status, execution::evm::Status::kSuccess);
  EXPECT_EQ(scene.state->account(kSystemAddress).nonce, 0u);
  Hash256 caller;
  std::memcpy(caller.data() + 12, kSystemAddress.data(), Address::kSize);
  EXPECT_EQ(scene.state->slot(scene.state->account(kTarget), {}).current.to_word(), caller);
}

}  // namespace
}  // namespace buri::execution::evm
