#pragma once

#include "base/bytes.hpp"
#include "base/u256.hpp"
#include "node/execution/evm/account.hpp"
#include "node/execution/evm/gas_schedule.hpp"
#include "node/execution/evm/memory.hpp"
#include "node/execution/evm/status.hpp"

namespace buri::execution::evm {

class AnalysedCode;
class Evm;
class JournaledState;
struct BlockContext;
struct TransactionContext;

inline constexpr std::size_t kStackLimit = 1024;
inline constexpr int kCallDepthLimit = 1024;

/// One run of code: what its instructions see and change.
struct Frame {
  const AnalysedCode& code;
  Evm& evm;
  JournaledState& state;
  const GasSchedule& prices;
  const BlockContext& block;
  const TransactionContext& transaction;
  Account& self;  ///< whose storage and balance are used
  Address caller;
  U256 value;
  ByteView input;
  Memory& memory;
  U256* stack;  ///< the lowest of kStackLimit words
  int depth = 0;
  bool is_static = false;
  ByteView return_data;  ///< of the last call; borrows from the frame below until the next one

  // Set when it halts.
  Status status = Status::kRunning;
  std::int64_t gas_left = 0;
  ByteView output;  ///< borrows from `memory`
};

}  // namespace buri::execution::evm
