#include "node/execution/state/trie_proof.hpp"

#include <gtest/gtest.h>

#include "accel/hasher.hpp"
#include "base/random.hpp"
#include "node/execution/state/trie_hash.hpp"
#include "tests/support/execution/memory_nodes.hpp"

namespace buri::execution::state {
namespace {

using Entries = std::map<Bytes, Bytes>;

struct Trie {
  buri::testing::MemoryNodes nodes;
  Hash256 root;
};

Trie build(const Entries& entries) {
  Trie trie;
  TrieUpdate update(kEmptyRoot, trie.nodes);
  std::vector<TrieChange> changes;
  for (const auto& [key, value] : entries) changes.push_back({key, value});
  EXPECT_TRUE(update.apply(changes).ok());
  TrieUpdate* const updates[] = {&update};
  hash_tries(updates, accel::best_hasher().keccak256_batch);
  update.write(trie.nodes);
  trie.root = update.root();
  return trie;
}

Entries random_entries(SeededRandom& random, std::size_t key_bytes, std::size_t value_bytes) {
  Entries entries;
  const std::uint64_t count = random.below(60);
  for (std::uint64_t i = 0; i < count; ++i) {
    Bytes key(key_bytes);
    for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(random.below(4) * 0x15);
    entries[key] = Bytes(1 + random.below(value_bytes), static_cast<std::uint8_t>(i + 1));
  }
  return entries;
}

TEST(TrieProof, ProvesWhatIsThereAndWhatIsNot) {
  SeededRandom random(11);
  for (int round = 0; round < 60; ++round) {
    const std::size_t key_bytes = 1 + random.below(4);
    const Entries entries = random_entries(random, key_bytes, round % 2 == 0 ? 2 : 60);
    const Trie trie = build(entries);
    for (int i = 0; i < 40; ++i) {
      Bytes key(key_bytes);
      for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(random.below(5) * 0x15);
      const auto proof = build_proof(trie.root, trie.nodes, key);
      ASSERT_TRUE(proof.ok()) << proof.error().detail;
      const auto proven = verify_proof(trie.root, key, proof.value());
      ASSERT_TRUE(proven.ok()) << describe(proven.error());
      const auto found = entries.find(key);
      ASSERT_EQ(proven.value(),
                found == entries.end() ? std::nullopt : std::optional(found->second));
    }
  }
}

TEST(TrieProof, RefusesEveryTamperedProof) {
  SeededRandom random(12);
  Entries entries = random_entries(random, 4, 60);
  entries[{0x15, 0x15, 0x2a, 0}] = Bytes(50, 7);
  const Trie trie = build(entries);
  const Bytes& key = entries.begin()->first;
  const std::vector<Bytes> proof = build_proof(trie.root, trie.nodes, key).value();
  ASSERT_GT(proof.size(), 1u);
  for (std::size_t node = 0; node < proof.size(); ++node) {
    for (std::size_t byte = 0; byte < proof[node].size(); ++byte) {
      std::vector<Bytes> changed = proof;
      changed[node][byte] ^= static_cast<std::uint8_t>(1 + random.below(255));
      const auto refused = verify_proof(trie.root, key, changed);
      ASSERT_FALSE(refused.ok());
      EXPECT_EQ(refused.error(), TrieProofError::kWrongHash);
    }
  }
  std::vector<Bytes> shorter(proof.begin(), proof.end() - 1);
  EXPECT_EQ(verify_proof(trie.root, key, shorter).error(), TrieProofError::kMissingNode);
  std::vector<Bytes> longer = proof;
  longer.push_back(proof.back());
  EXPECT_EQ(verify_proof(trie.root, key, longer).error(), TrieProofError::kExtraNode);
}

TEST(TrieProof, AnEmptyTrieNeedsNoNodes) {
  const Trie trie = build({});
  EXPECT_EQ(trie.root, kEmptyRoot);
  EXPECT_TRUE(build_proof(trie.root, trie.nodes, as_bytes("key")).value().empty());
  EXPECT_EQ(verify_proof(trie.root, as_bytes("key"), {}).value(), std::nullopt);
  const std::vector<Bytes> nodes = {{0x80}};
  EXPECT_EQ(verify_proof(trie.root, as_bytes("key"), nodes).error(), TrieProofError::kExtraNode);
}

}  // namespace
}  // namespace buri::execution::state
