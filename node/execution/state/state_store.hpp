#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <shared_mutex>

#include "node/execution/state/read_ahead.hpp"
#include "node/execution/state/state_step.hpp"
#include "node/execution/state/state_view.hpp"
#include "node/execution/state/task_runner.hpp"
#include "node/storage/database.hpp"

/// The state of the chain: flat tables for reads, tries by path for roots, both of the head, and
/// records that lead back from it. A block is one synced batch; nothing of it is visible before.
/// Design and formats: docs/formats/execution-state.md.

namespace buri::execution::state {

struct StateOptions {
  CacheSizes caches;
  /// How many blocks the head can be taken back by. Older undo records go as blocks come.
  std::uint64_t undo_blocks = 1024;
  /// Tries are written at least every so many blocks, and once what waits of them has so many
  /// bytes. After a crash so many blocks' changes go into the tries anew. At most undo_blocks.
  std::uint64_t trie_blocks = 128;
  std::size_t trie_bytes = std::size_t{64} << 20;
  /// How many blocks before the head can be read; their changes stay in memory. At most
  /// undo_blocks.
  std::uint64_t readable_blocks = 128;
  /// Writes the tries beside the blocks; it must outlive the store. Null: they are part of a
  /// block's batch, which takes long then.
  TaskRunner* trie_writer = nullptr;
  /// Change storage tries side by side; they must outlive the store, which runs one job of theirs
  /// at a time. Null: one after the other.
  Lanes* lanes = nullptr;
  /// Threads that read_ahead() has; none: it does nothing.
  std::size_t read_ahead_threads = 0;
};

/// An account and some of its slots with their proofs, as eth_getProof answers.
struct AccountProof {
  struct Slot {
    U256 key;
    U256 value;
    std::vector<Bytes> nodes;
  };
  std::optional<AccountRecord> account;
  std::vector<Bytes> nodes;
  std::vector<Slot> slots;
};

/// prepare(), commit(), apply(), roll_back() and verify() are for one thread at a time; everything
/// else is thread-safe and may run beside them. Calls block on the disk.
class StateStore {
 public:
  /// Opens what the database holds, which was opened with state_families(); it and `hash` must
  /// outlive the store. Undo records beyond `options.undo_blocks` are removed little by little.
  static Result<std::unique_ptr<StateStore>, StateError> open(storage::Database& database,
                                                              HashBatch hash,
                                                              const StateOptions& options = {});
  /// Waits for what is written beside the blocks.
  ~StateStore();
  StateStore(const StateStore&) = delete;
  StateStore& operator=(const StateStore&) = delete;

  /// The newest durable state; nothing before the first block.
  [[nodiscard]] std::optional<StateHead> head() const;
  /// The oldest block that roll_back() reaches. REQUIRES: head() is something.
  [[nodiscard]] std::uint64_t oldest_block() const;
  /// The state behind a block; null if it is not readable.
  [[nodiscard]] std::shared_ptr<const StateView> view(std::uint64_t block_number) const;

  /// Begins to bring into memory what blocks need that change these accounts, in the order in which
  /// they are likely to be read; forgets what is left of earlier ones. Does not wait.
  void read_ahead(std::span<const Address> addresses);

  /// Reckons the block after the head. Nothing is changed: the step may be dropped, as where its
  /// root is not the header's. Any later commit makes it void.
  Result<StateStep, StateError> prepare(const StateChange& change);
  /// Makes the step durable, then visible. The first block may have any number, each other one the
  /// number after the head's (kUnknownBlock). After kStorage the store only serves reads: what is
  /// durable is known when it is opened again.
  Status<StateError> commit(StateStep step, std::uint64_t block_number, const Hash256& block_hash);
  /// Both; refuses another root than `expected_root`, if that is given (kWrongRoot), and then
  /// changes nothing.
  Result<Hash256, StateError> apply(std::uint64_t block_number, const Hash256& block_hash,
                                    const StateChange& change,
                                    const std::optional<Hash256>& expected_root = {});

  /// Adds a caller's own writes to the step that leaves the block of that number downwards.
  using StepBackWriter =
      std::function<Status<StateError>(std::uint64_t block_number, storage::Batch& batch)>;
  /// Takes the head back to a block, block by block; a crash leaves one of them. Views stay as they
  /// are. Errors: kUnknownBlock if it is older than oldest_block() or newer than the head; the
  /// writer's, which end the way.
  Status<StateError> roll_back(std::uint64_t block_number, const StepBackWriter& along = {});

  /// Proves an account and slots of it in the state behind a readable block. For blocks before the
  /// head the tries are taken back in memory, at the cost of what changed since.
  Result<AccountProof, StateError> prove(std::uint64_t block_number, const Address& address,
                                         std::span<const U256> keys) const;

  /// Reckons all roots of the head anew, from the flat tables alone. Errors: kWrongRoot with the
  /// first account, or the state, whose root is another.
  Status<StateError> verify() const;

 private:
  static constexpr std::string_view kTriesKey = "tries";

  struct ReadableBlock {
    StateHead head;
    std::uint64_t version;
  };

  StateStore(storage::Database& database, HashBatch hash, const StateOptions& options);
  Status<StateError> load();
  Status<StateError> load_history();
  /// The tries may be older than the head: what they lack is reckoned anew, in memory.
  Status<StateError> load_tries();
  Result<UndoRecord, StateError> read_undo(std::uint64_t block_number) const;
  Status<StateError> take(StateStep step, const StateHead& to);
  [[nodiscard]] bool must_write_tries(const StateHead& to);
  /// Begins to write what waits of the tries, which are those of the head.
  void begin_tries(const StateHead& head);
  /// Waits until what was begun is over; its error, which ends all writing. REQUIRES: next_tries_.
  Status<StateError> finish_tries();
  StateError fail(const storage::StorageError& error);
  void show(const StateHead& to);
  Status<StateError> step_back(const StepBackWriter& along);
  [[nodiscard]] std::optional<ReadableBlock> readable(std::uint64_t block_number) const;
  void prune_undo(storage::Batch& batch, std::uint64_t block_number);
  [[nodiscard]] StateHead must_have_head() const;

  storage::Database& database_;
  HashBatch hash_;
  StateOptions options_;
  mutable StateReader reader_;
  ReadAhead read_ahead_;

  mutable std::mutex blocks_mutex_;
  std::optional<StateHead> head_;
  /// The block whose tries are on disk, the head or one before it. Of the writing thread.
  std::optional<StateHead> tries_;
  std::optional<StateHead> next_tries_;  ///< whose tries are being written beside the blocks
  Status<storage::StorageError> written_ = Unit{};  ///< of them, once that is over
  std::map<std::uint64_t, ReadableBlock> blocks_;   ///< by number
  std::uint64_t oldest_block_ = 0;
  bool has_failed_ = false;

  /// Held shared where nodes of the head are read that must not move.
  mutable std::shared_mutex nodes_mutex_;
};

}  // namespace buri::execution::state
