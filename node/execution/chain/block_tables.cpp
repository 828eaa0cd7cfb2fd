#include "node/execution/chain/block_tables.hpp"

#include "node/execution/state/tables.hpp"
#include "node/storage/schema.hpp"

namespace buri::execution::chain {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

}  // namespace

std::vector<storage::FamilySpec> block_families() {
  return {
      {.name = "block_entry", .write_buffer_bytes = 8 * kMiB},
      {.name = "block_body", .block_bytes = std::size_t{32} << 10, .filter_bits_per_key = 0},
      {.name = "block_outcome", .block_bytes = std::size_t{32} << 10, .filter_bits_per_key = 0},
      {.name = "block_producers", .filter_bits_per_key = 0, .write_buffer_bytes = kMiB},
      {.name = "block_number", .block_bytes = 4096, .write_buffer_bytes = 4 * kMiB},
      {.name = "block_canonical", .filter_bits_per_key = 0, .write_buffer_bytes = 4 * kMiB},
      {.name = "block_transaction", .block_bytes = 4096, .write_buffer_bytes = 16 * kMiB},
      {.name = "block_meta", .write_buffer_bytes = kMiB},
  };
}

BlockTables open_block_tables(const storage::Database& database) {
  return {.entry = storage::opened_family(database, "block_entry"),
          .body = storage::opened_family(database, "block_body"),
          .outcome = storage::opened_family(database, "block_outcome"),
          .producers = storage::opened_family(database, "block_producers"),
          .number = storage::opened_family(database, "block_number"),
          .canonical = storage::opened_family(database, "block_canonical"),
          .transaction = storage::opened_family(database, "block_transaction"),
          .meta = storage::opened_family(database, "block_meta")};
}

std::vector<storage::FamilySpec> execution_families() {
  std::vector<storage::FamilySpec> families = state::state_families();
  for (const storage::FamilySpec& family : block_families()) families.push_back(family);
  families.push_back(storage::kSchemaFamily);
  return families;
}

Bytes block_key(std::uint64_t number, const Hash256& hash) {
  Bytes key = state::number_key(number);
  append(key, hash);
  return key;
}

}  // namespace buri::execution::chain
