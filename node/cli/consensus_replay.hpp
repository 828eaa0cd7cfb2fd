#pragma once

#include <cstdint>
#include <string>

/// `buri consensus replay`: from file names to an exit code.

namespace buri::cli {

struct ReplayArguments {
  std::string genesis;
  std::string forks;
  std::string records;
  std::string home;
  std::int64_t until_height = 0;
  unsigned threads = 1;
  bool as_json = false;
};

/// Prints the report, or to standard error why there is none; the exit code.
int run_replay(const ReplayArguments& arguments);

}  // namespace buri::cli
