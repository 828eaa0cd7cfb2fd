#pragma once

#include <cstdint>
#include <string>

#include "node/cli/consensus_output.hpp"

/// The commands of `buri execution` that begin a home and look after it.

namespace buri::cli {

struct ExecutionInitArguments {
  std::string genesis;
  std::string home;
};
/// Begins a chain, or gives a home's chain the configuration of a newer file.
AnswerResult run_execution_init(const ExecutionInitArguments& arguments);

struct ExecutionExportArguments {
  std::string file;  ///< must not be there yet
  std::string home;
  std::uint64_t from = 1;
  std::uint64_t to = 0;  ///< 0: the head
};
/// Writes blocks as RLP, one behind the other.
AnswerResult run_execution_export(const ExecutionExportArguments& arguments);

struct ExecutionRewindArguments {
  std::string home;
  std::uint64_t to = 0;
};
/// Takes the head back and removes every block above it.
AnswerResult run_execution_rewind(const ExecutionRewindArguments& arguments);

struct ExecutionPruneArguments {
  std::string home;
  std::uint64_t kept_blocks = 0;  ///< 0: nothing goes from now on
};
/// Sets how much of the past is kept whole, and removes the rest.
AnswerResult run_execution_prune(const ExecutionPruneArguments& arguments);

struct ExecutionVerifyArguments {
  std::string home;
};
/// Reckons the state root anew, from the flat tables alone.
AnswerResult run_execution_verify(const ExecutionVerifyArguments& arguments);

}  // namespace buri::cli
