#include "node/execution/state/pending_nodes.hpp"

#include <algorithm>

namespace buri::execution::state {
namespace {

void add_node(storage::Batch& batch, const Tables& tables, const std::optional<Hash256>& account,
              const PathKey& path, const Bytes& node) {
  const storage::Family family = account ? tables.slot_node : tables.account_node;
  const Bytes key = node_key(account, path);
  if (node.empty()) {
    batch.remove(family, key);
  } else {
    batch.put(family, key, node);
  }
}

}  // namespace

const Bytes* PendingNodes::find(const std::optional<Hash256>& account, const PathKey& path) const {
  const Nodes* nodes = &account_nodes_;
  if (account) {
    const auto found = slot_nodes_.find(*account);
    if (found == slot_nodes_.end()) return nullptr;
    nodes = &found->second;
  }
  const auto found = nodes->find(path);
  return found == nodes->end() ? nullptr : &found->second;
}

void PendingNodes::take(std::vector<TrieWrites>&& writes) {
  for (TrieWrites& trie : writes) {
    if (!trie.nodes.empty()) take(trie.account ? slot_nodes_[*trie.account] : account_nodes_, trie);
  }
  writes.clear();
}

void PendingNodes::take(Nodes& nodes, TrieWrites& writes) {
  for (auto& [path, node] : writes.nodes) {
    const auto [place, is_new] = nodes.try_emplace(path);
    if (is_new) size_bytes_ += kEntryBytes;
    size_bytes_ = size_bytes_ + node.size() - place->second.size();
    place->second = std::move(node);
  }
}

void PendingNodes::add_to(storage::Batch& batch, const Tables& tables) const {
  const auto add_sorted = [&](const std::optional<Hash256>& account, const Nodes& nodes) {
    std::vector<const Nodes::value_type*> sorted;
    sorted.reserve(nodes.size());
    for (const auto& entry : nodes) sorted.push_back(&entry);
    std::ranges::sort(sorted, {}, [](const auto* entry) -> const PathKey& { return entry->first; });
    for (const auto* entry : sorted) add_node(batch, tables, account, entry->first, entry->second);
  };
  add_sorted({}, account_nodes_);
  std::vector<const std::pair<const Hash256, Nodes>*> tries;
  tries.reserve(slot_nodes_.size());
  for (const auto& trie : slot_nodes_) tries.push_back(&trie);
  std::ranges::sort(tries, {}, [](const auto* trie) -> const Hash256& { return trie->first; });
  for (const auto* trie : tries) add_sorted(trie->first, trie->second);
}

void add_writes(storage::Batch& batch, const Tables& tables,
                const std::vector<TrieWrites>& writes) {
  for (const TrieWrites& trie : writes) {
    for (const auto& [path, node] : trie.nodes) add_node(batch, tables, trie.account, path, node);
  }
}

}  // namespace buri::execution::state
