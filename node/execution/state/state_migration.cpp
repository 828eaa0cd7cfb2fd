#include "node/execution/state/state_migration.hpp"

#include "node/execution/state/tables.hpp"
#include "node/execution/state/trie_node.hpp"

namespace buri::execution::state {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{4} << 20;

}  // namespace

Status<storage::StorageError> remove_stored_leaves(storage::Database& database,
                                                   storage::Batch& batch) {
  const Tables tables = open_tables(database);
  for (const storage::Family family : {tables.account_node, tables.slot_node}) {
    const auto nodes = database.iterate(family);
    for (nodes->seek({}); nodes->valid(); nodes->next()) {
      const auto node = decode_node(nodes->value());
      if (!node.ok() || node->kind != TrieNode::Kind::kLeaf) continue;
      batch.remove(family, nodes->key());
      if (batch.size_bytes() < kBatchBytes) continue;
      RETURN_IF_ERROR(database.write(batch, storage::Durability::kOrdered));
      batch.clear();
    }
    RETURN_IF_ERROR(nodes->status());
  }
  return Unit{};
}

}  // namespace buri::execution::state
