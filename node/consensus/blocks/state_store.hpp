#pragma once

#include <memory>
#include <optional>

#include "node/consensus/engine/chain_state.hpp"
#include "node/storage/database.hpp"

/// What follows from decided blocks and is asked for by height: the chain's state at its head,
/// validator sets, consensus parameters and what executing each block gave
/// (0xPolygon/cometbft v0.3.8-polygon, state/store.go).

namespace buri::consensus::blocks {

/// Thread-safe as BlockStore is, with the same answer to a database that cannot be read.
class StateStore {
 public:
  static std::span<const storage::FamilySpec> families();
  /// Over a database opened with families(), which must outlive this. The error is a sentence.
  static Result<std::unique_ptr<StateStore>, std::string> open(storage::Database& database);
  ~StateStore();

  /// The state after the last applied block; nothing before save_genesis.
  [[nodiscard]] std::optional<engine::ChainState> load() const;
  /// The set that decides `height`, with proposer priorities as they are before its first round;
  /// known up to load()->last_height + 2. A set is stored when it changes and every 100,000
  /// heights; in between priorities are rotated, so that a read costs little memory.
  [[nodiscard]] std::optional<engine::ValidatorSet> validators(std::int64_t height) const;
  /// The parameters that `height` obeys; known up to load()->last_height + 1.
  [[nodiscard]] std::optional<engine::ChainParams> params(std::int64_t height) const;
  /// What executing the block gave: tendermint.abci.ResponseFinalizeBlock on the wire, as stock
  /// stores it and block_results shows it.
  [[nodiscard]] std::optional<Bytes> results(std::int64_t height) const;

  /// The state before the first block, or that of a snapshot: `chain` and the sets around it.
  Status<storage::StorageError> save_genesis(const engine::ChainState& chain);
  /// Keeps results of a block before the application commits it, synced: after a crash between both
  /// the state can be made from them without executing the block twice.
  Status<storage::StorageError> save_results(std::int64_t height, ByteView results);
  /// Moves the head. REQUIRES: `chain` is the state after the next block.
  Status<storage::StorageError> save(const engine::ChainState& chain);
  /// Removes what belongs to heights below `retain_height`.
  Status<storage::StorageError> prune(std::int64_t retain_height);

 private:
  explicit StateStore(storage::Database& database);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace buri::consensus::blocks
