#pragma once

#include <memory>
#include <optional>

#include "node/consensus/engine/chain_state.hpp"
#include "node/storage/database.hpp"

/// What follows from decided blocks and is asked for by height: the chain's state at its head,
/// validator sets, consensus parameters and what executing each block gave
/// (0xPolygon/cometbft v0.3.8-polygon, state/store.go).

namespace buri::consensus::blocks {

/// Thread-safe as BlockStore is; what cannot be read is not there, and failure() tells.
class StateStore {
 public:
  static std::vector<storage::FamilySpec> families();
  /// Over a database opened with families(), which must outlive this. The error is a sentence.
  static Result<std::unique_ptr<StateStore>, std::string> open(storage::Database& database);
  ~StateStore();

  /// The state after the last applied block; nothing before save_genesis.
  [[nodiscard]] std::optional<engine::ChainState> load() const;
  /// The set that decides `height`, with proposer priorities as they are before its first round;
  /// known up to load()->last_height + 2. Members are stored when they change, priorities at
  /// every height: stock rotates a stored set instead, which centres it once and not at each
  /// height.
  [[nodiscard]] std::optional<engine::ValidatorSet> validators(std::int64_t height) const;
  /// The parameters that `height` obeys; known up to load()->last_height + 1.
  [[nodiscard]] std::optional<engine::ChainParams> params(std::int64_t height) const;
  /// What executing the block gave: tendermint.abci.ResponseFinalizeBlock on the wire, as stock
  /// stores it and block_results shows it.
  [[nodiscard]] std::optional<Bytes> results(std::int64_t height) const;

  /// The state before the first block, or that of a snapshot, in an empty store.
  Status<storage::StorageError> save_genesis(const engine::ChainState& chain);
  /// Keeps results of a block before the application commits it, synced: after a crash between both
  /// the state can be made from them without executing the block twice.
  Status<storage::StorageError> save_results(std::int64_t height, ByteView results);
  /// Moves the head; not synced: after a crash that loses it the results make it again.
  /// REQUIRES: `chain` is the state after the next block.
  Status<storage::StorageError> save(const engine::ChainState& chain);
  /// Takes the head back to an earlier state, for `buri consensus rollback`: what is known of later
  /// heights is removed. REQUIRES: `chain` is a state that was saved.
  Status<storage::StorageError> take_back(const engine::ChainState& chain);
  /// Removes what belongs to heights below `retain_height`, also beside a thread that saves.
  /// REQUIRES: validators(retain_height) are known.
  Status<storage::StorageError> prune(std::int64_t retain_height);

  /// Why something could not be read, ever since this was opened: the node has to stop.
  [[nodiscard]] std::optional<storage::StorageError> failure() const;

 private:
  struct Impl;
  explicit StateStore(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace buri::consensus::blocks
