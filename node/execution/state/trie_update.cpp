#include "node/execution/state/trie_update.hpp"

#include <algorithm>

#include "base/hex.hpp"

namespace buri::execution::state {
namespace {

using Kind = TrieNode::Kind;

StateError bad_node(PathView path, std::string_view what) {
  return {StateError::Kind::kCorruption,
          "the trie node at path " + to_hex(path) + " is " + std::string(what)};
}

/// Appends nibbles to a path for as long as it lives.
class Deeper {
 public:
  Deeper(Bytes& path, PathView nibbles) : path_(path), length_(path.size()) {
    append(path_, nibbles);
  }
  ~Deeper() { path_.resize(length_); }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Bytes& path_;
  std::size_t length_;
};

}  // namespace

std::vector<TrieChange> trie_changes(std::span<const LeafChange> changes) {
  std::vector<TrieChange> borrowed;
  borrowed.reserve(changes.size());
  for (const LeafChange& change : changes) {
    borrowed.push_back({.key = change.key, .value = change.after, .before = change.before});
  }
  return borrowed;
}

TrieUpdate::TrieUpdate(const Hash256& root, const NodeSource& source) : source_(source) {
  if (root != kEmptyRoot) root_.stored = NodeReference::to_hash(root);
}

std::uint32_t TrieUpdate::add(Kind kind) {
  Node& node = nodes_.emplace_back();
  node.kind = kind;
  node.dirty = true;
  if (kind == Kind::kBranch) node.children = std::make_unique<Links>();
  return static_cast<std::uint32_t>(nodes_.size() - 1);
}

std::uint32_t TrieUpdate::adopt(TrieNode&& decoded) {
  const std::uint32_t index = add(decoded.kind);
  Node& node = nodes_[index];
  node.dirty = false;
  node.path = std::move(decoded.path);
  node.value = std::move(decoded.value);
  node.child.stored = decoded.child;
  if (decoded.kind != Kind::kBranch) return index;
  for (std::size_t i = 0; i < node.children->size(); ++i) {
    (*node.children)[i].stored = (*decoded.children)[i];
  }
  return index;
}

Result<std::uint32_t, StateError> TrieUpdate::load(Link& link) {
  if (link.node != kNone) return link.node;
  Bytes buffer;
  ByteView encoded = link.stored.bytes();
  if (link.stored.is_hash()) {
    ASSIGN_OR_RETURN(const bool found, source_.node(path_, buffer));
    if (!found) return Failure{bad_node(path_, "missing")};
    encoded = buffer;
  }
  auto decoded = decode_node(encoded);
  if (!decoded.ok()) return Failure{bad_node(path_, describe(decoded.error()))};
  // A leaf may come from elsewhere than the node that names it.
  if (decoded->kind == Kind::kLeaf && link.stored.is_hash() && !link.stored.is_hash_of(encoded)) {
    return Failure{bad_node(path_, "a leaf that its parent does not name")};
  }
  link.node = adopt(std::move(decoded).value());
  if (link.stored.is_hash()) loaded_.push_back({path_, link.node});
  return link.node;
}

void TrieUpdate::recognise_leaf(Link& link, const Entry& entry) {
  if (link.node != kNone || !link.stored.is_hash() || entry.before.empty()) return;
  const PathView rest = entry.path.subspan(path_.size());
  if (!link.stored.is_hash_of(encode_leaf(rest, entry.before))) return;
  TrieNode leaf;
  leaf.path.assign(rest.begin(), rest.end());
  leaf.value.assign(entry.before.begin(), entry.before.end());
  link.node = adopt(std::move(leaf));
  loaded_.push_back({path_, link.node});
}

Status<StateError> TrieUpdate::apply(std::span<const TrieChange> changes) {
  std::vector<Bytes> paths;
  paths.reserve(changes.size());
  std::vector<Entry> entries;
  entries.reserve(changes.size());
  for (const TrieChange& change : changes) {
    CHECK(change.key.size() <= 127, "a trie's keys have at most 127 bytes");
    paths.push_back(to_nibbles(change.key));
    CHECK(
        entries.empty() || std::ranges::lexicographical_compare(entries.back().path, paths.back()),
        "changes of a trie come in the order of their keys");
    entries.push_back({paths.back(), change.value, change.before});
  }
  ASSIGN_OR_RETURN(const bool changed, change(root_, entries));
  is_changed_ = is_changed_ || changed;
  is_hashed_ = is_hashed_ && !changed;
  return Unit{};
}

Result<bool, StateError> TrieUpdate::change(Link& link, Entries entries) {
  if (entries.empty()) return false;
  if (link.is_empty()) {
    link = build(entries);
    return !link.is_empty();
  }
  if (entries.size() == 1) recognise_leaf(link, entries.front());
  ASSIGN_OR_RETURN(const std::uint32_t index, load(link));
  switch (nodes_[index].kind) {
    case Kind::kLeaf:
      return change_leaf(link, entries);
    case Kind::kExtension:
      return change_extension(link, entries);
    case Kind::kBranch:
      break;
  }
  return change_branch(link, entries);
}

Result<bool, StateError> TrieUpdate::change_leaf(Link& link, Entries entries) {
  const Node& leaf = nodes_[link.node];
  Bytes path = path_;
  append(path, leaf.path);
  const auto place = std::ranges::lower_bound(
      entries, path,
      [](PathView a, PathView b) { return std::ranges::lexicographical_compare(a, b); },
      &Entry::path);
  const bool is_named = place != entries.end() && equal(place->path, path);
  std::vector<Entry> merged(entries.begin(), entries.end());
  if (!is_named) merged.insert(merged.begin() + (place - entries.begin()), {path, leaf.value, {}});
  std::erase_if(merged, [](const Entry& entry) { return entry.value.empty(); });
  if (merged.size() == 1 && equal(merged[0].path, path) && equal(merged[0].value, leaf.value)) {
    return false;
  }
  // The leaf's node stays where it is while its value is read.
  link = build_present(merged, path_.size());
  return true;
}

Result<bool, StateError> TrieUpdate::change_extension(Link& link, Entries entries) {
  Node& node = nodes_[link.node];
  const std::size_t depth = path_.size();
  const auto shared_with = [&](const Entry& entry) {
    return shared_length(node.path, entry.path.subspan(depth));
  };
  std::size_t shared = std::min(shared_with(entries.front()), shared_with(entries.back()));
  std::vector<Entry> kept;
  if (shared < node.path.size()) {
    // Keys that are not there stay so. What is left to leave the extension's path is new.
    kept.assign(entries.begin(), entries.end());
    std::erase_if(kept, [&](const Entry& entry) {
      return entry.value.empty() && shared_with(entry) < node.path.size();
    });
    if (kept.empty()) return false;
    entries = kept;
    shared = std::min(shared_with(entries.front()), shared_with(entries.back()));
  }
  if (shared < node.path.size()) return split_extension(link, shared, entries);
  {
    const Deeper deeper(path_, node.path);
    ASSIGN_OR_RETURN(const bool changed, change(node.child, entries));
    if (!changed) return false;
  }
  node.dirty = true;
  RETURN_IF_ERROR(settle_extension(link));
  return true;
}

/// A new key leaves the extension's path after `shared` nibbles: a branch comes to stand there.
Result<bool, StateError> TrieUpdate::split_extension(Link& link, std::size_t shared,
                                                     Entries entries) {
  const PathView path = nodes_[link.node].path;
  const std::uint32_t branch = add(Kind::kBranch);
  Link& side = (*nodes_[branch].children)[path[shared]];
  side = nodes_[link.node].child;
  if (shared + 1 < path.size()) {
    const std::uint32_t rest = add(Kind::kExtension);
    nodes_[rest].path.assign(path.begin() + static_cast<std::ptrdiff_t>(shared) + 1, path.end());
    nodes_[rest].child = side;
    side = link_to(rest);
  }
  Link top = link_to(branch);
  {
    const Deeper deeper(path_, path.first(shared));
    RETURN_IF_ERROR(change_branch(top, entries));
  }
  RETURN_IF_ERROR(prepend(path.first(shared), top));
  link = top;
  return true;
}

Result<bool, StateError> TrieUpdate::change_branch(Link& link, Entries entries) {
  Node& node = nodes_[link.node];
  const std::size_t depth = path_.size();
  bool changed = false;
  if (entries.front().path.size() == depth) {
    changed = !equal(node.value, entries.front().value);
    node.value.assign(entries.front().value.begin(), entries.front().value.end());
    entries = entries.subspan(1);
  }
  while (!entries.empty()) {
    const std::uint8_t nibble = entries.front().path[depth];
    std::size_t count = 1;
    while (count < entries.size() && entries[count].path[depth] == nibble) ++count;
    const Deeper deeper(path_, {&nibble, 1});
    ASSIGN_OR_RETURN(const bool child_changed,
                     change((*node.children)[nibble], entries.first(count)));
    changed = changed || child_changed;
    entries = entries.subspan(count);
  }
  if (!changed) return false;
  node.dirty = true;
  RETURN_IF_ERROR(settle_branch(link));
  return true;
}

Status<StateError> TrieUpdate::settle_branch(Link& link) {
  Node& node = nodes_[link.node];
  std::size_t count = 0;
  std::uint8_t last = 0;
  for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
    if ((*node.children)[nibble].is_empty()) continue;
    ++count;
    last = nibble;
  }
  if (count + (node.value.empty() ? 0 : 1) >= 2) return Unit{};
  if (count == 0) {
    if (node.value.empty()) {
      link = {};
      return Unit{};
    }
    const std::uint32_t leaf = add(Kind::kLeaf);
    nodes_[leaf].value = node.value;
    link = link_to(leaf);
    return Unit{};
  }
  Link rest = (*node.children)[last];
  {
    const Deeper deeper(path_, {&last, 1});
    RETURN_IF_ERROR(load(rest));
  }
  RETURN_IF_ERROR(prepend({&last, 1}, rest));
  link = rest;
  return Unit{};
}

