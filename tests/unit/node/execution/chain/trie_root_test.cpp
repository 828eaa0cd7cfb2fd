#include "node/execution/chain/trie_root.hpp"

#include <gtest/gtest.h>

#include "base/codec/rlp.hpp"
#include "base/random.hpp"
#include "node/execution/state/trie_node.hpp"
#include "tests/support/execution/naive_trie.hpp"

namespace buri::execution::chain {
namespace {

TEST(TrieRoot, OfNothingIsTheHashOfAnEmptyString) {
  EXPECT_EQ(trie_root({}), state::kEmptyRoot);
  EXPECT_EQ(list_root({}), state::kEmptyRoot);
}

TEST(TrieRoot, AgreesWithTheSlowWayOnListsOfAllLengths) {
  for (const std::size_t count : {1, 2, 3, 15, 16, 17, 127, 128, 129, 255, 256, 257, 700}) {
    std::vector<Bytes> values;
    std::map<Bytes, Bytes> entries;
    for (std::size_t i = 0; i < count; ++i) {
      values.emplace_back(1 + i * 7 % 40, static_cast<std::uint8_t>(i + 1));
      entries[RlpWriter().integer(i).items()] = values.back();
    }
    EXPECT_EQ(list_root(values), testing::naive_trie_root(entries)) << count << " values";
  }
}

TEST(TrieRoot, AgreesWithTheSlowWayOnRandomKeys) {
  SeededRandom random(20261126);
  for (int round = 0; round < 200; ++round) {
    std::vector<TrieEntry> list;
    std::map<Bytes, Bytes> entries;
    const std::size_t count = 1 + random.next() % 40;
    for (std::size_t i = 0; i < count; ++i) {
      Bytes key(3);
      // Few different nibbles, so that paths are long and nodes short.
      for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(random.next() & 0x13);
      entries[key] = Bytes(1 + random.next() % 3, 0x51);
    }
    for (const auto& [key, value] : entries) list.push_back({key, value});
    EXPECT_EQ(trie_root(list), testing::naive_trie_root(entries)) << "round " << round;
  }
}

}  // namespace
}  // namespace buri::execution::chain
