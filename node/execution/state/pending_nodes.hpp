#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "node/execution/state/node_io.hpp"
#include "node/execution/state/tables.hpp"
#include "node/storage/batch.hpp"

/// Trie nodes that the database does not hold yet. Blocks write the nodes near the roots again and
/// again; they are gathered here over many blocks and written once. What a crash loses of them
/// follows from the undo records and the flat tables.

namespace buri::execution::state {

/// What an update leaves of one trie.
struct TrieWrites {
  std::optional<Hash256> account;                ///< whose storage; nothing: the trie of accounts
  std::vector<std::pair<PathKey, Bytes>> nodes;  ///< in order; empty: there is none any more
};

/// Gathers the writes of one trie.
class WritesSink final : public NodeSink {
 public:
  /// `writes` must outlive it.
  explicit WritesSink(TrieWrites& writes) : writes_(writes) {}

  void put(PathView path, ByteView node) override {
    writes_.nodes.emplace_back(path_key(path), Bytes(node.begin(), node.end()));
  }
  void remove(PathView path) override { writes_.nodes.emplace_back(path_key(path), Bytes()); }

 private:
  TrieWrites& writes_;
};

/// Not thread-safe: whoever changes it does so alone.
class PendingNodes {
 public:
  /// The node as it is now, empty where there is none any more; null: the database knows.
  [[nodiscard]] const Bytes* find(const std::optional<Hash256>& account, const PathKey& path) const;

  /// Later writes win.
  void take(std::vector<TrieWrites>&& writes);

  /// Adds all of it to a batch, in the order of the tables' keys.
  void add_to(storage::Batch& batch, const Tables& tables) const;

  /// Calls visit(path) for each node of an account's storage, gone ones included.
  template <class Visit>
  void for_each_path(const Hash256& account, Visit&& visit) const {
    const auto found = slot_nodes_.find(account);
    if (found == slot_nodes_.end()) return;
    for (const auto& [path, node] : found->second) visit(path);
  }

  /// Hands up to `count` nodes over by visit(account, path, node): they are not here any more.
  template <class Visit>
  void hand_over(std::size_t count, Visit&& visit) {
    hand_over_from(account_nodes_, std::nullopt, count, visit);
    while (count > 0 && !slot_nodes_.empty()) {
      const auto first = slot_nodes_.begin();
      hand_over_from(first->second, first->first, count, visit);
      if (first->second.empty()) slot_nodes_.erase(first);
    }
    if (account_nodes_.empty() && slot_nodes_.empty()) *this = PendingNodes();
  }

  /// Memory in use, roughly.
  [[nodiscard]] std::size_t size_bytes() const { return size_bytes_; }

 private:
  struct DigestHash {
    using is_avalanching = void;  // NOLINT(readability-identifier-naming): boost's name
    std::size_t operator()(const Hash256& key) const noexcept { return std::hash<Hash256>{}(key); }
  };
  using Nodes = boost::unordered_flat_map<PathKey, Bytes>;

  static constexpr std::size_t kEntryBytes = 100;  ///< what an entry takes besides its bytes

  void take(Nodes& nodes, TrieWrites& writes);
  template <class Visit>
  void hand_over_from(Nodes& nodes, const std::optional<Hash256>& account, std::size_t& count,
                      Visit& visit) {
    for (auto at = nodes.begin(); count > 0 && at != nodes.end(); --count) {
      const auto place = at++;
      size_bytes_ -= kEntryBytes + place->second.size();
      visit(account, place->first, place->second);
      nodes.erase(place);
    }
  }

  Nodes account_nodes_;
  boost::unordered_flat_map<Hash256, Nodes, DigestHash> slot_nodes_;
  std::size_t size_bytes_ = 0;
};

/// Adds the writes of a step to a batch.
void add_writes(storage::Batch& batch, const Tables& tables, const std::vector<TrieWrites>& writes);

}  // namespace buri::execution::state
