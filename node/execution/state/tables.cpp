#include "node/execution/state/tables.hpp"

namespace buri::execution::state {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

}  // namespace

std::vector<storage::FamilySpec> state_families() {
  return {
      {.name = "state_account", .block_bytes = 4096},
      {.name = "state_slot", .block_bytes = 4096},
      {.name = "state_code", .block_bytes = std::size_t{16} << 10, .write_buffer_bytes = 4 * kMiB},
      {.name = "state_account_node", .block_bytes = 4096, .compress = false},
      {.name = "state_slot_node", .block_bytes = 4096, .compress = false},
      {.name = "state_undo", .filter_bits_per_key = 0, .write_buffer_bytes = 8 * kMiB},
      {.name = "state_meta", .write_buffer_bytes = kMiB},
  };
}

Tables open_tables(const storage::Database& database) {
  return {.account = storage::opened_family(database, "state_account"),
          .slot = storage::opened_family(database, "state_slot"),
          .code = storage::opened_family(database, "state_code"),
          .account_node = storage::opened_family(database, "state_account_node"),
          .slot_node = storage::opened_family(database, "state_slot_node"),
          .undo = storage::opened_family(database, "state_undo"),
          .meta = storage::opened_family(database, "state_meta")};
}

Bytes slot_key(const Hash256& account, const Hash256& slot) {
  Bytes key;
  key.reserve(2 * Hash256::kSize);
  append(key, account);
  append(key, slot);
  return key;
}

PathKey path_key(PathView path) {
  CHECK(path.size() <= 2 * Hash256::kSize, "a path is longer than a state's");
  PathKey key((path.size() + 1) / 2 + 1, '\0');
  for (std::size_t i = 0; i < path.size(); ++i) {
    const unsigned pair = static_cast<unsigned char>(key[i / 2]);
    key[i / 2] = static_cast<char>(pair | unsigned{path[i]} << (i % 2 == 0 ? 4 : 0));
  }
  key.back() = static_cast<char>(path.size());
  return key;
}

Bytes node_key(const std::optional<Hash256>& account, const PathKey& path) {
  Bytes key;
  key.reserve((account ? Hash256::kSize : 0) + path.size());
  if (account) append(key, *account);
  append(key, as_bytes(path));
  return key;
}

Bytes number_key(std::uint64_t block_number) {
  Bytes key;
  for (int shift = 56; shift >= 0; shift -= 8) {
    key.push_back(static_cast<std::uint8_t>(block_number >> shift));
  }
  return key;
}

Bytes end_of_account(const Hash256& account) {
  Hash256 next = account;
  for (std::size_t i = Hash256::kSize; i-- > 0;) {
    if (++next.bytes[i] != 0) return {next.bytes.begin(), next.bytes.end()};
  }
  return Bytes(2 * Hash256::kSize + 1, 0xff);
}

}  // namespace buri::execution::state
