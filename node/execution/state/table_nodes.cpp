#include "node/execution/state/table_nodes.hpp"

#include <algorithm>

namespace buri::execution::state {
namespace {

/// The first key whose nibbles begin with a path.
Hash256 first_key(PathView path) {
  PathKey key = path_key(path);
  key.back() = '\0';  // the path's length
  key.resize(Hash256::kSize);
  return Hash256::from(as_bytes(key));
}

Bytes leaf_below(PathView path, PathView nibbles, ByteView value) {
  return encode_leaf(nibbles.subspan(path.size()), value);
}

}  // namespace

Result<bool, StateError> TableNodes::node(PathView path, Bytes& node) const {
  ASSIGN_OR_RETURN(const bool found, reader_.node(account_, path, node));
  if (found) return true;
  return leaf(path, node);
}

/// The leaf at a place where no other node stands: there is one key below it.
Result<bool, StateError> TableNodes::leaf(PathView path, Bytes& node) const {
  const auto place = std::ranges::lower_bound(ahead_, first_key(path), {}, &LeafChange::key);
  for (auto change = place; change != ahead_.end(); ++change) {
    const Bytes nibbles = to_nibbles(change->key);
    if (shared_length(nibbles, path) < path.size()) break;
    if (change->before.empty()) continue;
    node = leaf_below(path, nibbles, change->before);
    return true;
  }
  return recorded_leaf(path, node);
}

/// The same where the tables of accounts and slots know it.
Result<bool, StateError> TableNodes::recorded_leaf(PathView path, Bytes& node) const {
  const Tables& tables = reader_.tables();
  const ByteView prefix = account_ ? ByteView(*account_) : ByteView();
  Bytes start(prefix.begin(), prefix.end());
  append(start, first_key(path));
  const auto records = reader_.database().iterate(account_ ? tables.slot : tables.account);
  for (records->seek(start); records->valid(); records->next()) {
    const ByteView record_key = records->key();
    if (record_key.size() != start.size())
      return Failure{account_ ? malformed_slot(record_key) : malformed_account(record_key)};
    if (!equal(record_key.first(prefix.size()), prefix)) break;
    const Hash256 key = Hash256::from(record_key.subspan(prefix.size()));
    const Bytes nibbles = to_nibbles(key);
    if (shared_length(nibbles, path) < path.size()) break;
    if (std::ranges::binary_search(ahead_, key, {}, &LeafChange::key)) continue;
    const Bytes value = leaf_value(records->value());
    if (value.empty())
      return Failure{account_ ? malformed_slot(record_key) : malformed_account(record_key)};
    node = leaf_below(path, nibbles, value);
    return true;
  }
  const auto status = records->status();
  if (!status.ok()) return Failure{from_storage(status.error())};
  return false;
}

/// What the trie has for a record; empty where it is malformed.
Bytes TableNodes::leaf_value(ByteView record) const {
  if (account_) return slot_leaf(decode_slot(record).value_or(U256{}));
  const auto account = decode_account(record);
  return account.ok() ? account_leaf(account.value()) : Bytes();
}

}  // namespace buri::execution::state
