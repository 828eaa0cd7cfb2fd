#include "node/execution/state/trie_hash.hpp"

#include <algorithm>

namespace buri::execution::state {

/// One run of hash_tries().
class LevelHasher {
 public:
  explicit LevelHasher(const HashBatch& hash) : hash_(hash) {}

  void add(TrieUpdate& trie) {
    if (trie.is_hashed_) return;
    trie.is_hashed_ = true;
    collect(trie, trie.root_, true);
  }

  void run() {
    for (const std::vector<Item>& level : levels_) hash_level(level);
  }

 private:
  using Link = TrieUpdate::Link;
  using Node = TrieUpdate::Node;
  struct Item {
    Node* node;
    Link* link;
    bool is_root;
  };

  /// The number of levels that the subtree has, 0 if nothing in it is dirty.
  std::size_t collect(TrieUpdate& trie, Link& link, bool is_root);
  void hash_level(const std::vector<Item>& level);
  static void encode(Node& node);

  const HashBatch& hash_;
  std::vector<std::vector<Item>> levels_;
};

std::size_t LevelHasher::collect(TrieUpdate& trie, Link& link, bool is_root) {
  if (link.node == TrieUpdate::kNone) return 0;
  Node& node = trie.nodes_[link.node];
  if (!node.dirty) return 0;
  std::size_t below = 0;
  if (node.kind == TrieNode::Kind::kExtension) below = collect(trie, node.child, false);
  if (node.kind == TrieNode::Kind::kBranch) {
    for (Link& child : *node.children) below = std::max(below, collect(trie, child, false));
  }
  if (levels_.size() <= below) levels_.resize(below + 1);
  levels_[below].push_back({&node, &link, is_root});
  return below + 1;
}

void LevelHasher::encode(Node& node) {
  switch (node.kind) {
    case TrieNode::Kind::kLeaf:
      node.encoded = encode_leaf(node.path, node.value);
      return;
    case TrieNode::Kind::kExtension:
      node.encoded = encode_extension(node.path, node.child.stored);
      return;
    case TrieNode::Kind::kBranch:
      break;
  }
  NodeChildren children;
  for (std::size_t i = 0; i < children.size(); ++i) children[i] = (*node.children)[i].stored;
  node.encoded = encode_branch(children, node.value);
}

void LevelHasher::hash_level(const std::vector<Item>& level) {
  std::vector<ByteView> messages;
  std::vector<Link*> links;
  for (const Item& item : level) {
    encode(*item.node);
    if (item.node->encoded.size() < Hash256::kSize && !item.is_root) {
      item.link->stored = NodeReference::to_embedded(item.node->encoded);
      continue;
    }
    messages.emplace_back(item.node->encoded);
    links.push_back(item.link);
  }
  std::vector<Hash256> digests(messages.size());
  if (!messages.empty()) hash_(messages, digests);
  for (std::size_t i = 0; i < links.size(); ++i) {
    links[i]->stored = NodeReference::to_hash(digests[i]);
  }
}

void hash_tries(std::span<TrieUpdate* const> tries, const HashBatch& hash) {
  LevelHasher hasher(hash);
  for (TrieUpdate* trie : tries) hasher.add(*trie);
  hasher.run();
}

}  // namespace buri::execution::state
