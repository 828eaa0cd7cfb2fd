#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>

#include "base/hex.hpp"
#include "node/execution/evm/evm.hpp"
#include "tests/support/execution/memory_state.hpp"

/// How fast programs run: reads lines "NAME<tab>CODE<tab>INPUT" (hex) from standard input, runs
/// each for a second, prints "NAME<tab>gas<tab>seconds of the best run<tab>Mgas/s". A peer in
/// another language is measured on the same lines, in turn with this program.

namespace {

using namespace buri;
using namespace buri::execution::evm;
using Clock = std::chrono::steady_clock;

constexpr Address kContract{{0xaa}};
constexpr std::int64_t kGas = 1'000'000'000;

struct Program {
  std::string name;
  Bytes code;
  Bytes input;
};

bool read_program(Program& program) {
  std::string line;
  if (!std::getline(std::cin, line)) return false;
  const std::size_t first = line.find('\t');
  const std::size_t second = line.find('\t', first + 1);
  program.name = line.substr(0, first);
  program.code = *from_hex(line.substr(first + 1, second - first - 1));
  program.input.clear();
  if (second != std::string::npos) program.input = *from_hex(line.substr(second + 1));
  return true;
}

void measure(const Program& program) {
  testing::MemoryState source;
  source.accounts[kContract].code = program.code;
  JournaledState state(source);
  CodeCache codes;
  const BlockContext block;
  Evm evm({.rules = *ethereum_rules("Prague"), .block = block, .codes = codes}, state);
  evm.begin_transaction({});
  double best = 1e9;
  std::int64_t used = 0;
  const auto until = Clock::now() + std::chrono::seconds(1);
  while (Clock::now() < until) {
    const auto snapshot = state.snapshot();
    const auto start = Clock::now();
    const CallResult result = evm.call({.caller = {},
                                        .recipient = kContract,
                                        .code_address = kContract,
                                        .value = {},
                                        .input = program.input,
                                        .gas = kGas});
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    state.revert(snapshot);
    best = std::min(best, elapsed.count());
    used = kGas - result.gas_left;
  }
  std::printf("%s\t%lld\t%.6f\t%.1f\n", program.name.c_str(), static_cast<long long>(used), best,
              static_cast<double>(used) / best / 1e6);
}

}  // namespace

int main() {
  Program program;
  while (read_program(program)) measure(program);
}
