#include <gtest/gtest.h>

#include <cstdlib>

#include "base/random.hpp"
#include "tests/support/execution/random_program.hpp"
#include "tests/support/long_run.hpp"
#include "tests/unit/node/execution/evm/program.hpp"

/// Random programs run twice: as they run in production, with joined instructions and blocks, and
/// under tracing, one instruction and one check at a time. Nothing may differ.

namespace buri::execution::evm {
namespace {

using testing::Bench;
using testing::kProgramAddress;
using testing::Outcome;

/// What a run leaves: storage by slot, then logs.
std::string traces_of(Bench& bench) {
  std::string text;
  Account& account = bench.state->account(kProgramAddress);
  for (std::uint64_t key = 0; key < 3; ++key) {
    text += bench.state->slot(account, U256::from_uint64(key)).current.to_decimal() + " ";
  }
  for (const Log& log : bench.state->logs()) text += to_hex(log.data) + "/";
  return text + std::to_string(bench.state->refund());
}

class Listener final : public Tracer {
 public:
  void on_step(const StepEvent& event) override {
    EXPECT_GE(event.gas, 0);
    ++steps;
  }
  std::size_t steps = 0;
};

TEST(RandomPrograms, RunAlikeWithAndWithoutTracing) {
  const char* wanted = std::getenv("BURI_SEED");
  const bool is_long = is_long_run();
  const std::uint64_t first = wanted != nullptr ? std::stoull(wanted) : system_random().next() >> 1;
  const std::uint64_t count = wanted != nullptr ? 1 : is_long ? 1'000'000 : 5'000;
  std::size_t steps = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string code = to_hex(testing::RandomProgram(seed).write());
    const std::int64_t gas = 100 + static_cast<std::int64_t>(seed * 7919 % 60'000);
    Bench plain;
    Bench traced;
    Listener listener;
    traced.tracer = &listener;
    plain.block.hash_of_block =
        traced.block.hash_of_block = [](std::uint64_t) { return Hash256{}; };
    const Outcome a = plain.run(code, gas, as_bytes("input"));
    const Outcome b = traced.run(code, gas, as_bytes("input"));
    steps += listener.steps;
    // Which of two mistakes in one block is reported first may differ; that it failed may not.
    ASSERT_EQ(takes_all_gas(a.status), takes_all_gas(b.status))
        << "BURI_SEED=" << seed << " " << code;
    ASSERT_EQ(a.gas_left, b.gas_left) << "BURI_SEED=" << seed << " " << code;
    ASSERT_EQ(a.output, b.output) << "BURI_SEED=" << seed << " " << code;
    ASSERT_EQ(traces_of(plain), traces_of(traced)) << "BURI_SEED=" << seed << " " << code;
  }
  if (wanted == nullptr) EXPECT_GT(steps, 5 * count) << "the programs hardly run";
}

}  // namespace
}  // namespace buri::execution::evm
