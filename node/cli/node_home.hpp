#pragma once

#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/blocks/state_store.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/storage/database.hpp"

/// The home of a node, `burid start --home DIR`: its state and its blocks, while no node runs on
/// it.

namespace buri::cli {

/// Errors are sentences.
class NodeHome {
 public:
  /// Locks the home against nodes and other commands; makes its data folder if it is to.
  static Result<std::unique_ptr<NodeHome>, std::string> lock(const std::string& folder,
                                                             bool may_create);

  /// The folder `data`, and what lies in it.
  [[nodiscard]] std::string data(std::string_view name = {}) const;
  /// Whether state or blocks are there.
  [[nodiscard]] bool holds_stores() const;
  /// Opens state and blocks, making what is not there. `crypto` outlives this.
  Status<std::string> open_stores(accel::Engine& crypto);
  /// Closes them if they are open, and removes them.
  Status<std::string> remove_stores();

  /// REQUIRES: open_stores() succeeded.
  [[nodiscard]] consensus::iavl::Multistore& state() { return *state_; }
  [[nodiscard]] consensus::blocks::BlockStore& blocks() { return *blocks_; }
  [[nodiscard]] consensus::blocks::StateStore& chain() { return *chain_; }

 private:
  explicit NodeHome(std::string folder) : folder_(std::move(folder)) {}

  std::string folder_;
  Descriptor lock_;
  std::unique_ptr<storage::Database> state_database_;
  std::unique_ptr<storage::Database> block_database_;
  std::unique_ptr<consensus::iavl::Multistore> state_;
  std::unique_ptr<consensus::blocks::BlockStore> blocks_;
  std::unique_ptr<consensus::blocks::StateStore> chain_;
};

}  // namespace buri::cli
