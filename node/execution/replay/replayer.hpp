#pragma once

#include <map>

#include "node/execution/chain/block_windows.hpp"
#include "node/execution/chain/chain.hpp"
#include "node/execution/chain/heimdall_file.hpp"
#include "node/execution/replay/difference.hpp"
#include "node/execution/replay/record_files.hpp"
#include "node/execution/state/state_store.hpp"

/// Imports a recorded chain from its genesis and compares everything that the record tells: block
/// hashes, state roots, receipts in both forms, logs, gas, authors, total difficulties, whole
/// states, branches that lost, blocks that were refused, milestones.
///
/// The folder has the form of the goldens beside the project: genesis.json, heimdall.json,
/// blocks.rlp or blocks-heavy.rlp; headers.tsv, authors.tsv, tx-gas.tsv, receipts-raw.jsonl,
/// receipts-json.jsonl, state.jsonl, side-blocks.jsonl and invalid-blocks.jsonl if they are there.

namespace buri::execution::replay {

struct ReplayOptions {
  ReadFile read;
  std::uint64_t until_block = 0;  ///< 0: to the end
  /// Blocks that are decoded, and whose signatures are recovered, in one batch, beside the
  /// execution of those before.
  chain::WindowSize window{};
  Lanes* lanes = nullptr;  ///< of block execution; null: one transaction after the other
  chain::ParallelCounts* counts = nullptr;
};

/// What a replay came to.
struct ReplayReport {
  std::uint64_t blocks = 0;          ///< equal ones
  std::uint64_t resumed_blocks = 0;  ///< of these: those that the stores held already
  std::uint64_t transactions = 0;
  std::uint64_t gas = 0;  ///< of executed blocks, as the transactions
  std::uint64_t side_blocks = 0;
  std::uint64_t offered_blocks = 0;
  std::uint64_t milestones = 0;
  std::map<std::string, std::uint64_t> compared{};  ///< values, by file
  std::uint64_t head_number = 0;
  Hash256 head_hash{};
  Hash256 state_root{};
  double import_seconds = 0;              ///< of blocks alone, without the comparisons
  std::vector<Difference> differences{};  ///< of the first block that differs

  [[nodiscard]] bool is_equal() const { return differences.empty(); }
};

/// Called after every block with the report so far.
using Progress = std::function<void(const ReplayReport&)>;

/// Where a replay works: stores of one database, empty or with a beginning of the chain.
struct ReplayStores {
  state::StateStore& states;
  chain::BlockStore& blocks;
};

/// Goes on where the stores end; what they hold of the chain is read from them and compared, too.
/// An error is one sentence about input that cannot be used.
Result<ReplayReport, std::string> replay(const ReplayOptions& options, const ReplayStores& stores,
                                         accel::Engine& engine, const Progress& progress);

}  // namespace buri::execution::replay
