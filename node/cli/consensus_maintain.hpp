#pragma once

#include <cstdint>
#include <string>

#include "node/cli/consensus_output.hpp"

/// `buri consensus rollback` and `prune`: what is done to a home while no node runs on it.

namespace buri::cli {

struct RollbackArguments {
  std::string home;
  std::int64_t height = 0;  ///< the last height that stays
};
/// Removes every height above. A crash on the way leaves a complete height at or above it.
AnswerResult run_rollback(const RollbackArguments& arguments);

struct PruneArguments {
  std::string home;
  std::int64_t kept_heights = 0;  ///< how many of the newest stay; 0: `below` says
  std::int64_t below = 0;         ///< heights below go
};
/// Lets old heights go and removes what only they needed. What stays begins at an anchor (see
/// docs/formats/iavl-store.md), so somewhat more than asked for may stay.
AnswerResult run_prune(const PruneArguments& arguments);

}  // namespace buri::cli
