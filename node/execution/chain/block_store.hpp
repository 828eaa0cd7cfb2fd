#pragma once

#include <functional>
#include <memory>

#include "node/execution/chain/block_records.hpp"
#include "node/execution/chain/block_tables.hpp"
#include "node/execution/state/bounded_cache.hpp"

/// Every block that is kept, of any branch: headers, bodies, receipts, total difficulties, which
/// ones are canonical, where transactions stand. The head is not told here: it is the block whose
/// state the state store holds, and its records are written in that state's own batch. Design and
/// formats: docs/formats/execution-blocks.md.

namespace buri::execution::chain {

using EntryPtr = std::shared_ptr<const BlockEntry>;
using ProducerSet = std::shared_ptr<const ValidatorSet>;
template <class T>
using StoredResult = Result<T, storage::StorageError>;

/// What are records one of a kind.
enum class MetaRecord : std::uint8_t {
  kConfig,          ///< the "config" of the genesis, as JSON text
  kMilestone,       ///< FixedBlock
  kCheckpoint,      ///< FixedBlock
  kReorganisation,  ///< while one is under way
  kHistory,         ///< HistoryPolicy
};

/// Reads are thread-safe and block on the disk; an error of kind kCorruption tells of a record that
/// is never written so. Functions that take a batch add to it and change nothing else: what they
/// add holds when the batch is written. `database` must outlive the store.
class BlockStore {
 public:
  /// REQUIRES: the database was opened with block_families(). Of entries about `cached_entries` are
  /// held in memory, one kilobyte each.
  explicit BlockStore(storage::Database& database, std::size_t cached_entries = 8192);

  [[nodiscard]] storage::Database& database() const { return database_; }

  /// A block of any branch; null if it is not kept.
  [[nodiscard]] StoredResult<EntryPtr> entry(const Hash256& hash) const;
  /// The canonical block of that number; null above the head.
  [[nodiscard]] StoredResult<EntryPtr> canonical(std::uint64_t number) const;
  [[nodiscard]] StoredResult<std::optional<Hash256>> canonical_hash(std::uint64_t number) const;
  /// Calls `visit` for every block with at least that number, by ascending number. Stops at false.
  [[nodiscard]] Status<storage::StorageError> for_each_from(
      std::uint64_t first, const std::function<bool(const BlockEntry&)>& visit) const;

  /// The whole block; nothing if its body is pruned.
  [[nodiscard]] StoredResult<std::optional<Block>> block(const BlockEntry& entry) const;
  /// What a canonical block did; nothing if it is pruned.
  [[nodiscard]] StoredResult<std::optional<BlockOutcome>> outcome(const BlockEntry& entry) const;
  /// Where a canonical transaction stands, one of state sync before Madhugiri included, whose index
  /// is one behind the last.
  [[nodiscard]] StoredResult<std::optional<TransactionPlace>> transaction(
      const Hash256& hash) const;
  /// The producers after the end of a sprint, before Rio; null of any other block.
  [[nodiscard]] StoredResult<ProducerSet> producers(const BlockEntry& entry) const;

  [[nodiscard]] StoredResult<std::optional<Bytes>> meta(MetaRecord which) const;
  void put_meta(storage::Batch& batch, MetaRecord which, ByteView record) const;
  void remove_meta(storage::Batch& batch, MetaRecord which) const;
  /// A meta record by its reader, such as decode_fixed_block().
  template <class T>
  [[nodiscard]] StoredResult<std::optional<T>> read_meta(
      MetaRecord which, Result<T, DecodeError> (*decode)(ByteView)) const {
    ASSIGN_OR_RETURN(const std::optional<Bytes> record, meta(which));
    if (!record) return std::optional<T>();
    auto value = decode(*record);
    if (!value.ok()) return Failure{malformed(value.error())};
    return std::optional<T>(std::move(value).value());
  }

  /// A block that was found right.
  void put_block(storage::Batch& batch, const BlockEntry& entry, const Block& block) const;
  void put_producers(storage::Batch& batch, const BlockEntry& entry, const ValidatorSet& set) const;
  /// Makes a block that is put the canonical one of its number. `hashes`: of its transactions.
  void put_canonical(storage::Batch& batch, const BlockEntry& entry, const BlockOutcome& outcome,
                     std::span<const Hash256> hashes) const;
  /// The canonical block of the number, which must be the head's, is none any more; it stays kept.
  [[nodiscard]] Status<storage::StorageError> drop_canonical(storage::Batch& batch,
                                                             std::uint64_t number) const;
  /// Removes body, outcome and places of the canonical block of that number.
  [[nodiscard]] Status<storage::StorageError> prune(storage::Batch& batch,
                                                    std::uint64_t number) const;
  /// Removes a block that is not canonical.
  void forget(storage::Batch& batch, const BlockEntry& entry);
  /// Removes the blocks of that number that are not canonical.
  [[nodiscard]] Status<storage::StorageError> forget_sides(storage::Batch& batch,
                                                           std::uint64_t number);
  Status<storage::StorageError> write(const storage::Batch& batch, storage::Durability durability);

  /// Holds an entry that was written, to spare reads.
  void remember(EntryPtr entry);

 private:
  struct HashOfHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const Hash256& key) const noexcept { return std::hash<Hash256>{}(key); }
  };

  static storage::StorageError malformed(const DecodeError& error);
  [[nodiscard]] StoredResult<std::optional<Bytes>> get(storage::Family family, ByteView key) const;
  [[nodiscard]] StoredResult<EntryPtr> read_entry(std::uint64_t number, const Hash256& hash) const;
  /// Removes what places tell of the block's transactions.
  [[nodiscard]] Status<storage::StorageError> remove_places(storage::Batch& batch,
                                                            const BlockEntry& entry) const;

  storage::Database& database_;
  BlockTables tables_;
  mutable state::BoundedCache<Hash256, EntryPtr, HashOfHash> entries_;
};

}  // namespace buri::execution::chain