Status<StateError> TrieUpdate::settle_extension(Link& link) {
  Node& node = nodes_[link.node];
  if (node.child.is_empty()) {
    link = {};
    return Unit{};
  }
  Link rest = node.child;
  if (nodes_[rest.node].kind == Kind::kBranch) return Unit{};
  RETURN_IF_ERROR(prepend(node.path, rest));
  link = rest;
  return Unit{};
}

Status<StateError> TrieUpdate::prepend(PathView nibbles, Link& link) {
  if (nibbles.empty() || link.is_empty()) return Unit{};
  const Node& below = nodes_[link.node];
  const std::uint32_t index = add(below.kind == Kind::kBranch ? Kind::kExtension : below.kind);
  Node& node = nodes_[index];
  node.path.assign(nibbles.begin(), nibbles.end());
  if (below.kind == Kind::kBranch) {
    node.child = link;
  } else {
    append(node.path, below.path);
    node.value = below.value;
    node.child = below.child;
  }
  link = link_to(index);
  return Unit{};
}

TrieUpdate::Link TrieUpdate::build(Entries entries) {
  std::vector<Entry> present(entries.begin(), entries.end());
  std::erase_if(present, [](const Entry& entry) { return entry.value.empty(); });
  return build_present(present, path_.size());
}

TrieUpdate::Link TrieUpdate::build_present(Entries entries, std::size_t depth) {
  if (entries.empty()) return {};
  const PathView first = entries.front().path.subspan(depth);
  if (entries.size() == 1) {
    const std::uint32_t leaf = add(Kind::kLeaf);
    nodes_[leaf].path.assign(first.begin(), first.end());
    nodes_[leaf].value.assign(entries.front().value.begin(), entries.front().value.end());
    return link_to(leaf);
  }
  const std::size_t shared = shared_length(first, entries.back().path.subspan(depth));
  const Link branch = build_branch(entries, depth + shared);
  if (shared == 0) return branch;
  const std::uint32_t extension = add(Kind::kExtension);
  nodes_[extension].path.assign(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(shared));
  nodes_[extension].child = branch;
  return link_to(extension);
}

