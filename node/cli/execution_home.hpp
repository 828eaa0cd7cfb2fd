#pragma once

#include <memory>
#include <string>

#include "node/execution/chain/block_store.hpp"
#include "node/execution/state/state_store.hpp"
#include "node/storage/rocks_database.hpp"

/// A home: the folder that keeps blocks and state of Bor's chain between commands.

namespace buri::cli {

/// How a command opens a home.
struct ExecutionHomeOptions {
  std::string folder;
  bool may_create = false;  ///< whether a home that is not there is begun
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

 private:
  ExecutionHome() = default;
  static Result<std::unique_ptr<ExecutionHome>, std::string> open_with(
      const storage::RocksOptions& options);

  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<execution::state::StateStore> states_;
  std::unique_ptr<execution::chain::BlockStore> blocks_;
};

}  // namespace buri::cli
