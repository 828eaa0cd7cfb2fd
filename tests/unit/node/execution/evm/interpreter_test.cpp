#include <gtest/gtest.h>

#include "base/u256_words.hpp"
#include "tests/unit/node/execution/evm/program.hpp"

namespace buri::execution::evm {
namespace {

using testing::Bench;
using testing::kProgramAddress;
using testing::Outcome;

/// What a program leaves on top of the stack, if this is appended: MSTORE at 0, RETURN of 32 bytes.
constexpr std::string_view kReturnTop = "60005260206000f3";

U256 top_of(std::string_view program) {
  Bench bench;
  const Outcome outcome = bench.run(std::string(program) + std::string(kReturnTop), 1'000'000);
  EXPECT_EQ(outcome.status, Status::kSuccess) << program;
  const auto value = U256::from_big_endian(outcome.output);
  return value ? *value : U256{};
}
U256 word(std::uint64_t value) { return U256::from_uint64(value); }
constexpr U256 kAllOnes{{~0ull, ~0ull, ~0ull, ~0ull}};

TEST(Interpreter, TakesTheTopWordAsFirstOperand) {
  EXPECT_EQ(top_of("6003600a03"), word(7));                  // 10 - 3
  EXPECT_EQ(top_of("6003600a04"), word(3));                  // 10 / 3
  EXPECT_EQ(top_of("6003600a06"), word(1));                  // 10 mod 3
  EXPECT_EQ(top_of("6003600210"), word(1));                  // 2 < 3
  EXPECT_EQ(top_of("6003600211"), word(0));                  // 2 > 3
  EXPECT_EQ(top_of("600160041b"), word(16));                 // 1 << 4
  EXPECT_EQ(top_of("602060041c"), word(2));                  // 32 >> 4
  EXPECT_EQ(top_of("6005600a600b08"), word((11 + 10) % 5));  // ADDMOD
  EXPECT_EQ(top_of("6007600a600b09"), word(110 % 7));        // MULMOD
  EXPECT_EQ(top_of("600a60020a"), word(1024));               // 2 ** 10
}

TEST(Interpreter, GivesTheSameWithOperandsThatAreNoConstants) {
  // As above, but the words come through DUP and SWAP, so that nothing is joined.
  EXPECT_EQ(top_of("6003600a818103"), word(7));
  EXPECT_EQ(top_of("600a6003900360009003"), word(7));
  EXPECT_EQ(top_of("6003600a818110"), word(0));
  EXPECT_EQ(top_of("60036002818110"), word(1));
  EXPECT_EQ(top_of("60016004818160011b50901b"), word(16));
}

TEST(Interpreter, WrapsAndExtendsSigns) {
  EXPECT_EQ(top_of("6001600003"), kAllOnes);
  EXPECT_EQ(top_of("60ff60000b"), kAllOnes);
  EXPECT_EQ(top_of("600019"), kAllOnes);
  EXPECT_EQ(top_of("6001600003600160ff1d"), word(0));
  EXPECT_EQ(top_of("60ff601f1a"), word(0xff));
}

TEST(Interpreter, JumpsToDestinationsAndNowhereElse) {
  Bench bench;
  EXPECT_EQ(top_of("600456005b602a"), word(42));
  EXPECT_EQ(bench.run("600356005b00", 1000).status, Status::kInvalidJump);
  // 5b inside PUSH's bytes is no destination.
  EXPECT_EQ(bench.run("600456605b00", 1000).status, Status::kInvalidJump);
  // The same with a destination that is computed.
  EXPECT_EQ(top_of("60018060070156005b602a"), word(42));
  EXPECT_EQ(bench.run("60018060020156005b00", 1000).status, Status::kInvalidJump);
}

TEST(Interpreter, BranchesOnComparisons) {
  // if (2 < 3) 42 else 7: LT PUSH JUMPI in one, with and without ISZERO between.
  EXPECT_EQ(top_of("6003600210600d5760076010565b602a5b"), word(42));
  EXPECT_EQ(top_of("600360021015600e5760076011565b602a5b"), word(7));
  EXPECT_EQ(top_of("6003600314600d5760076010565b602a5b"), word(42));
  // A branch to nowhere fails where it is taken, and only there.
  Bench bench;
  EXPECT_EQ(bench.run("600360021060ff5700", 1000).status, Status::kInvalidJump);
  EXPECT_EQ(bench.run("600260031060ff5700", 1000).status, Status::kSuccess);
}

TEST(Interpreter, ChargesByTheBlockExactly) {
  Bench bench;
  EXPECT_EQ(bench.run("600160020100", 100).gas_left, 100 - 9);
  EXPECT_EQ(bench.run("600160020100", 9).status, Status::kSuccess);
  EXPECT_EQ(bench.run("600160020100", 8).status, Status::kOutOfGas);
  // GAS sees what is left in the middle: after PUSH POP GAS.
  const Outcome outcome = bench.run("6001505a60005260206000f3", 1000);
  EXPECT_EQ(U256::from_big_endian(outcome.output), word(1000 - 3 - 2 - 2));
}

TEST(Interpreter, ChecksTheStackOfAWholeBlock) {
  Bench bench;
  EXPECT_EQ(bench.run("600101", 1000).status, Status::kStackUnderflow);
  EXPECT_EQ(bench.run("50", 1000).status, Status::kStackUnderflow);
  EXPECT_EQ(bench.run("8f", 1000).status, Status::kStackUnderflow);
  std::string full;
  for (int i = 0; i < 1024; ++i) full += "5f";
  EXPECT_EQ(bench.run(full + "00", 100'000).status, Status::kSuccess);
  EXPECT_EQ(bench.run(full + "5f00", 100'000).status, Status::kStackOverflow);
  EXPECT_EQ(bench.run(full + "505f00", 100'000).status, Status::kSuccess);
}

TEST(Interpreter, RefusesWhatTheRulesDoNotDefine) {
  Bench bench;
  EXPECT_EQ(bench.run("5f00", 1000).status, Status::kSuccess);
  EXPECT_EQ(bench.run("60011e00", 1000).status, Status::kInvalidOpcode);
  EXPECT_EQ(bench.run("fe", 1000).status, Status::kInvalidOpcode);
  bench.rules = *ethereum_rules("London");
  EXPECT_EQ(bench.run("5f00", 1000).status, Status::kInvalidOpcode);
}

TEST(Interpreter, ReadsPushBeyondTheEndAsZeros) {
  Bench bench;
  EXPECT_EQ(bench.run("61ff", 1000).status, Status::kSuccess);
  EXPECT_EQ(bench.run("7f", 1000).status, Status::kSuccess);
}

TEST(Interpreter, PaysForMemoryByItsSize) {
  Bench bench;
  // MSTORE at 0x3ff0 needs 513 words: 3 * 513 + 513^2 / 512.
  const std::int64_t price = 3 * 513 + 513 * 513 / 512;
  EXPECT_EQ(bench.run("6001613ff05200", 100'000).gas_left, 100'000 - 9 - price);
  EXPECT_EQ(bench.run("6001613ff05200", 9 + price - 1).status, Status::kOutOfGas);
  EXPECT_EQ(bench.run("600167ffffffffffffffff5200", 100'000).status, Status::kOutOfGas);
}

TEST(Interpreter, RevertReturnsItsDataAndItsGas) {
  Bench bench;
  const Outcome outcome = bench.run("602a60005260206000fd", 1000);
  EXPECT_EQ(outcome.status, Status::kRevert);
  EXPECT_EQ(U256::from_big_endian(outcome.output), word(42));
  EXPECT_EQ(outcome.gas_left, 1000 - 3 - 3 - 3 - 3 - 3 - 3);
}

TEST(Interpreter, StoresAndUndoes) {
  Bench bench;
  ASSERT_EQ(bench.run("602a600155", 100'000).status, Status::kSuccess);
  Account& account = bench.state->account(kProgramAddress);
  EXPECT_EQ(bench.state->slot(account, word(1)).current, word(42));
  ASSERT_EQ(bench.run("602a60015560006000fd", 100'000).status, Status::kRevert);
  EXPECT_EQ(bench.state->slot(bench.state->account(kProgramAddress), word(1)).current, word(0));
}

/// What "PUSH value, PUSH 0, SSTORE" costs beyond its pushes, slot 0 holding `before`.
struct Write {
  std::int64_t gas;
  std::int64_t refund;
};
Write write_slot(const Rules& rules, std::uint64_t before, std::string_view value) {
  Bench bench;
  bench.rules = rules;
  if (before != 0) bench.source.accounts[kProgramAddress].storage[word(0)] = word(before);
  const Outcome outcome = bench.run("60" + std::string(value) + "60005500", 100'000);
  EXPECT_EQ(outcome.status, Status::kSuccess);
  return {100'000 - 6 - outcome.gas_left, bench.state->refund()};
}

TEST(Interpreter, PricesOfStorageFollowTheProposals) {
  const Rules london = *ethereum_rules("London");
  EXPECT_EQ(write_slot(london, 0, "01").gas, 22100);
  EXPECT_EQ(write_slot(london, 1, "02").gas, 5000);
  EXPECT_EQ(write_slot(london, 1, "01").gas, 2200);
  EXPECT_EQ(write_slot(london, 1, "00").refund, 4800);
  EXPECT_EQ(write_slot(*ethereum_rules("Istanbul"), 1, "00").refund, 15000);
  EXPECT_EQ(write_slot(*ethereum_rules("ConstantinopleFix"), 1, "01").gas, 5000);
  const Rules chicago = london.with(Proposal::kPip88);
  EXPECT_EQ(write_slot(chicago, 0, "01").gas, 20000 + 2940);
  EXPECT_EQ(write_slot(chicago, 1, "02").gas, 5000);
  EXPECT_EQ(write_slot(chicago, 1, "00").refund, 3960);
}

TEST(Interpreter, SstoreNeedsMoreThanTheStipend) {
  Bench bench;
  bench.source.accounts[kProgramAddress].storage[word(0)] = word(1);
  EXPECT_EQ(bench.run("600160005500", 6 + 2300).status, Status::kOutOfGas);
  EXPECT_EQ(bench.run("600160005500", 6 + 2301).status, Status::kSuccess);
}

TEST(Interpreter, KeepsReturnDataOfTheLastCall) {
  // STATICCALL of the identity contract with 32 bytes, then RETURNDATASIZE and RETURNDATACOPY.
  constexpr std::string_view kCall = "602a6000525f5f60205f600462fffffffa50";
  EXPECT_EQ(top_of(std::string(kCall) + "3d"), word(32));
  EXPECT_EQ(top_of(std::string(kCall) + "60205f60403e604051"), word(42));
  Bench bench;
  EXPECT_EQ(bench.run(std::string(kCall) + "60215f60403e", 100'000).status,
            Status::kReturnDataOutOfBounds);
}

TEST(Interpreter, TransferLogComesBeforeTheCodesOwnLogs) {
  Bench bench;
  bench.transfer_logs = true;
  bench.value = word(5);
  ASSERT_EQ(bench.run("60006000a000", 100'000).status, Status::kSuccess);
  ASSERT_EQ(bench.state->logs().size(), 2u);
  const Log& log = bench.state->logs()[0];
  EXPECT_EQ(to_hex(log.address), "0000000000000000000000000000000000001010");
  EXPECT_EQ(log.topic_count, 4);
  EXPECT_EQ(U256::from_big_endian(ByteView(log.data).first(32)), word(5));
  EXPECT_EQ(U256::from_big_endian(ByteView(log.data).subspan(128, 32)), word(5));
  EXPECT_EQ(bench.state->logs()[1].address, kProgramAddress);
}

}  // namespace
}  // namespace buri::execution::evm
