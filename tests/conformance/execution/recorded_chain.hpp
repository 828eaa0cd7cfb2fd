#pragma once

#include "base/clock.hpp"
#include "node/execution/chain/chain.hpp"
#include "node/execution/chain/durable_states.hpp"
#include "node/execution/chain/genesis.hpp"
#include "node/execution/chain/heimdall_file.hpp"

/// A recorded Bor chain and what is needed to follow it, its state in a database in memory.

namespace buri::testing {

class RecordedChain {
 public:
  /// Reads genesis, Heimdall's answers and blocks of a folder. Aborts on files of another form. The
  /// clock stands behind the last block.
  explicit RecordedChain(const std::string& folder, Lanes* lanes = nullptr);

  [[nodiscard]] execution::chain::Chain& chain() { return *chain_; }
  [[nodiscard]] const execution::chain::Genesis& genesis() const { return genesis_; }
  [[nodiscard]] const std::vector<execution::chain::Block>& blocks() const { return blocks_; }
  [[nodiscard]] execution::chain::HeimdallFile& heimdall() { return heimdall_; }
  [[nodiscard]] execution::state::StateStore& states() { return *store_; }
  [[nodiscard]] execution::chain::BlockStore& block_store() { return *block_store_; }
  [[nodiscard]] accel::Engine& engine() { return *engine_; }
  void set_clock(std::uint64_t unix_seconds);

  /// Imports the blocks up to `number`, in windows whose signatures are recovered together. The
  /// first fault, told with its block.
  Status<std::string> import_to(std::uint64_t number);
  /// The same; the last one may still be under way when it returns.
  Status<std::string> import_ahead_to(std::uint64_t number);

 private:
  template <class ImportOne>
  Status<std::string> import_each(std::uint64_t number, const ImportOne& import);

  std::unique_ptr<accel::Engine> engine_;
  execution::chain::Genesis genesis_;
  execution::chain::HeimdallFile heimdall_;
  std::vector<execution::chain::Block> blocks_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<execution::state::StateStore> store_;
  std::unique_ptr<execution::chain::BlockStore> block_store_;
  std::unique_ptr<execution::chain::DurableStates> states_;
  execution::evm::CodeCache codes_;
  ManualClock clock_;
  std::unique_ptr<execution::chain::Chain> chain_;
};

}  // namespace buri::testing
