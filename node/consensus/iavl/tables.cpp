#include "node/consensus/iavl/tables.hpp"

#include <algorithm>

namespace buri::consensus::iavl {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
/// Page numbers in one record, so that pruning goes in small steps.
constexpr std::size_t kDeadPagesPerRecord = 4096;

constexpr storage::FamilySpec kFamilies[] = {
    {.name = "iavl_state",
     .block_bytes = 8 << 10,
     .filter_suffix_bytes = kStateVersionBytes,
     .write_buffer_bytes = 16 * kMiB},
    // Hashes do not shrink. Page numbers rise, so that pages are written in order.
    {.name = "iavl_page",
     .block_bytes = 4 << 10,
     .write_buffer_bytes = 64 * kMiB,
     .compress = false},
    {.name = "iavl_anchor", .filter_bits_per_key = 0, .write_buffer_bytes = 1 * kMiB},
    {.name = "iavl_dead_page", .filter_bits_per_key = 0, .write_buffer_bytes = 8 * kMiB},
    {.name = "iavl_change", .filter_bits_per_key = 0, .write_buffer_bytes = 16 * kMiB},
    {.name = "iavl_commit",
     .filter_bits_per_key = 0,
     .write_buffer_bytes = 4 * kMiB,
     .compress = false},
    {.name = "iavl_meta", .filter_bits_per_key = 0, .write_buffer_bytes = 1 * kMiB},
};

std::string at_height(std::string_view what, std::int64_t height) {
  return std::string(what) + " of height " + std::to_string(height);
}

}  // namespace

storage::StorageError corruption(std::string detail) {
  return {storage::StorageError::Kind::kCorruption, std::move(detail)};
}

std::vector<storage::FamilySpec> Tables::families() {
  return {std::begin(kFamilies), std::end(kFamilies)};
}

Tables::Tables(storage::Database& opened, std::size_t stores)
    : database(&opened),
      store_count(stores),
      state(storage::opened_family(opened, "iavl_state")),
      pages(storage::opened_family(opened, "iavl_page")),
      anchors(storage::opened_family(opened, "iavl_anchor")),
      dead_pages(storage::opened_family(opened, "iavl_dead_page")),
      changes(storage::opened_family(opened, "iavl_change")),
      commits(storage::opened_family(opened, "iavl_commit")),
      meta(storage::opened_family(opened, "iavl_meta")) {}

Result<std::optional<std::int64_t>, Tables::Error> Tables::last_height(storage::Family family,
                                                                       std::int64_t at_most) const {
  const auto records = database->iterate(family);
  records->seek_for_previous(height_key(at_most));
  if (!records->valid()) {
    RETURN_IF_ERROR(records->status());
    return std::optional<std::int64_t>{};
  }
  if (records->key().size() != 8) return Failure{corruption("a height's key has another length")};
  return std::optional(height_of(records->key()));
}

Result<Anchor, Tables::Error> Tables::anchor_at(std::int64_t at_most) const {
  ASSIGN_OR_RETURN(const auto height, last_height(anchors, at_most));
  if (!height) {
    return Anchor{.height = 0, .next_page = 1, .roots = std::vector<PageReference>(store_count)};
  }
  Bytes record;
  ASSIGN_OR_RETURN(const bool found, database->get(anchors, height_key(*height), record));
  auto anchor = found ? decode_anchor(*height, record, store_count) : std::nullopt;
  if (!anchor) return Failure{corruption(at_height("the anchor", *height) + " cannot be read")};
  return std::move(*anchor);
}

Result<std::vector<ChangedKey>, Tables::Error> Tables::changes_of(std::int64_t height) const {
  Bytes record;
  ASSIGN_OR_RETURN(const bool found, database->get(changes, height_key(height), record));
  auto changed = found ? decode_changed_keys(record, store_count) : std::nullopt;
  if (!changed) return Failure{corruption(at_height("the changes", height) + " cannot be read")};
  return std::move(*changed);
}

Result<std::optional<std::vector<Hash256>>, Tables::Error> Tables::roots_of(
    std::int64_t height) const {
  Bytes record;
  ASSIGN_OR_RETURN(const bool found, database->get(commits, height_key(height), record));
  if (!found) return std::optional<std::vector<Hash256>>{};
  auto roots = decode_roots(record, store_count);
  if (!roots) return Failure{corruption(at_height("the roots", height) + " cannot be read")};
  return roots;
}

Result<std::int64_t, Tables::Error> Tables::mark(std::string_view name) const {
  Bytes record;
  ASSIGN_OR_RETURN(const bool found, database->get(meta, as_bytes(name), record));
  if (!found) return std::int64_t{0};
  if (record.size() != 8) return Failure{corruption("the mark " + std::string(name) + " is torn")};
  return height_of(record);
}

void Tables::put_mark(storage::Batch& batch, std::string_view name, std::int64_t height) const {
  batch.put(meta, as_bytes(name), height_key(height));
}

void Tables::put_anchor(storage::Batch& batch, const Anchor& anchor,
                        std::span<const PageId> dead) const {
  batch.put(anchors, height_key(anchor.height), encode_anchor(anchor));
  for (std::uint64_t part = 0; !dead.empty(); ++part) {
    const auto some = dead.first(std::min(dead.size(), kDeadPagesPerRecord));
    dead = dead.subspan(some.size());
    Bytes key;
    append(key, height_key(anchor.height));
    append(key, page_key(part));
    batch.put(dead_pages, key, encode_pages(some));
  }
}

Status<Tables::Error> Tables::replay(Forest& forest, std::int64_t from, std::int64_t to,
                                     std::optional<TreeIndex> only_store) const {
  Bytes state_key;
  Bytes value;
  for (std::int64_t height = from + 1; height <= to; ++height) {
    ASSIGN_OR_RETURN(const std::vector<ChangedKey> changed, changes_of(height));
    for (const ChangedKey& change : changed) {
      if (only_store && change.store != *only_store) continue;
      if (change.removed) {
        RETURN_IF_ERROR(forest.remove(change.store, change.key, height));
        continue;
      }
      state_key.clear();
      append_state_prefix(state_key, change.store, change.key);
      append_state_version(state_key, height);
      ASSIGN_OR_RETURN(const bool found, database->get(state, state_key, value));
      if (!found || value.empty() || value[0] != kPresentMark) {
        return Failure{corruption(at_height("a value", height) + " is missing")};
      }
      RETURN_IF_ERROR(forest.set(change.store, change.key, ByteView(value).subspan(1), height));
    }
  }
  forest.hash_changes();
  return Unit{};
}

}  // namespace buri::consensus::iavl
