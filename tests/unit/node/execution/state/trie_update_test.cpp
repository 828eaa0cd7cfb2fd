#include "node/execution/state/trie_update.hpp"

#include <gtest/gtest.h>

#include "accel/hasher.hpp"
#include "base/random.hpp"
#include "node/execution/state/trie_hash.hpp"
#include "tests/support/execution/memory_nodes.hpp"
#include "tests/support/execution/naive_trie.hpp"

namespace buri::execution::state {
namespace {

using buri::testing::MemoryNodes;
using buri::testing::naive_trie_root;
using Entries = std::map<Bytes, Bytes>;

HashBatch counted_hashes(std::size_t& calls) {
  return [&calls](std::span<const ByteView> messages, std::span<Hash256> digests) {
    ++calls;
    accel::best_hasher().keccak256_batch(messages, digests);
  };
}
const HashBatch kHashes = accel::best_hasher().keccak256_batch;

std::vector<TrieChange> borrow(const Entries& changes) {
  std::vector<TrieChange> borrowed;
  for (const auto& [key, value] : changes) borrowed.push_back({key, value});
  return borrowed;
}

/// Applies the changes to the trie in `nodes` and returns its new root.
Hash256 apply(MemoryNodes& nodes, const Hash256& root, const Entries& changes) {
  TrieUpdate update(root, nodes);
  const auto applied = update.apply(borrow(changes));
  EXPECT_TRUE(applied.ok()) << applied.error().detail;
  TrieUpdate* const updates[] = {&update};
  hash_tries(updates, kHashes);
  update.write(nodes);
  EXPECT_EQ(update.is_changed(), update.root() != root);
  return update.root();
}

/// How keys and values are drawn: few nibbles make the shapes collide.
struct Shape {
  std::uint64_t seed;
  std::size_t min_key_bytes;
  std::size_t max_key_bytes;
  unsigned alphabet;
  std::size_t max_value_bytes;
};

class TrieOfShape : public ::testing::TestWithParam<Shape> {
 protected:
  Bytes random_key() {
    const Shape& shape = GetParam();
    Bytes key(shape.min_key_bytes + random_.below(shape.max_key_bytes - shape.min_key_bytes + 1));
    for (std::uint8_t& byte : key) {
      byte = static_cast<std::uint8_t>(random_.below(shape.alphabet) << 4 |
                                       random_.below(shape.alphabet));
    }
    return key;
  }

  Entries random_changes() {
    Entries changes;
    const double removals = random_.chance(0.5) ? 0.9 : 0.3;
    const std::uint64_t count = 1 + random_.below(12);
    for (std::uint64_t i = 0; i < count; ++i) {
      Bytes value;
      if (!random_.chance(removals)) {
        value.resize(1 + random_.below(GetParam().max_value_bytes));
        random_.fill(value);
      }
      changes[random_key()] = std::move(value);
    }
    return changes;
  }

  SeededRandom random_{GetParam().seed};
};

void take_over(Entries& entries, const Entries& changes) {
  for (const auto& [key, value] : changes) {
    if (value.empty()) {
      entries.erase(key);
    } else {
      entries[key] = value;
    }
  }
}

TEST_P(TrieOfShape, EqualsTheSlowTrieAfterEveryBatchAndKeepsNoStrayNode) {
  MemoryNodes nodes;
  Entries entries;
  Hash256 root = kEmptyRoot;
  for (int step = 0; step < 400 && entries.size() < 500; ++step) {
    const Entries changes = random_changes();
    root = apply(nodes, root, changes);
    take_over(entries, changes);
    ASSERT_EQ(root, naive_trie_root(entries)) << "step " << step;
    MemoryNodes fresh;
    ASSERT_EQ(apply(fresh, kEmptyRoot, entries), root);
    ASSERT_EQ(nodes.nodes, fresh.nodes) << "step " << step;
  }
}

TEST_P(TrieOfShape, TakesSeveralBatchesBeforeItIsHashed) {
  MemoryNodes nodes;
  Entries entries;
  Hash256 root = kEmptyRoot;
  for (int step = 0; step < 60; ++step) {
    TrieUpdate update(root, nodes);
    for (int part = 0; part < 4; ++part) {
      const Entries changes = random_changes();
      ASSERT_TRUE(update.apply(borrow(changes)).ok());
      take_over(entries, changes);
    }
    TrieUpdate* const updates[] = {&update};
    hash_tries(updates, kHashes);
    update.write(nodes);
    root = update.root();
    MemoryNodes fresh;
    ASSERT_EQ(root, naive_trie_root(entries)) << "step " << step;
    ASSERT_EQ(apply(fresh, kEmptyRoot, entries), root);
    ASSERT_EQ(nodes.nodes, fresh.nodes) << "step " << step;
  }
}

/// Nodes of which leaves are not kept: they are made of the entries.
class NodesAndEntries final : public NodeSource {
 public:
  MemoryNodes kept;
  Entries entries;

