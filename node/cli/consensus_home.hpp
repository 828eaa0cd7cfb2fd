#pragma once

#include <memory>
#include <string>

#include "node/consensus/iavl/multistore.hpp"
#include "node/storage/rocks_database.hpp"

/// A home: the folder that keeps the state machine's stores between commands.

namespace buri::cli {

/// How a command opens a home.
struct HomeOptions {
  std::string folder;
  bool may_create = false;           ///< whether a home that is not there is begun
  bool works_in_background = false;  ///< whether anchors and pruning go on beside the command
};

/// An open home, locked against every other process until it is destroyed.
class ConsensusHome {
 public:
  /// Errors, one sentence each: there is no home, another process uses it, it is of another kind or
  /// damaged. `crypto` outlives the home.
  static Result<std::unique_ptr<ConsensusHome>, std::string> open(const HomeOptions& options,
                                                                  accel::Engine& crypto);

  /// A home that is gone with this object.
  static Result<std::unique_ptr<ConsensusHome>, std::string> in_memory(accel::Engine& crypto);

  [[nodiscard]] storage::Database& database() { return *database_; }
  [[nodiscard]] consensus::iavl::Multistore& stores() { return *stores_; }
  /// "heights 1 to 160", for sentences; "no height yet".
  [[nodiscard]] std::string heights_text() const;

 private:
  ConsensusHome() = default;
  static Result<std::unique_ptr<ConsensusHome>, std::string> open_with(
      const storage::RocksOptions& options, bool works_in_background, accel::Engine& crypto);

  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<consensus::iavl::Multistore> stores_;
};

/// The engine for commands that check a few hashes: one CPU backend, nothing measured anew.
Result<std::unique_ptr<accel::Engine>, std::string> small_engine();

}  // namespace buri::cli
