#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace buri::cli {

/// The command line of `buri execution import`.
struct ExecutionImportArguments {
  std::vector<std::string> files;
  std::string home;
  std::string heimdall;           ///< a file of Heimdall's answers
  std::uint64_t until_block = 0;  ///< 0: to the end
  std::uint64_t cache_mib = 512;
  unsigned threads = 0;
  unsigned workers = 1;  ///< threads that execute a block's transactions
  bool as_json = false;
};

/// Runs it; the exit code: 0 all blocks taken, 1 a block was refused, 2 unusable.
int run_execution_import(const ExecutionImportArguments& arguments);

}  // namespace buri::cli
