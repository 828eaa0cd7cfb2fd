#pragma once

#include <memory>
#include <string>

#include "node/execution/chain/genesis_block.hpp"
#include "node/execution/state/state_store.hpp"
#include "node/storage/rocks_database.hpp"

/// A home: the folder that keeps blocks and state of Bor's chain between commands.

namespace buri::cli {

/// How a command opens a home.
struct ExecutionHomeOptions {
  std::string folder;
  bool may_create = false;  ///< whether a home that is not there is begun
  /// Memory for caches of all kinds.
  std::size_t cache_bytes = std::size_t{512} << 20;
};

/// An open home, locked against every other process until it is destroyed.
class ExecutionHome {
 public:
  /// Errors, one sentence each: there is no home, another process uses it, it is of another kind or
  /// damaged.
  static Result<std::unique_ptr<ExecutionHome>, std::string> open(
      const ExecutionHomeOptions& options);
  /// A home that is gone with this object.
  static Result<std::unique_ptr<ExecutionHome>, std::string> in_memory();

  [[nodiscard]] storage::Database& database() { return *database_; }
  [[nodiscard]] execution::state::StateStore& states() { return *states_; }
  [[nodiscard]] execution::chain::BlockStore& blocks() { return *blocks_; }
  /// The configuration that the home was begun with. Errors: one sentence.
  [[nodiscard]] Result<execution::chain::ChainConfig, std::string> config() const;
  /// The newest block; an error where no chain was begun.
  [[nodiscard]] Result<execution::state::StateHead, std::string> head() const;

 private:
  ExecutionHome() = default;
  static Result<std::unique_ptr<ExecutionHome>, std::string> open_with(
      const storage::RocksOptions& options, std::size_t state_cache_bytes);

  std::string folder_;
  std::unique_ptr<storage::Database> database_;
  execution::state::ThreadTaskRunner trie_writer_;
  std::optional<ThreadLanes> storage_lanes_;
  std::unique_ptr<execution::state::StateStore> states_;
  std::unique_ptr<execution::chain::BlockStore> blocks_;
};

}  // namespace buri::cli
