#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "hsm/rules/heimdall_messages.hpp"
#include "hsm/rules/heimdall_transaction.hpp"
#include "hsm/rules/root_chain_transaction.hpp"
#include "hsm/wire/plain_extension.hpp"
#include "tests/unit/hsm/golden.hpp"
#include "tests/unit/hsm/rules/samples.hpp"

/// Rules of the two kinds of transactions.

namespace buri::hsm::rules {
namespace {

using testing::checkpoint;
using testing::heimdall_transaction;
using testing::outcome;
using testing::precommit_at;
using testing::root_chain_call;
using testing::submit_checkpoint;
using testing::World;

TEST(T33RootChain, DestinationsSelectorsAndValuesAreThoseListed) {
  const World world;
  const auto changed = [&](auto change) {
    wire::SignRootChainTransaction request = root_chain_call(3);
    change(request.transaction);
    return outcome(world.ask(request));
  };
  EXPECT_EQ(changed([](auto&) {}), "granted");
  EXPECT_EQ(changed([](auto& t) { t.to.bytes[0] ^= 1; }), "destination");
  EXPECT_EQ(changed([](auto& t) { t.call = wire::ContractCall{{{1, 2, 3, 5}}, {}}; }),
            "destination");
  EXPECT_EQ(changed([](auto& t) { t.value_wei = U256::from_uint64(5); }), "granted");
  EXPECT_EQ(changed([](auto& t) { t.value_wei = U256::from_uint64(6); }), "destination");
  EXPECT_EQ(changed([](auto& t) { t.chain_id = 5; }), "chain");
  EXPECT_EQ(changed([](auto& t) { t.call = wire::ContractCall{{{1, 2, 3, 4}}, Bytes(33)}; }),
            "calldata");
}

TEST(T33RootChain, GasAndFeesAreCapped) {
  const World world;
  const auto changed = [&](auto change) {
    wire::SignRootChainTransaction request = root_chain_call(3);
    change(request.transaction);
    return outcome(world.ask(request));
  };
  EXPECT_EQ(changed([](auto& t) { t.gas_limit = 1'000'000; }), "granted");
  EXPECT_EQ(changed([](auto& t) { t.gas_limit = 1'000'001; }), "gas");
  EXPECT_EQ(changed([](auto& t) { t.max_fee_per_gas_wei = 1'000; }), "granted");
  EXPECT_EQ(changed([](auto& t) { t.max_fee_per_gas_wei = 1'001; }), "gas");
  EXPECT_EQ(changed([](auto& t) { t.max_priority_fee_per_gas_wei = 100; }), "granted");
  EXPECT_EQ(changed([](auto& t) { t.max_priority_fee_per_gas_wei = 101; }), "gas");
}

TEST(T33RootChain, TheDaysBudgetIsKeptAlsoWhenTheClockGoesBack) {
  World world;
  world.policy.root_chain_transaction.max_per_minute = 1'000'000;
  // 500,000 gas at 100 wei: 20 of them are the day's 10^9 wei.
  for (std::uint64_t i = 0; i < 20; ++i) {
    ASSERT_EQ(outcome(world.sign(root_chain_call(3 + i))), "granted") << i;
  }
  EXPECT_EQ(outcome(world.sign(root_chain_call(23))), "daily_budget");
  world.now -= 86'400;
  EXPECT_EQ(outcome(world.sign(root_chain_call(23))), "daily_budget");
  world.now += 2 * 86'400;
  EXPECT_EQ(outcome(world.sign(root_chain_call(23))), "granted");
}

TEST(T33RootChain, StakeManagerCallsNeedTwoAdministrators) {
  World world;
  wire::SignRootChainTransaction request = root_chain_call(3);
  request.transaction.call = wire::ContractCall{{{9, 9, 9, 9}}, {}};
  world.approvals = 1;
  EXPECT_EQ(outcome(world.ask(request)), "approval");
  world.approvals = 2;
  EXPECT_EQ(outcome(world.ask(request)), "granted");
}

TEST(T33RootChain, OnlyACheckpointThatThisKeySignedIsSubmitted) {
  World world;
  EXPECT_EQ(outcome(world.ask(submit_checkpoint(3, 0, 255))), "checkpoint_unknown");
  wire::SignVote promise = precommit_at(200, 0);
  promise.plain_extension = wire::plain_checkpoint(checkpoint(0, 255));
  ASSERT_TRUE(world.sign(promise).ok());
  EXPECT_EQ(outcome(world.ask(submit_checkpoint(3, 0, 255))), "granted");
  EXPECT_EQ(outcome(world.ask(submit_checkpoint(3, 0, 256))), "checkpoint_unknown");

  wire::SignRootChainTransaction request = submit_checkpoint(3, 0, 255);
  auto& call = std::get<wire::SubmitCheckpoint>(request.transaction.call);
  call.signatures[0].v = 29;
  EXPECT_EQ(outcome(world.ask(request)), "calldata");
  call.signatures.clear();
  EXPECT_EQ(outcome(world.ask(request)), "calldata");
  call.signatures.resize(201, {Hash256{{1}}, Hash256{{1}}, 27});
  EXPECT_EQ(outcome(world.ask(request)), "calldata");
  call.signatures = {{Hash256{{1}}, Hash256{{0xff}}, 27}};
  EXPECT_EQ(outcome(world.ask(request)), "calldata") << "a high s";

  request.transaction.call = wire::ContractCall{{{0x4e, 0x43, 0xe4, 0x95}}, Bytes(32 * 10)};
  EXPECT_EQ(outcome(world.ask(request)), "calldata") << "hidden in a raw call";
}

TEST(T47Nonce, OneTransactionPerNonceButForFeeBumps) {
  World world;
  wire::SignRootChainTransaction request = root_chain_call(3);
  ASSERT_EQ(outcome(world.sign(request)), "granted");
  EXPECT_EQ(outcome(world.sign(request)), "replayed");
  EXPECT_EQ(outcome(world.sign(root_chain_call(2))), "nonce");

  request.transaction.max_fee_per_gas_wei = 109;
  request.transaction.max_priority_fee_per_gas_wei = 11;
  EXPECT_EQ(outcome(world.sign(request)), "replacement");
  request.transaction.max_fee_per_gas_wei = 110;
  request.transaction.max_priority_fee_per_gas_wei = 10;
  EXPECT_EQ(outcome(world.sign(request)), "replacement");
  request.transaction.max_priority_fee_per_gas_wei = 11;
  request.transaction.value_wei = U256::from_uint64(1);
  EXPECT_EQ(outcome(world.sign(request)), "replacement");
  request.transaction.value_wei = {};
  const Decision decision = world.sign(request);
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_EQ(decision->alarms, std::vector{Alarm::kReplacedTransaction});
}

TEST(T44Poisoning, ANonceFarAboveIsRefused) {
  const World world;
  EXPECT_EQ(outcome(world.ask(root_chain_call(3 + 64))), "granted");
  EXPECT_EQ(outcome(world.ask(root_chain_call(3 + 65))), "nonce");
  EXPECT_EQ(outcome(world.ask(heimdall_transaction(7 + 1000))), "granted");
  EXPECT_EQ(outcome(world.ask(heimdall_transaction(7 + 1001))), "sequence");
}

TEST(HeimdallRule, EveryKnownStockMessagePassesWithItsOwnSignerOnly) {
  unsigned known = 0;
  for (const JsonValue& line : buri::testing::golden_lines("heimdall-transactions.jsonl")) {
    const wire::HeimdallMessage message = buri::testing::recorded_transaction(line).messages[0];
    const Bytes key = buri::testing::hex_of(line, "public_key");
    const Hash256 key_hash = buri::testing::keccak256(ByteView(key).subspan(1));
    const Address signer = Address::from(ByteView(key_hash).last(20));
    if (!is_known_message(message.type_url)) continue;
    ++known;
    const auto status = check_message(message, signer);
    EXPECT_TRUE(status.ok()) << message.type_url << ": " << wire::describe(status.error());
    EXPECT_FALSE(check_message(message, Address{}).ok()) << message.type_url;
    wire::HeimdallMessage longer = message;
    longer.value.insert(longer.value.end(), {0xf8, 0x07, 0x01});
    EXPECT_FALSE(check_message(longer, signer).ok()) << message.type_url;
  }
  EXPECT_EQ(known, 18u);
  EXPECT_EQ(known_messages().size(), 18u);
}

TEST(T33Heimdall, MessagesFeesAndGasAreThoseAllowed) {
  World world;
  const auto changed = [&](auto change) {
    wire::SignHeimdallTransaction request = heimdall_transaction(7);
    change(request.transaction);
    return outcome(world.ask(request));
  };
  EXPECT_EQ(changed([](auto&) {}), "granted");
  EXPECT_EQ(changed([](auto& t) { t.chain_id = "x"; }), "chain");
  EXPECT_EQ(changed([](auto& t) { t.messages.clear(); }), "message_type");
  EXPECT_EQ(changed([](auto& t) { t.messages.push_back(t.messages[0]); }), "message_type");
  EXPECT_EQ(changed([](auto& t) { t.messages[0].type_url = "/cosmos.bank.v1beta1.MsgSend"; }),
            "message_type");
  EXPECT_EQ(changed([](auto& t) { t.messages[0].value.pop_back(); }), "message_content");
  EXPECT_EQ(changed([](auto& t) { t.fee_amount = "101"; }), "fee");
  EXPECT_EQ(changed([](auto& t) { t.fee_amount = "0100"; }), "fee");
  EXPECT_EQ(changed([](auto& t) { t.fee_denomination = "matic"; }), "fee");
  EXPECT_EQ(changed([](auto& t) { t.gas_limit = 1'000'001; }), "gas");
  EXPECT_EQ(changed([](auto& t) { t.gas_limit = 0; }), "gas");
  EXPECT_EQ(changed([](auto& t) {
              t.fee_amount.clear();
              t.fee_denomination.clear();
            }),
            "granted");
  EXPECT_EQ(changed([](auto& t) { t.messages[0].type_url = "/heimdallv2.topup.MsgWithdrawFeeTx"; }),
            "approval");
  world.approvals = 2;
  EXPECT_EQ(changed([](auto& t) { t.messages[0].type_url = "/heimdallv2.topup.MsgWithdrawFeeTx"; }),
            "granted");
}

TEST(T33Heimdall, DeclaredFeesCountIntoTheDay) {
  World world;
  EXPECT_EQ(outcome(world.sign(heimdall_transaction(7))), "granted");
  EXPECT_EQ(outcome(world.sign(heimdall_transaction(8))), "granted");
  EXPECT_EQ(outcome(world.sign(heimdall_transaction(9))), "daily_budget");
}

TEST(HeimdallRule, SequencesNeverFallAndRetriesAreCounted) {
  World world;
  world.policy.heimdall_transaction.max_bodies_per_sequence = 2;
  wire::SignHeimdallTransaction request = heimdall_transaction(8);
  ASSERT_EQ(outcome(world.sign(request)), "granted");
  EXPECT_EQ(outcome(world.sign(request)), "replayed");
  EXPECT_EQ(outcome(world.sign(heimdall_transaction(7))), "sequence");
  request.transaction.fee_amount = "50";
  const Decision decision = world.sign(request);
  ASSERT_EQ(outcome(decision), "granted");
  EXPECT_EQ(decision->alarms, std::vector{Alarm::kReusedSequence});
  request.transaction.fee_amount = "51";
  EXPECT_EQ(outcome(world.sign(request)), "sequence");
  request = heimdall_transaction(9);
  request.transaction.account_number = 6;
  EXPECT_EQ(outcome(world.sign(request)), "account_number");
}

}  // namespace
}  // namespace buri::hsm::rules
