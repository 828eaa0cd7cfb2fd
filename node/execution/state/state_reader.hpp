#pragma once

#include "node/execution/state/bounded_cache.hpp"
#include "node/execution/state/history.hpp"
#include "node/execution/state/node_io.hpp"
#include "node/execution/state/pending_nodes.hpp"
#include "node/execution/state/tables.hpp"

/// Reads of the state at any version: caches and tables hold the head, the history what it was.

namespace buri::execution::state {

struct StateStep;

/// Bounds of the caches, in bytes of memory, roughly.
struct CacheSizes {
  std::size_t account_bytes = std::size_t{64} << 20;
  std::size_t slot_bytes = std::size_t{128} << 20;
  std::size_t node_bytes = std::size_t{128} << 20;
  std::size_t code_bytes = std::size_t{32} << 20;
};

/// Thread-safe. `database` must outlive it.
class StateReader {
 public:
  StateReader(const storage::Database& database, const CacheSizes& sizes);

  /// An account at `version`, by the hash of its address; nothing if it does not exist.
  /// REQUIRES, as for slot(): the version is pinned or not trimmed.
  Result<std::optional<AccountRecord>, StateError> account(const Hash256& hash,
                                                           std::uint64_t version);
  /// Whether the head's account need not be looked up in the database.
  [[nodiscard]] bool holds_account(const Hash256& hash) { return accounts_.get(hash).has_value(); }
  Result<U256, StateError> slot(const SlotPlace& place, std::uint64_t version);
  /// A code that some account has or had.
  Result<std::shared_ptr<const Bytes>, StateError> code(const Hash256& code_hash);
  /// A trie node of the head that is no leaf, of an account's storage or of the trie of accounts;
  /// false if there is none. REQUIRES: no take_over(), freeze() or thaw() runs.
  Result<bool, StateError> node(const std::optional<Hash256>& account, PathView path, Bytes& node);
  /// The two parts of node(): what is known without the database, else nothing; and, where nothing
  /// is, what the database holds, which is cached then.
  std::optional<bool> node_at_hand(const std::optional<Hash256>& account, PathView path,
                                   Bytes& node);
  Result<bool, StateError> stored_node(const std::optional<Hash256>& account, PathView path,
                                       Bytes& node);

  /// The head's values after a step, once the step is durable; with its nodes and the pending ones,
  /// or without. REQUIRES: if with them, the database holds what was set apart.
  void take_over(StateStep step, bool with_nodes);

  [[nodiscard]] History& history() { return history_; }
  /// REQUIRES: changed while nobody reads nodes.
  [[nodiscard]] PendingNodes& pending() { return pending_; }
  /// Sets the pending nodes apart: they stay readable and are not changed until thaw(), so that
  /// another thread may write them meanwhile. Later ones are pending again. REQUIRES: the database
  /// holds what was set apart before, and nobody reads nodes.
  const PendingNodes& freeze();
  /// Hands a part of what freeze() set apart over to the cache: all of it takes long. REQUIRES: the
  /// database holds it, and nobody reads nodes.
  void thaw();
  /// Calls visit(path) for each node of an account's storage that is not in the database yet, gone
  /// ones included; for some twice.
  template <class Visit>
  void for_each_waiting_path(const Hash256& account, Visit&& visit) const {
    frozen_.for_each_path(account, visit);
    pending_.for_each_path(account, visit);
  }
  [[nodiscard]] const Tables& tables() const { return tables_; }
  [[nodiscard]] const storage::Database& database() const { return database_; }

 private:
  struct NodeKeyHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const Bytes& key) const noexcept;
  };
  struct DigestHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const Hash256& key) const noexcept { return std::hash<Hash256>{}(key); }
  };

  Result<std::optional<AccountRecord>, StateError> head_account(const Hash256& hash,
                                                                std::uint64_t published);
  Result<U256, StateError> head_slot(const SlotPlace& place, std::uint64_t published);
  /// Hands up to `count` nodes that the tables hold over to the cache.
  void cache(PendingNodes& nodes, std::size_t count);
  /// As written to the tables; empty for a node that is gone.
  void put_node(const std::optional<Hash256>& account, const PathKey& path, Bytes&& node);

  const storage::Database& database_;
  Tables tables_;
  History history_;
  PendingNodes pending_;
  PendingNodes frozen_;  ///< older than the pending ones, on their way to the database and cache
  BoundedCache<Hash256, std::optional<AccountRecord>, DigestHash> accounts_;
  BoundedCache<SlotPlace, U256, SlotPlaceHash> slots_;
  BoundedCache<Bytes, Bytes, NodeKeyHash> nodes_;
  BoundedCache<Hash256, std::shared_ptr<const Bytes>, DigestHash> codes_;
};

/// The database's failure as the state's.
StateError from_storage(const storage::StorageError& error);

}  // namespace buri::execution::state
