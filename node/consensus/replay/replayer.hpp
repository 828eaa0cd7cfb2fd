#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "node/consensus/app/application.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/replay/block_checks.hpp"
#include "node/consensus/replay/store_comparison.hpp"

/// Executes a recorded chain again from its genesis and compares everything that the record tells:
/// hashes, commits, extensions, results, events, validator updates, every store's root, the app
/// hash.

namespace buri::consensus::replay {

/// Hands the records of a chain on, in order, until the visitor's first error, which it returns.
using RecordSource = std::function<Status<records::RecordError>(
    const records::RecordVisitor<records::BlockRecord>&)>;

struct ReplayOptions {
  app::Genesis genesis;
  protocol::HeimdallForks forks;
  RecordSource blocks;            ///< from_file(), or what a test has in memory
  std::string writes_path;        ///< writes.jsonl beside it; empty: a root's difference stays bare
  std::int64_t until_height = 0;  ///< 0: to the end
  /// At most so many heights have their signatures checked as one batch and share one disk sync; a
  /// crash leaves one of them as a whole.
  std::size_t window_heights = 64;
};

/// The records of blocks.jsonl, perhaps with .xz.
RecordSource from_file(std::string path);

/// What a replay came to.
struct ReplayReport {
  std::int64_t first_height = 0;
  std::int64_t last_height = 0;  ///< the last one that is equal
  std::uint64_t heights = 0;     ///< equal ones
  std::uint64_t resumed = 0;     ///< of these, compared with what the home held already
  std::uint64_t transactions = 0;
  std::uint64_t signatures = 0;  ///< checked, each once
  Hash256 app_hash{};
  std::vector<Difference> differences;  ///< of the first height that differs

  [[nodiscard]] bool is_equal() const { return differences.empty(); }
};

/// Why there is no report: the input cannot be used.
using ReplayResult = Result<ReplayReport, std::string>;
/// Called after every height with the report so far.
using Progress = std::function<void(const ReplayReport&)>;

/// Replays over a multistore, which may hold the chain's first heights from an earlier run. Records
/// must be in order from the genesis on.
ReplayResult replay(const ReplayOptions& options, storage::Database& database,
                    iavl::Multistore& multistore, accel::Engine& crypto, const Progress& progress);

}  // namespace buri::consensus::replay
