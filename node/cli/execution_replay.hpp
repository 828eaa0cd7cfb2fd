#pragma once

#include <cstdint>
#include <string>

namespace buri::cli {

/// The command line of `buri execution replay`.
struct ExecutionReplayArguments {
  std::string chain;  ///< the folder of the recorded chain
  std::string home;   ///< where the state is kept; empty: in memory
  std::uint64_t until_block = 0;
  unsigned threads = 0;
  unsigned workers = 1;  ///< threads that execute a block's transactions
  bool as_json = false;
};

/// Runs it; the exit code: 0 equal, 1 different, 2 unusable.
int run_execution_replay(const ExecutionReplayArguments& arguments);

}  // namespace buri::cli
