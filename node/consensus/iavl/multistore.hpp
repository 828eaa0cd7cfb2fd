#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "accel/engine.hpp"
#include "node/consensus/iavl/proof.hpp"
#include "node/consensus/store/branch.hpp"
#include "node/storage/database.hpp"

/// The state machine's stores with their history: IAVL trees whose roots make the app hash
/// (spec/heimdall.md 3), and the keys and values of every kept height. docs/formats/iavl-store.md
/// says how they stand on disk.

namespace buri::consensus::iavl {

class Forest;
class Pruner;
class ValueCache;
struct Tables;

/// The twelve stores of Heimdall v2, sorted.
std::vector<std::string> heimdall_stores();

/// How a multistore is kept. Memory: tree_cache_bytes, value_cache_bytes and the database's own.
struct MultistoreOptions {
  std::vector<std::string> stores = heimdall_stores();  ///< ascending, at most 255
  std::size_t tree_cache_bytes = std::size_t{512} << 20;
  std::size_t value_cache_bytes = std::size_t{64} << 20;
  /// Heights between anchors, which bound what is applied again at start and for old proofs.
  std::int64_t anchor_interval_heights = 256;
  std::int64_t kept_heights = 0;  ///< older ones are pruned; 0 keeps all
  /// Whether a thread of its own does maintain()'s work.
  bool background = true;
};

/// The roots of a height.
struct CommitInfo {
  std::int64_t height = 0;
  std::vector<Hash256> roots;  ///< one per store
  Hash256 app_hash;

  friend bool operator==(const CommitInfo&, const CommitInfo&) = default;
};

/// The app hash: the root of an RFC 6962 tree over the stores' names and roots.
Hash256 app_hash(accel::Engine& crypto, const std::vector<std::string>& stores,
                 const std::vector<Hash256>& roots);

/// Proves what a key holds: under its store's root, and that under the app hash.
struct StateProof {
  std::optional<Bytes> value;  ///< nothing: the key is absent
  CommitmentProof key_proof;
  ExistenceProof store_proof;

  /// As /abci_query returns them: "ics23:iavl", then "ics23:simple".
  [[nodiscard]] std::vector<ProofOperation> operations() const;
};

class Multistore;
class TreeImport;
class TreeSink;

/// Takes keys in any order straight to the database. A key set twice has the last value. Nothing
/// counts until finish(); then view(0) shows it, and the first apply() makes one height of it and
/// of its branch. One thread at a time.
class Import {
 public:
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;
  ~Import();

  Status<storage::StorageError> set(std::size_t store, ByteView key, ByteView value);
  Status<storage::StorageError> remove(std::size_t store, ByteView key);
  Status<storage::StorageError> finish();

  /// The stores as they are so far. What is written after an iterator was made does not show in it.
  [[nodiscard]] std::vector<store::Store*> stores();

 private:
  friend class Multistore;
  class ImportStore;
  Import(Multistore& owner, std::int64_t height);
  /// Writes the batch when it is large enough.
  Status<storage::StorageError> write_some();
  Status<storage::StorageError> write_all();
  Bytes state_key(std::size_t store, ByteView key) const;

  Multistore& owner_;
  std::int64_t height_;
  storage::Batch batch_;
  std::vector<std::unique_ptr<ImportStore>> stores_;
};

/// The stores at one height. The height stays readable while the view exists, whatever is written,
/// pruned or rolled back meanwhile (a rollback below it excepted: REQUIRES). Stores are
/// thread-safe.
class View {
 public:
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View();

  [[nodiscard]] std::int64_t height() const { return height_; }
  [[nodiscard]] store::ReadStore& store(std::size_t index) const { return *stores_[index]; }
  /// What a Branch is made over.
  [[nodiscard]] std::vector<store::ReadStore*> stores() const;

 private:
  friend class Multistore;
  View(Multistore& owner, std::int64_t height) : owner_(owner), height_(height) {}

  Multistore& owner_;
  std::int64_t height_;
  std::vector<std::unique_ptr<store::ReadStore>> stores_;
};

/// See the top of this file. One thread writes; any number may read, prove and call maintain()
/// meanwhile. After an error of apply() or publish() nothing can be written until it is opened
/// anew.
class Multistore {
 public:
  using Error = storage::StorageError;

  /// The column families that the database must be opened with.
  static std::vector<storage::FamilySpec> families();

  /// Opens what stands in the database at its last complete height; an empty one has height 0. What
  /// a crash left of unfinished work is removed. `database` and `crypto` outlive the multistore.
  static Result<std::unique_ptr<Multistore>, Error> open(storage::Database& database,
                                                         accel::Engine& crypto,
                                                         const MultistoreOptions& options);
  ~Multistore();
  Multistore(const Multistore&) = delete;
  Multistore& operator=(const Multistore&) = delete;

  [[nodiscard]] const std::vector<std::string>& store_names() const { return options_.stores; }
  /// The index of a store; nothing if there is none of that name.
  [[nodiscard]] std::optional<std::size_t> store_index(std::string_view name) const;

  /// The newest height that readers see, and the oldest; 0 if there is none.
  [[nodiscard]] std::int64_t height() const;
  [[nodiscard]] std::int64_t oldest_height() const;
  /// Nothing if that height is not kept.
  Result<std::optional<CommitInfo>, Error> commit_info(std::int64_t height) const;
  /// Nothing if that height is not kept. Before the first height, height 0 can be viewed: it is
  /// empty or what was imported.
  std::unique_ptr<View> view(std::int64_t height);
  /// Proves `key` of a store; nothing if the height is not kept. ICS-23 has no proof for an empty
  /// store: as stock's, that of an absent key then names no neighbour, and no verifier takes it.
  /// Old heights may take some milliseconds.
  Result<std::optional<StateProof>, Error> prove(std::int64_t height, std::size_t store,
                                                 ByteView key);

