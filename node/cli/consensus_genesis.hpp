#pragma once

#include <cstdint>
#include <string>

#include "node/cli/consensus_output.hpp"

/// `buri consensus init|export|migrate`: a home from a genesis file, a genesis file from a home,
/// and one of Heimdall v2 from one of v1.

namespace buri::cli {

struct InitArguments {
  std::string home;
  std::string genesis;
  std::string forks;  ///< empty: those of the chain, which then must be a known one
};
/// Imports a genesis of any size into a home that holds nothing.
AnswerResult run_init(const InitArguments& arguments);

struct ExportArguments {
  std::string home;
  std::string output;
  std::string genesis_time;  ///< RFC 3339
  std::int64_t height = 0;   ///< 0: the newest
};
/// Writes the state of a height as a genesis file.
AnswerResult run_export(const ExportArguments& arguments);

struct MigrateArguments {
  std::string genesis;
  std::string output;
  std::string chain_id;
  std::string genesis_time;  ///< RFC 3339
  std::int64_t initial_height = 1;
};
/// Turns an export of Heimdall v1 into a genesis of v2.
AnswerResult run_migrate(const MigrateArguments& arguments);

}  // namespace buri::cli
