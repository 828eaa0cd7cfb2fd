#pragma once

#include <optional>
#include <string>

#include "node/execution/evm/context.hpp"
#include "node/execution/evm/rules.hpp"
#include "tests/support/execution/memory_state.hpp"

/// The EVM held against the reference: every step of every frame (position, opcode, gas, stack,
/// memory), then how it ended, and everything that it left.

namespace buri::testing {

/// One message to compare. A transaction begins with it and ends after it.
struct Scenario {
  MemoryState state;
  execution::evm::Rules rules;
  /// Of the EVM alone: a test of the comparison gives it other ones.
  std::optional<execution::evm::Rules> evm_rules;
  execution::evm::BlockContext block;
  Address caller;
  Address to;
  U256 value;
  Bytes input;
  std::int64_t gas = 0;
  bool transfer_logs = false;
};

/// What a comparison found.
struct Comparison {
  std::optional<std::string> difference;  ///< the first one; nothing if all is equal
  std::size_t steps = 0;                  ///< that the reference took
  int deepest = 0;                        ///< frame
};

/// Runs the scenario by the reference, by the EVM under tracing and by the EVM as it runs in
/// production, and compares.
Comparison compare_with_reference(const Scenario& scenario);

}  // namespace buri::testing
