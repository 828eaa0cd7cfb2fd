#include "tests/support/iavl/naive_tree.hpp"

#include <openssl/sha.h>

#include <algorithm>

#include "base/codec/protobuf_writer.hpp"

namespace buri::testing {

using Link = NaiveTree::Link;

struct NaiveTree::Node {
  int height = 0;
  std::uint64_t size = 1;
  std::int64_t version = 0;
  Bytes key;
  Bytes value;
  Link left;
  Link right;
  Hash256 hash;
};

namespace {

using Node = NaiveTree::Node;

Hash256 sha256(ByteView message) {
  Hash256 digest;
  SHA256(message.data(), message.size(), digest.data());
  return digest;
}

Link finished(Node node) {
  if (node.left) {
    node.height = 1 + std::max(node.left->height, node.right->height);
    node.size = node.left->size + node.right->size;
  }
  Bytes message;
  append_varint(message, 2 * static_cast<std::uint64_t>(node.height));
  append_varint(message, 2 * node.size);
  append_varint(message, 2 * static_cast<std::uint64_t>(node.version));
  if (node.left) {
    message.push_back(32);
    append(message, node.left->hash);
    message.push_back(32);
    append(message, node.right->hash);
  } else {
    append_varint(message, node.key.size());
    append(message, node.key);
    message.push_back(32);
    append(message, sha256(node.value));
  }
  node.hash = sha256(message);
  return std::make_shared<const Node>(std::move(node));
}

Link leaf(const Bytes& key, const Bytes& value, std::int64_t version) {
  Node node;
  node.key = key;
  node.value = value;
  node.version = version;
  return finished(std::move(node));
}

Link inner(const Bytes& key, Link left, Link right, std::int64_t version) {
  Node node;
  node.key = key;
  node.left = std::move(left);
  node.right = std::move(right);
  node.version = version;
  return finished(std::move(node));
}

int lean(const Link& node) { return node->left->height - node->right->height; }

Link turned_right(const Link& node, std::int64_t version) {
  const Link& top = node->left;
  return inner(top->key, top->left, inner(node->key, top->right, node->right, version), version);
}
Link turned_left(const Link& node, std::int64_t version) {
  const Link& top = node->right;
  return inner(top->key, inner(node->key, node->left, top->left, version), top->right, version);
}

Link balanced(const Link& node, std::int64_t version) {
  if (lean(node) > 1) {
    if (lean(node->left) >= 0) return turned_right(node, version);
    return turned_right(inner(node->key, turned_left(node->left, version), node->right, version),
                        version);
  }
  if (lean(node) < -1) {
    if (lean(node->right) <= 0) return turned_left(node, version);
    return turned_left(inner(node->key, node->left, turned_right(node->right, version), version),
                       version);
  }
  return node;
}

Link with_key(const Link& node, const Bytes& key, const Bytes& value, std::int64_t version,
              bool& replaced) {
  if (!node->left) {
    replaced = key == node->key;
    Link added = leaf(key, value, version);
    if (replaced) return added;
    return key < node->key ? inner(node->key, added, node, version)
                           : inner(key, node, added, version);
  }
  const bool to_left = key < node->key;
  const Link below = with_key(to_left ? node->left : node->right, key, value, version, replaced);
  const Link changed = to_left ? inner(node->key, below, node->right, version)
                               : inner(node->key, node->left, below, version);
  return replaced ? changed : balanced(changed, version);
}

/// What is left of `node`; `smallest` is set if its smallest key was removed and another one is
/// now.
Link without_key(const Link& node, const Bytes& key, std::int64_t version,
                 std::optional<Bytes>& smallest, bool& removed) {
  if (!node->left) {
    removed = key == node->key;
    return removed ? nullptr : node;
  }
  if (key < node->key) {
    const Link below = without_key(node->left, key, version, smallest, removed);
    if (!removed) return node;
    if (!below) {
      smallest = node->key;
      return node->right;
    }
    return balanced(inner(node->key, below, node->right, version), version);
  }
  const Link below = without_key(node->right, key, version, smallest, removed);
  if (!removed) return node;
  if (!below) return node->left;
  const Bytes split = smallest.value_or(node->key);
  smallest.reset();
  return balanced(inner(split, node->left, below, version), version);
}

}  // namespace

void NaiveTree::set(ByteView key, ByteView value, std::int64_t version) {
  const Bytes own_key(key.begin(), key.end());
  const Bytes own_value(value.begin(), value.end());
  bool replaced = false;
  root_ = root_ ? with_key(root_, own_key, own_value, version, replaced)
                : leaf(own_key, own_value, version);
}

bool NaiveTree::remove(ByteView key, std::int64_t version) {
  if (!root_) return false;
  bool removed = false;
  std::optional<Bytes> smallest;
  root_ = without_key(root_, Bytes(key.begin(), key.end()), version, smallest, removed);
  return removed;
}

Hash256 NaiveTree::root() const { return root_ ? root_->hash : sha256({}); }

void NaiveStores::apply(std::int64_t height, const std::vector<Writes>& writes) {
  for (std::size_t i = 0; i < writes.size(); ++i) {
    for (const auto& [key, value] : writes[i]) {
      if (value) {
        trees_[i].set(key, *value, height);
        content_[i][key] = *value;
      } else {
        trees_[i].remove(key, height);
        content_[i].erase(key);
      }
    }
  }
  heights_[height] = {trees_, content_};
}

void NaiveStores::roll_back(std::int64_t height) {
  heights_.erase(heights_.upper_bound(height), heights_.end());
  trees_ = heights_.at(height).trees;
  content_ = heights_.at(height).content;
}

std::vector<Hash256> NaiveStores::roots(std::int64_t height) const {
  std::vector<Hash256> result;
  for (const NaiveTree& tree : heights_.at(height).trees) result.push_back(tree.root());
  return result;
}

}  // namespace buri::testing