  Result<bool, StateError> node(PathView path, Bytes& node) const override {
    ASSIGN_OR_RETURN(const bool found, kept.node(path, node));
    if (found) return true;
    for (const auto& [key, value] : entries) {
      const Bytes nibbles = to_nibbles(key);
      if (shared_length(nibbles, path) < path.size()) continue;
      node = encode_leaf(PathView(nibbles).subspan(path.size()), value);
      return true;
    }
    return false;
  }
};

TEST_P(TrieOfShape, KeepsAllNodesButLeavesAndKnowsThoseByWhatTheirKeysHad) {
  NodesAndEntries source;
  Hash256 root = kEmptyRoot;
  for (int step = 0; step < 100 && source.entries.size() < 500; ++step) {
    const Entries changes = random_changes();
    std::vector<TrieChange> with_before = borrow(changes);
    for (TrieChange& change : with_before) {
      const auto found = source.entries.find(Bytes(change.key.begin(), change.key.end()));
      if (found != source.entries.end() && random_.chance(0.7)) change.before = found->second;
    }
    TrieUpdate update(root, source);
    ASSERT_TRUE(update.apply(with_before).ok());
    TrieUpdate* const updates[] = {&update};
    hash_tries(updates, kHashes);
    update.write(source.kept, WrittenNodes::kAllButLeaves);
    root = update.root();
    take_over(source.entries, changes);
    MemoryNodes fresh;
    ASSERT_EQ(apply(fresh, kEmptyRoot, source.entries), root);
    std::erase_if(fresh.nodes, [](const auto& node) {
      return decode_node(node.second)->kind == TrieNode::Kind::kLeaf;
    });
    ASSERT_EQ(source.kept.nodes, fresh.nodes) << "step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, TrieOfShape,
                         ::testing::Values(Shape{1, 0, 3, 2, 4}, Shape{2, 0, 4, 3, 50},
                                           Shape{3, 2, 2, 4, 3}, Shape{4, 3, 3, 2, 40},
                                           Shape{5, 32, 32, 16, 33}, Shape{6, 4, 4, 2, 1}));

TEST(TrieUpdate, HashesALevelOfAllTriesInOneCall) {
  MemoryNodes nodes;
  std::deque<TrieUpdate> updates;
  std::vector<TrieUpdate*> pointers;
  SeededRandom random(9);
  for (int i = 0; i < 20; ++i) {
    Entries entries;
    for (int j = 0; j < 16; ++j) {
      Bytes key(32);
      random.fill(key);
      key[0] = static_cast<std::uint8_t>(j << 4);
      entries[key] = Bytes(40, 1);
    }
    updates.emplace_back(kEmptyRoot, nodes);
    ASSERT_TRUE(updates.back().apply(borrow(entries)).ok());
    pointers.push_back(&updates.back());
  }
  std::size_t calls = 0;
  hash_tries(pointers, counted_hashes(calls));
  EXPECT_EQ(calls, 2u);  // leaves, then roots
}

TEST(TrieUpdate, WritesNothingWhereNothingChanges) {
  MemoryNodes nodes;
  const Entries entries = {{{1, 2}, Bytes(40, 1)}, {{1, 3}, Bytes(40, 2)}, {{9, 9}, Bytes(40, 3)}};
  const Hash256 root = apply(nodes, kEmptyRoot, entries);
  TrieUpdate update(root, nodes);
  const Entries same = {{{1, 2}, Bytes(40, 1)}, {{1, 7}, {}}, {{5, 5}, {}}};
  ASSERT_TRUE(update.apply(borrow(same)).ok());
  EXPECT_FALSE(update.is_changed());
  std::size_t calls = 0;
  TrieUpdate* const updates[] = {&update};
  hash_tries(updates, counted_hashes(calls));
  EXPECT_EQ(calls, 0u);
  EXPECT_EQ(update.root(), root);
}

TEST(TrieUpdate, NeedsNoLeafWhoseKeyComesWithWhatItHas) {
  MemoryNodes nodes;
  const Entries entries = {{{0x12, 2}, Bytes(40, 1)}, {{0x34, 3}, Bytes(40, 2)}};
  const Hash256 root = apply(nodes, kEmptyRoot, entries);
  nodes.nodes.erase({1});
  const Bytes key = {0x12, 2};
  const Bytes before(40, 1);
  const Bytes after(40, 9);
  const TrieChange change{.key = key, .value = after, .before = before};
  TrieUpdate update(root, nodes);
  ASSERT_TRUE(update.apply({&change, 1}).ok());
  TrieUpdate* const updates[] = {&update};
  hash_tries(updates, kHashes);
  EXPECT_EQ(update.root(), naive_trie_root({{key, after}, {{0x34, 3}, Bytes(40, 2)}}));
  const TrieChange mistaken{.key = key, .value = after, .before = after};
  TrieUpdate lost(root, nodes);
  EXPECT_EQ(lost.apply({&mistaken, 1}).error().detail, "the trie node at path 01 is missing");
}

TEST(TrieUpdate, RefusesALeafThatItsParentDoesNotName) {
  MemoryNodes nodes;
  const Entries entries = {{{0x12, 2}, Bytes(40, 1)}, {{0x34, 3}, Bytes(40, 2)}};
  const Hash256 root = apply(nodes, kEmptyRoot, entries);
  nodes.nodes[{1}] = encode_leaf(Bytes{2, 0, 2}, Bytes(40, 7));
  TrieUpdate update(root, nodes);
  const auto refused = update.apply(borrow({{{0x13, 2}, Bytes(40, 9)}}));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().detail,
            "the trie node at path 01 is a leaf that its parent does not name");
}

TEST(TrieUpdate, ReportsAMissingAndAMalformedNode) {
  MemoryNodes nodes;
  const Entries entries = {{{0x12, 2}, Bytes(40, 1)}, {{0x34, 3}, Bytes(40, 2)}};
  const Hash256 root = apply(nodes, kEmptyRoot, entries);
  const Entries change = {{{0x12, 2}, Bytes(40, 9)}};
  nodes.nodes[{1}] = {0xc0};
  TrieUpdate malformed(root, nodes);
  const auto refused = malformed.apply(borrow(change));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().detail, "the trie node at path 01 is neither 2 nor 17 items");
  nodes.nodes.erase({1});
  TrieUpdate missing(root, nodes);
  const auto lost = missing.apply(borrow(change));
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().detail, "the trie node at path 01 is missing");
}

}  // namespace
}  // namespace buri::execution::state
