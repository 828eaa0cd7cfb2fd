#include "node/execution/chain/parallel_transactions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/execution/seeded_lanes.hpp"
#include "tests/support/long_run.hpp"
#include "tests/unit/node/execution/chain/conflict_block.hpp"

/// Transactions in several lanes against the same ones after each other.

namespace buri::testing {
namespace {

using namespace execution;
using chain::ParallelCounts;
using chain::ParallelTransactions;

constexpr std::uint64_t kBlockGas = 6'000'000;

/// Everything that a run of transactions leaves.
struct Outcome {
  std::vector<chain::Receipt> receipts;
  std::vector<std::uint64_t> gas_used;
  std::map<Address, MemoryAccount> state;
  std::optional<std::pair<std::size_t, evm::TransactionRule>> refused;
  std::optional<std::pair<U256, U256>> refusal_values;
};

class ParallelTest {
 public:
  ParallelTest(std::uint64_t seed, std::string_view fork, std::size_t count)
      : rules_(*evm::ethereum_rules(fork)),
        block_(ConflictBlockMaker(seed, rules_.has(evm::Proposal::kEip7702)).make(count)) {
    context_.coinbase = kFeeReceiver;
    context_.base_fee = U256::from_uint64(7);
    context_.gas_limit = kBlockGas;
    context_.chain_id = U256::from_uint64(137);
  }

  Outcome serial() {
    evm::JournaledState state(block_.before);
    evm::Evm evm(options(), state);
    Outcome outcome;
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < block_.transactions.size(); ++i) {
      const auto result = evm::execute_transaction(
          evm, block_.transactions[i],
          {.block_gas_left = kBlockGas - total, .burn_contract = kBurnContract});
      if (!result.ok()) {
        note(outcome, i, result.error());
        break;
      }
      total += result->gas_used;
      outcome.gas_used.push_back(result->gas_used);
      outcome.receipts.push_back({.type = chain::EnvelopeType::kDynamicFee,
                                  .succeeded = result->status == evm::Status::kSuccess,
                                  .cumulative_gas = total,
                                  .logs = state.take_logs()});
    }
    outcome.state = after(state);
    return outcome;
  }

  Outcome parallel(Lanes& lanes) {
    evm::JournaledState state(block_.before);
    const std::vector<chain::EnvelopeType> types(block_.transactions.size(),
                                                 chain::EnvelopeType::kDynamicFee);
    const chain::ParallelBlock block{.transactions = block_.transactions,
                                     .types = types,
                                     .evm = options(),
                                     .gas_limit = kBlockGas,
                                     .burn_contract = kBurnContract};
    ParallelTransactions run(block, block_.before, state, lanes);
    auto receipts = run.run();
    counts.guesses += run.counts().guesses;
    counts.conflicts += run.counts().conflicts;
    Outcome outcome;
    outcome.gas_used = run.gas_used();
    if (receipts.ok()) {
      outcome.receipts = std::move(receipts).value();
    } else {
      note(outcome, receipts.error().index, receipts.error().refusal);
    }
    outcome.state = after(state);
    return outcome;
  }

  ParallelCounts counts;

 private:
  static void note(Outcome& outcome, std::size_t index, const evm::TransactionRefusal& refusal) {
    outcome.receipts.clear();
    outcome.refused = {index, refusal.rule};
    outcome.refusal_values = {refusal.expected, refusal.found};
  }
  evm::EvmOptions options() {
    return {.rules = rules_, .block = context_, .codes = codes_, .transfer_logs = true};
  }
  std::map<Address, MemoryAccount> after(evm::JournaledState& state) const {
    MemoryState result = block_.before;
    result.apply(state);
    return result.accounts;
  }

  evm::Rules rules_;
  ConflictBlock block_;
  evm::BlockContext context_;
  evm::CodeCache codes_;
};

void expect_equal(const Outcome& serial, const Outcome& parallel) {
  EXPECT_EQ(serial.refused, parallel.refused);
  EXPECT_EQ(serial.refusal_values, parallel.refusal_values);
  EXPECT_EQ(serial.gas_used, parallel.gas_used);
  EXPECT_EQ(serial.receipts, parallel.receipts);
  EXPECT_EQ(serial.state, parallel.state);
}

class ParallelTransactionsOf : public ::testing::TestWithParam<std::string_view> {};

TEST_P(ParallelTransactionsOf, GiveWhatTheyGiveOneAfterTheOtherUnderEverySchedule) {
  const bool is_long = is_long_run();
  const std::uint64_t blocks = is_long ? 3000 : 12;
  ParallelCounts counts;
  std::size_t refused = 0;
  std::size_t failed = 0;
  for (std::uint64_t seed = 0; seed < blocks; ++seed) {
    ParallelTest test(seed, GetParam(), 40);
    const Outcome serial = test.serial();
    refused += serial.refused ? 1 : 0;
    failed += static_cast<std::size_t>(
        std::ranges::count(serial.receipts, false, &chain::Receipt::succeeded));
    for (std::uint64_t schedule = 0; schedule < 3; ++schedule) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", schedule " + std::to_string(schedule));
      SeededLanes lanes(2 + schedule, 100 * seed + schedule);
      expect_equal(serial, test.parallel(lanes));
      if (::testing::Test::HasFailure()) return;
    }
    counts.guesses += test.counts.guesses;
    counts.conflicts += test.counts.conflicts;
  }
  // Blocks that show nothing would prove nothing.
  EXPECT_GT(counts.guesses, 100U);
  EXPECT_GT(counts.conflicts, 10U);
  EXPECT_GT(counts.guesses, counts.conflicts);
  EXPECT_GT(failed, 0U);
  EXPECT_GT(refused, 0U);
}

TEST_P(ParallelTransactionsOf, GiveTheSameInThreads) {
  ThreadLanes lanes(4);
  for (std::uint64_t seed = 1000; seed < 1040; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    ParallelTest test(seed, GetParam(), 120);
    expect_equal(test.serial(), test.parallel(lanes));
    if (::testing::Test::HasFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(Forks, ParallelTransactionsOf,
                         ::testing::Values("London", "Shanghai", "Cancun", "Prague"),
                         [](const auto& info) { return std::string(info.param); });

TEST(ParallelTransactions, PlayTheSameScheduleFromTheSameSeed) {
  std::vector<std::uint64_t> conflicts;
  for (int i = 0; i < 3; ++i) {
    ParallelTest test(7, "Prague", 60);
    SeededLanes lanes(3, 42);
    test.parallel(lanes);
    conflicts.push_back(test.counts.conflicts);
    conflicts.push_back(test.counts.guesses);
  }
  EXPECT_EQ(conflicts[0], conflicts[2]);
  EXPECT_EQ(conflicts[1], conflicts[3]);
  EXPECT_EQ(conflicts[0], conflicts[4]);
}

}  // namespace
}  // namespace buri::testing