  /// Applies a branch over the newest height as the next one: changes the trees, and adds what is
  /// to be written to `batch`. The caller writes the batch, perhaps with more in it, and then calls
  /// publish(). REQUIRES: `height` follows height(), which is free for the first; no height is
  /// applied and not published; keys are at most 65535 bytes long.
  Result<CommitInfo, Error> apply(std::int64_t height, store::Branch& branch,
                                  storage::Batch& batch);
  /// Shows the applied height to readers. REQUIRES: its batch is written.
  Status<Error> publish();
  /// apply(), write and publish().
  Result<CommitInfo, Error> commit(std::int64_t height, store::Branch& branch,
                                   storage::Durability durability);

  /// Does a slice of background work: writing an anchor, then pruning. False if there is none.
  /// Takes some milliseconds; waits for an apply() under way. With MultistoreOptions::background a
  /// thread calls it.
  Result<bool, Error> maintain();
  /// Lets heights below `height` go; maintain() then removes them. What is kept begins at an
  /// anchor, so somewhat more than asked for may stay.
  Status<Error> prune(std::int64_t height);
  /// Makes an anchor of the newest height now, so that the next start applies nothing again.
  Status<Error> write_anchor();
  /// Removes all heights above `height`, newest first, so that a crash leaves one of them.
  /// REQUIRES: `height` is kept; no view of a higher one exists; nothing is applied and not
  /// published.
  Status<Error> roll_back(std::int64_t height);

  /// Gives a height's trees to `sink` (tree_stream.hpp), in memory that does not grow with them but
  /// with what changed since the anchor before. REQUIRES: the height is kept.
  Status<Error> export_trees(std::int64_t height, TreeSink& sink);
  /// Begins to build `height` from such a stream. REQUIRES: height() is 0; nothing else is written
  /// before the import is finished.
  Result<std::unique_ptr<TreeImport>, Error> import_trees(std::int64_t height);

  /// Keys of all stores at the newest height.
  [[nodiscard]] std::uint64_t key_count() const;
  /// Bytes of tree nodes in memory.
  [[nodiscard]] std::size_t tree_bytes() const;

  /// Begins to import what the first height starts from, which then is `height`: for a genesis that
  /// memory does not hold. Drops an earlier import that was not finished. REQUIRES: height() is 0.
  Result<std::unique_ptr<Import>, Error> import_first(std::int64_t height);
  /// The first height, if what it starts from was imported and no block has come since; 0
  /// otherwise.
  [[nodiscard]] std::int64_t imported_height() const;

 private:
  friend class Import;
  friend class TreeImport;
  friend class View;
  class Worker;

  Multistore(storage::Database& database, accel::Engine& crypto, const MultistoreOptions& options);
  Status<Error> load();
  Status<Error> check_names();
  Status<Error> load_forest();
  Status<Error> check_roots() const;
  [[nodiscard]] bool keeps(std::int64_t height) const;
  void release_view(std::int64_t height);

  Status<Error> apply_store(std::size_t index, const store::KeyWrites& writes, std::int64_t height,
                            storage::Batch& batch);
  Result<std::size_t, Error> warm_some(std::uint32_t tree, store::KeyWrites::const_iterator& ahead,
                                       store::KeyWrites::const_iterator end);
  CommitInfo info_of(std::int64_t height, std::vector<Hash256> roots) const;

  // multistore_maintain.cpp
  void begin_anchor(bool now);
  Result<bool, Error> anchor_slice();
  Status<Error> finish_anchor();
  Status<Error> finish_anchor_if_late();

  // multistore_history.cpp
  struct ReplayStart;
  Result<ReplayStart, Error> hold_replay_start(std::int64_t height);
  Status<Error> forget_anchors_above(std::int64_t height);
  Status<Error> forget_height(std::int64_t height);
  Result<std::optional<StateProof>, Error> prove_in(Forest& forest, const CommitInfo& info,
                                                    std::size_t store, ByteView key);

  // multistore_stream.cpp
  Result<CommitInfo, Error> finish_trees(std::int64_t height, const Hash256& app_hash);

  // multistore_import.cpp
  Status<Error> forget_import();
  Status<Error> spill_forest();
  Status<Error> build_forest(std::int64_t height, const std::vector<store::ReadStore*>& stores);

  accel::Engine& crypto_;
  MultistoreOptions options_;
  std::unique_ptr<Tables> tables_;
  std::unique_ptr<ValueCache> cache_;
  std::unique_ptr<Pruner> pruner_;

  std::mutex maintain_mutex_;  ///< one maintain() at a time; taken before the others

  /// Guards the forest and what follows.
  mutable std::mutex forest_mutex_;
  std::unique_ptr<Forest> forest_;
  std::optional<CommitInfo> applied_;  ///< not yet published
  std::int64_t anchor_height_ = 0;     ///< of the last anchor begun
  Bytes changes_;                      ///< record of the height being applied

  /// Guards the heights and the views; held shortly, taken last.
  mutable std::mutex heights_mutex_;
  std::int64_t height_ = 0;
  std::int64_t oldest_ = 0;
  std::int64_t imported_ = 0;  ///< first height, if it was imported and is not committed yet
  std::multiset<std::int64_t> viewed_;

  std::unique_ptr<Worker> worker_;
};

}  // namespace buri::consensus::iavl
