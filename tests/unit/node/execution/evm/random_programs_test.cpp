#include <gtest/gtest.h>

#include <cstdlib>

#include "base/random.hpp"
#include "tests/unit/node/execution/evm/program.hpp"

/// Random programs run twice: as they run in production, with joined instructions and blocks, and
/// under tracing, one instruction and one check at a time. Nothing may differ.

namespace buri::execution::evm {
namespace {

using testing::Bench;
using testing::kProgramAddress;
using testing::Outcome;

/// Writes code that mostly makes sense: operands are there, offsets and keys are small.
class Writer {
 public:
  explicit Writer(std::uint64_t seed) : random_(seed) {}

  std::string write() {
    const std::uint64_t items = 4 + random_.below(60);
    for (std::uint64_t i = 0; i < items; ++i) item();
    for (const std::size_t place : jumps_) {
      const std::size_t target =
          destinations_.empty() ? 0 : destinations_[random_.below(destinations_.size())];
      code_[place] = static_cast<std::uint8_t>(target >> 8);
      code_[place + 1] = static_cast<std::uint8_t>(target);
    }
    return to_hex(code_);
  }

 private:
  void put(std::uint64_t byte) { code_.push_back(static_cast<std::uint8_t>(byte)); }
  void push_small(std::uint64_t bound) {
    put(0x60);
    put(random_.below(bound));
  }
  void push_random() {
    const std::uint64_t bytes = random_.chance(0.7) ? 1 : 1 + random_.below(32);
    put(0x5f + bytes);
    for (std::uint64_t i = 0; i < bytes; ++i) put(random_.chance(0.2) ? 0xff : random_.next());
  }
  void push_destination() {
    put(0x61);
    jumps_.push_back(code_.size());
    put(0);
    put(0);
  }
  void destination() {
    destinations_.push_back(code_.size());
    put(0x5b);
  }

  void item() {
    switch (random_.below(16)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return push_random();
      case 4:
      case 5:
      case 6:
        return put(1 + random_.below(0x1d));  // arithmetic, comparison, bits
      case 7:
        return put(0x80 + random_.below(6));  // DUP
      case 8:
        return put(0x90 + random_.below(4));  // SWAP
      case 9:
        return destination();
      case 10:
        return jump();
      case 11:
        return memory();
      case 12:
        return storage();
      case 13:
        return put(0x30 + random_.below(0x1b));  // context
      case 14:
        return call();
      default:
        return put(random_.chance(0.1) ? random_.next() : 0x50 + 8 * random_.below(2));
    }
  }
  void jump() {
    if (random_.chance(0.5)) put(0x10 + random_.below(6));  // a comparison, or ISZERO
    if (random_.chance(0.3)) put(0x15);
    if (random_.chance(0.3)) put(0x80);
    push_destination();
    put(random_.chance(0.8) ? 0x57 : 0x56);
  }
  void memory() {
    push_small(96);
    constexpr std::array<std::uint8_t, 4> kOpcodes{0x51, 0x52, 0x53, 0x59};
    put(kOpcodes[random_.below(kOpcodes.size())]);
    if (random_.chance(0.2)) {
      push_small(64);
      push_small(64);
      put(0x20);
    }
  }
  void storage() {
    push_small(3);
    constexpr std::array<std::uint8_t, 5> kOpcodes{0x54, 0x55, 0x5c, 0x5d, 0x5a};
    put(kOpcodes[random_.below(kOpcodes.size())]);
  }
  /// A call of itself, or of the identity contract, or a log.
  void call() {
    for (int i = 0; i < 4; ++i) push_small(64);
    if (random_.chance(0.3)) return put(0xa0 + random_.below(3));
    put(random_.chance(0.5) ? 0x30 : 0x5f);
    push_small(5);
    put(0x61);
    put(random_.below(40));
    put(random_.next());
    constexpr std::array<std::uint8_t, 4> kOpcodes{0xf1, 0xf2, 0xf4, 0xfa};
    put(kOpcodes[random_.below(kOpcodes.size())]);
  }

  SeededRandom random_;
  Bytes code_;
  std::vector<std::size_t> jumps_;
  std::vector<std::size_t> destinations_;
};

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
  const bool is_long = std::getenv("BURI_TEST_LONG") != nullptr;
  const std::uint64_t first = wanted != nullptr ? std::stoull(wanted) : system_random().next() >> 1;
  const std::uint64_t count = wanted != nullptr ? 1 : is_long ? 1'000'000 : 5'000;
  std::size_t steps = 0;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string code = Writer(seed).write();
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
