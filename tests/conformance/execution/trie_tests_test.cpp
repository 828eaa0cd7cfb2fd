#include <gtest/gtest.h>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "base/json.hpp"
#include "node/execution/evm/keccak.hpp"
#include "node/execution/state/trie_hash.hpp"
#include "tests/conformance/execution/archive.hpp"
#include "tests/support/execution/memory_nodes.hpp"

/// The public trie suite, plain and secure, at once and entry by entry. What asks for the
/// neighbours of a key (trietestnextprev) is left out: the trie has no such walk, the flat tables
/// are in order.

namespace buri::testing {
namespace {

using namespace execution::state;
using Entry = std::pair<Bytes, Bytes>;

Bytes bytes_of(const JsonValue& value) {
  if (value.kind == JsonValue::Kind::kNull) return {};
  if (value.text.starts_with("0x")) return *from_hex(value.text);
  const ByteView text = as_bytes(value.text);
  return {text.begin(), text.end()};
}

/// Either a list of pairs, in order, or an object.
std::vector<Entry> read_entries(const JsonValue& in) {
  std::vector<Entry> entries;
  for (const JsonValue& child : in.children) {
    if (in.kind == JsonValue::Kind::kArray) {
      entries.emplace_back(bytes_of(child.children.at(0)), bytes_of(child.children.at(1)));
    } else {
      JsonValue key;
      key.kind = JsonValue::Kind::kString;
      key.text = child.key;
      entries.emplace_back(bytes_of(key), bytes_of(child));
    }
  }
  return entries;
}

/// Applies the entries in batches of `batch` and returns the root.
Hash256 root_of(std::span<const Entry> entries, std::size_t batch) {
  MemoryNodes nodes;
  Hash256 root = kEmptyRoot;
  for (std::size_t at = 0; at < entries.size(); at += batch) {
    std::map<Bytes, ByteView> latest;
    for (const Entry& entry : entries.subspan(at, std::min(batch, entries.size() - at))) {
      latest[entry.first] = entry.second;
    }
    std::vector<TrieChange> changes;
    for (const auto& [key, value] : latest) changes.push_back({key, value});
    TrieUpdate update(root, nodes);
    EXPECT_TRUE(update.apply(changes).ok());
    TrieUpdate* const updates[] = {&update};
    hash_tries(updates, accel::best_hasher().keccak256_batch);
    update.write(nodes);
    root = update.root();
  }
  return root;
}

const JsonValue& member(const JsonValue& object, std::string_view key) {
  for (const JsonValue& child : object.children) {
    if (child.key == key) return child;
  }
  CHECK(false, "the trie suite has another form");
  std::abort();
}

TEST(TrieTests, ReachTheExpectedRoots) {
  const auto path = fixture_path("ethereum-tests.tar.xz");
  if (!path) GTEST_SKIP() << "ethereum-tests.tar.xz is absent: set BURI_FIXTURES to its folder";
  unsigned cases = 0;
  visit_archive(*path, [&](std::string_view name, std::string_view text) {
    if (!name.starts_with("TrieTests/") || !name.ends_with(".json")) return;
    if (name.find("nextprev") != std::string_view::npos) return;
    const bool is_secure = name.find("secure") != std::string_view::npos;
    const auto suite = parse_json(text);
    ASSERT_TRUE(suite.ok()) << describe(suite.error());
    for (const JsonValue& trie_case : suite->children) {
      std::vector<Entry> entries = read_entries(member(trie_case, "in"));
      for (auto& [key, value] : entries) {
        const Hash256 digest = execution::evm::keccak256(key);
        if (is_secure) key.assign(digest.bytes.begin(), digest.bytes.end());
      }
      const std::string& expected = member(trie_case, "root").text;
      for (const std::size_t batch : {std::size_t{1}, std::size_t{3}, entries.size()}) {
        EXPECT_EQ("0x" + to_hex(root_of(entries, batch)), expected) << name << " " << trie_case.key;
      }
      ++cases;
    }
  });
  EXPECT_EQ(cases, 25u);
}

}  // namespace
}  // namespace buri::testing
