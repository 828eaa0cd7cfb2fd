#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/hex.hpp"
#include "tests/support/execution/random_program.hpp"
#include "tests/support/execution/reference_compare.hpp"
#include "tests/support/long_run.hpp"

/// Random programs against the reference: every step's gas, stack and memory, and everything that
/// is left, under the rules of every fork.

namespace buri::testing {
namespace {

using execution::evm::ethereum_rules;
using execution::evm::Rules;
using enum execution::evm::Proposal;

const std::vector<Rules>& all_rules() {
  static const std::vector<Rules> rules = [] {
    std::vector<Rules> list;
    for (const std::string_view fork : {"ConstantinopleFix", "Istanbul", "Berlin", "London",
                                        "Paris", "Shanghai", "Cancun", "Prague"}) {
      list.push_back(*ethereum_rules(fork));
    }
    Rules bor = list.back().without(kEip4399).without(kEip4844).without(kEip7516);
    list.push_back(bor.with(kPip27).with(kPip30));
    list.push_back(list.back().with(kEip7939));
    list.push_back(list.back().with(kPip88));
    return list;
  }();
  return rules;
}

Address neighbour(std::uint64_t number) {
  Address address;
  address.bytes.back() = static_cast<std::uint8_t>(kFirstNeighbour + number);
  return address;
}

/// A designation of EIP-7702.
Bytes designation(const Address& target) {
  Bytes code{0xef, 0x01, 0x00};
  append(code, target);
  return code;
}

MemoryState random_state(SeededRandom& random) {
  MemoryState state;
  RandomProgram programs(random.next());
  for (std::uint64_t i = 0; i < kNeighbours; ++i) {
    MemoryAccount& account = state.accounts[neighbour(i)];
    account.nonce = 1;
    account.balance = U256::from_uint64(random.below(10));
    account.code = i == kNeighbours - 1 && random.chance(0.3)
                       ? designation(neighbour(random.below(kNeighbours)))
                       : programs.write();
    for (std::uint64_t key = 0; key < 3; ++key) {
      const std::uint64_t value = random.below(3);
      if (value != 0) account.storage[U256::from_uint64(key)] = U256::from_uint64(value);
    }
  }
  return state;
}

Scenario random_scenario(std::uint64_t seed) {
  SeededRandom random(seed);
  Scenario scenario;
  scenario.state = random_state(random);
  scenario.rules = all_rules()[random.below(all_rules().size())];
  scenario.caller = Address{{0xbb}};
  scenario.state.accounts[scenario.caller].balance = U256::from_uint64(1'000'000);
  scenario.to = neighbour(0);
  scenario.value = U256::from_uint64(random.below(3));
  scenario.input = Bytes(random.below(80), static_cast<std::uint8_t>(random.next()));
  scenario.gas =
      static_cast<std::int64_t>(100 + random.below(random.chance(0.1) ? 400'000 : 90'000));
  scenario.transfer_logs = random.chance(0.5);
  scenario.block = {
      .coinbase = neighbour(1),
      .number = 1000,
      .timestamp = 1'700'000'000,
      .gas_limit = 45'000'000,
      .difficulty = U256::from_uint64(7),
      .random = U256::from_uint64(8),
      .base_fee = U256::from_uint64(9),
      .blob_base_fee = U256::from_uint64(1),
      .chain_id = U256::from_uint64(137),
      .hash_of_block = [](std::uint64_t number) { return U256::from_uint64(number).to_word(); }};
  return scenario;
}

TEST(Reference, AgreesWithRandomProgramsStepByStep) {
  const char* wanted = std::getenv("BURI_SEED");
  const bool is_long = is_long_run();
  const std::uint64_t first = wanted != nullptr ? std::stoull(wanted) : system_random().next() >> 1;
  const std::uint64_t count = wanted != nullptr ? 1 : is_long ? 300'000 : 4'000;
  std::size_t steps = 0;
  std::size_t deep = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const Comparison comparison = compare_with_reference(random_scenario(seed));
    ASSERT_EQ(comparison.difference, std::nullopt) << "BURI_SEED=" << seed;
    steps += comparison.steps;
    deep += comparison.deepest > 0 ? 1 : 0;
  }
  std::printf("%zu steps; %zu of %llu programs call others\n", steps, deep,
              static_cast<unsigned long long>(count));
  if (wanted == nullptr) EXPECT_GT(steps, 20 * count) << "the programs hardly run";
}

/// The comparison itself: rules that differ in one price, refund or opcode are found out.
TEST(Reference, SeesADifference) {
  const auto difference = [](std::string_view code, const Rules& rules, const Rules& evm_rules) {
    Scenario scenario = random_scenario(1);
    scenario.state.accounts[scenario.to].code = *from_hex(code);
    scenario.state.accounts[scenario.to].storage = {{U256{}, U256::from_uint64(1)}};
    scenario.gas = 100'000;
    scenario.rules = rules;
    scenario.evm_rules = evm_rules;
    return compare_with_reference(scenario).difference.value_or("none");
  };
  const Rules cancun = *ethereum_rules("Cancun");
  EXPECT_EQ(difference("5f5400", cancun, cancun), "none");
  EXPECT_THAT(difference("5f5450", cancun, cancun.with(kPip88)), ::testing::HasSubstr("step 2"));
  EXPECT_THAT(difference("5f5400", cancun, cancun.without(kEip3855)),
              ::testing::HasSubstr("the run stops"));
  const Rules berlin = *ethereum_rules("Berlin");
  EXPECT_THAT(difference("6000600055", berlin, berlin.with(kEip3529)),
              ::testing::HasSubstr("refund"));
}

/// One program per opcode, with operands from the edges of the range.
TEST(Reference, AgreesOnEveryOpcodeAtTheEdges) {
  const std::vector<std::string> edges{"5f",
                                       "6001",
                                       "601f",
                                       "6020",
                                       "60ff",
                                       "610100",
                                       "67ffffffffffffffff",
                                       "7f" + std::string(64, 'f'),
                                       "7f80" + std::string(62, '0'),
                                       "7f7f" + std::string(62, 'f')};
  SeededRandom random(1);
  for (unsigned opcode = 0; opcode < 256; ++opcode) {
    for (int round = 0; round < 40; ++round) {
      Scenario scenario = random_scenario(opcode);
      scenario.rules = all_rules()[5 + random.below(all_rules().size() - 5)];
      std::string code;
      for (int i = 0; i < 7; ++i) code += edges[random.below(edges.size())];
      const auto byte = static_cast<std::uint8_t>(opcode);
      code += to_hex({&byte, 1}) + "5952595ff3";
      scenario.state.accounts[scenario.to].code = *from_hex(code);
      scenario.gas = 200'000;
      const Comparison comparison = compare_with_reference(scenario);
      ASSERT_EQ(comparison.difference, std::nullopt) << code;
    }
  }
}

}  // namespace
}  // namespace buri::testing