TrieUpdate::Link TrieUpdate::build_branch(Entries entries, std::size_t depth) {
  const std::uint32_t branch = add(Kind::kBranch);
  if (entries.front().path.size() == depth) {
    nodes_[branch].value.assign(entries.front().value.begin(), entries.front().value.end());
    entries = entries.subspan(1);
  }
  while (!entries.empty()) {
    const std::uint8_t nibble = entries.front().path[depth];
    std::size_t count = 1;
    while (count < entries.size() && entries[count].path[depth] == nibble) ++count;
    (*nodes_[branch].children)[nibble] = build_present(entries.first(count), depth + 1);
    entries = entries.subspan(count);
  }
  return link_to(branch);
}

Hash256 TrieUpdate::root() const {
  CHECK(is_hashed_, "a trie's root was asked for before it was hashed");
  return root_.is_empty() ? kEmptyRoot : Hash256::from(root_.stored.bytes());
}

void TrieUpdate::write(NodeSink& sink, WrittenNodes which) const {
  CHECK(is_hashed_, "a trie was written before it was hashed");
  // A node never moves: one that is met stands where it was loaded, if it stands on its own.
  std::vector<bool> stands(nodes_.size());
  Bytes path;
  visit_below(root_, path, which, [&](const Link& link, PathView at) {
    stands[link.node] = true;
    if (nodes_[link.node].dirty) sink.put(at, nodes_[link.node].encoded);
  });
  std::vector<PathView> gone;
  for (const Loaded& loaded : loaded_) {
    if (is_written(nodes_[loaded.node], which) && !stands[loaded.node]) {
      gone.emplace_back(loaded.path);
    }
  }
  if (gone.empty()) return;
  // Where one is gone another may have come to stand.
  const auto is_before = [](PathView a, PathView b) {
    return std::ranges::lexicographical_compare(a, b);
  };
  std::ranges::sort(gone, is_before);
  std::vector<bool> is_taken(gone.size());
  visit_below(root_, path, which, [&](const Link&, PathView at) {
    const auto place = std::ranges::lower_bound(gone, at, is_before);
    if (place != gone.end() && equal(*place, at)) {
      is_taken[static_cast<std::size_t>(place - gone.begin())] = true;
    }
  });
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (!is_taken[i]) sink.remove(gone[i]);
  }
}

/// Visits, by ascending path, the places of loaded and new nodes that stand on their own.
template <class Visit>
void TrieUpdate::visit_below(const Link& link, Bytes& path, WrittenNodes which,
                             const Visit& visit) const {
  if (link.node == kNone) return;
  const Node& node = nodes_[link.node];
  if (link.stored.is_hash() && is_written(node, which)) visit(link, PathView(path));
  if (node.kind == Kind::kLeaf) return;
  const Deeper deeper(path, node.path);
  if (node.kind == Kind::kExtension) return visit_below(node.child, path, which, visit);
  for (std::uint8_t nibble = 0; nibble < 16; ++nibble) {
    const Link& child = (*node.children)[nibble];
    if (child.node == kNone) continue;
    const Deeper below(path, {&nibble, 1});
    visit_below(child, path, which, visit);
  }
}

}  // namespace buri::execution::state
