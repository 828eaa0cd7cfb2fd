#include "node/execution/chain/trie_root.hpp"

#include <algorithm>

#include "accel/hasher.hpp"
#include "base/codec/rlp.hpp"
#include "node/execution/state/trie_hash.hpp"

namespace buri::execution::chain {
namespace {

/// Of a trie that is built from nothing: no node is ever asked for.
class NoNodes final : public state::NodeSource {
 public:
  Result<bool, state::StateError> node(state::PathView /*path*/, Bytes& /*node*/) const override {
    return false;
  }
};

}  // namespace

Hash256 trie_root(std::vector<TrieEntry> entries) {
  std::ranges::sort(entries, {}, &TrieEntry::key);
  std::vector<state::TrieChange> changes;
  changes.reserve(entries.size());
  for (const TrieEntry& entry : entries) changes.push_back({entry.key, entry.value});
  const NoNodes nothing;
  state::TrieUpdate trie(state::kEmptyRoot, nothing);
  CHECK(trie.apply(changes).ok(), "a trie that begins empty reads nothing");
  state::TrieUpdate* const tries[] = {&trie};
  state::hash_tries(tries, accel::best_hasher().keccak256_batch);
  return trie.root();
}

Hash256 list_root(std::span<const Bytes> values) {
  std::vector<TrieEntry> entries;
  entries.reserve(values.size());
  for (const Bytes& value : values) {
    entries.push_back({RlpWriter().integer(entries.size()).items(), value});
  }
  return trie_root(std::move(entries));
}

}  // namespace buri::execution::chain
