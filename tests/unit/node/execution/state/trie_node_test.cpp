#include "node/execution/state/trie_node.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"

namespace buri::execution::state {
namespace {

NodeError refusal_of(std::string_view hex) {
  const auto node = decode_node(*from_hex(hex));
  EXPECT_FALSE(node.ok()) << hex;
  return node.error();
}

std::string repeated(std::string_view item, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += item;
  return text;
}

TEST(TrieNode, WritesBackWhatItReads) {
  const std::string hash = "a0" + repeated("5a", 32);
  const std::string leaf = "c22001";            // of an empty path
  const std::string extension = "e21f" + hash;  // by one nibble
  const std::string branch = "f851" + hash + hash + repeated("80", 15);
  for (const std::string& hex : {leaf, extension, branch}) {
    const auto node = decode_node(*from_hex(hex));
    ASSERT_TRUE(node.ok()) << hex << ": " << describe(node.error());
    EXPECT_EQ(to_hex(encode_node(node.value())), hex);
  }
}

TEST(TrieNode, ReadsABranchWithEmbeddedLeaves) {
  const std::string hex = "d5c22001c22002" + repeated("80", 15);
  const auto node = decode_node(*from_hex(hex));
  ASSERT_TRUE(node.ok()) << describe(node.error());
  EXPECT_EQ(node->kind, TrieNode::Kind::kBranch);
  EXPECT_EQ(to_hex((*node->children)[1].bytes()), "c22002");
  EXPECT_EQ(to_hex(encode_node(node.value())), hex);
}

TEST(TrieNode, RefusesWhatNoTrieHolds) {
  EXPECT_EQ(refusal_of(""), NodeError::kBadRlp);
  EXPECT_EQ(refusal_of("80"), NodeError::kBadRlp);
  EXPECT_EQ(refusal_of("c2200100"), NodeError::kBadRlp);
  EXPECT_EQ(refusal_of("c3200101"), NodeError::kItemCount);
  EXPECT_EQ(refusal_of("c24001"), NodeError::kBadPath);  // unknown flag
  EXPECT_EQ(refusal_of("c22101"), NodeError::kBadPath);  // padding
  EXPECT_EQ(refusal_of("c28001"), NodeError::kBadPath);  // no prefix
  EXPECT_EQ(refusal_of("c22080"), NodeError::kEmptyValue);
  EXPECT_EQ(refusal_of("c200c0"), NodeError::kEmptyPath);
  EXPECT_EQ(refusal_of("c21180"), NodeError::kExtensionTarget);
  EXPECT_EQ(refusal_of("c411c22001"), NodeError::kExtensionTarget);  // to a leaf
  EXPECT_EQ(refusal_of("c21101"), NodeError::kBadReference);
  EXPECT_EQ(refusal_of("d1" + repeated("80", 16) + "01"), NodeError::kThinBranch);
}

}  // namespace
}  // namespace buri::execution::state
