#pragma once

#include <string_view>

#include "base/hex.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/execution/evm/rules.hpp"
#include "tests/support/execution/memory_state.hpp"

/// A program, run once as a contract's code, for tests that speak of single instructions.

namespace buri::testing {

/// How a run ended; the answer is copied out.
struct Outcome {
  execution::evm::Status status;
  std::int64_t gas_left;
  Bytes output;
};

/// The address at which run() places its program.
inline constexpr Address kProgramAddress{{0xaa}};
inline constexpr Address kCallerAddress{{0xbb}};

/// One EVM over a state that tests fill before.
struct Bench {
  MemoryState source;
  execution::evm::Rules rules = *execution::evm::ethereum_rules("Prague");
  execution::evm::BlockContext block;
  execution::evm::CodeCache codes;
  execution::evm::Tracer* tracer = nullptr;
  bool transfer_logs = false;

  /// Runs hex code with that much gas. What it changes stays in `state`.
  Outcome run(std::string_view code, std::int64_t gas, ByteView input = {}) {
    source.accounts[kProgramAddress].code = *from_hex(code);
    source.accounts[kCallerAddress].balance = U256::from_uint64(1'000'000);
    state.emplace(source);
    execution::evm::Evm evm({.rules = rules,
                             .block = block,
                             .codes = codes,
                             .transfer_logs = transfer_logs,
                             .tracer = tracer},
                            *state);
    evm.begin_transaction({});
    const auto result = evm.call({.caller = kCallerAddress,
                                  .recipient = kProgramAddress,
                                  .code_address = kProgramAddress,
                                  .value = value,
                                  .input = input,
                                  .gas = gas});
    return {result.status, result.gas_left, {result.output.begin(), result.output.end()}};
  }

  U256 value;
  std::optional<execution::evm::JournaledState> state;
};

}  // namespace buri::testing
