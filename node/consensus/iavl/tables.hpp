#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "node/consensus/iavl/height_store.hpp"
#include "node/consensus/iavl/records.hpp"
#include "node/storage/database.hpp"

/// The multistore's column families and the reading of their records. Private to
/// node/consensus/iavl; docs/formats/iavl-store.md describes them.

namespace buri::consensus::iavl {

struct Tables {
  using Error = storage::StorageError;

  static std::vector<storage::FamilySpec> families();
  /// REQUIRES: the database has the families.
  Tables(storage::Database& opened, std::size_t stores);

  storage::Database* database;
  std::size_t store_count;
  storage::Family state;
  storage::Family pages;
  storage::Family anchors;
  storage::Family dead_pages;
  storage::Family changes;
  storage::Family commits;
  storage::Family meta;

  /// The last height up to `at_most` that has a record in a family keyed by heights.
  [[nodiscard]] Result<std::optional<std::int64_t>, Error> last_height(storage::Family family,
                                                                       std::int64_t at_most) const;
  /// The last anchor up to `at_most`; that of empty trees at height 0 if there is none.
  [[nodiscard]] Result<Anchor, Error> anchor_at(std::int64_t at_most) const;
  /// What a height changed. Missing is an error.
  [[nodiscard]] Result<std::vector<ChangedKey>, Error> changes_of(std::int64_t height) const;
  [[nodiscard]] Result<std::optional<std::vector<Hash256>>, Error> roots_of(
      std::int64_t height) const;
  /// A height remembered by name; 0 if there is none.
  [[nodiscard]] Result<std::int64_t, Error> mark(std::string_view name) const;
  void put_mark(storage::Batch& batch, std::string_view name, std::int64_t height) const;

  /// Adds an anchor and the pages that die with it.
  void put_anchor(storage::Batch& batch, const Anchor& anchor, std::span<const PageId> dead) const;
  [[nodiscard]] PageSource page_source() const { return {database, pages}; }
  [[nodiscard]] StateSource state_source(ValueCache* cache) const {
    return {database, state, cache};
  }

  /// Applies the changes of heights `from` + 1 to `to` again, of one store or of all.
  Status<Error> replay(Forest& forest, std::int64_t from, std::int64_t to,
                       std::optional<TreeIndex> only_store) const;

  // Names of marks.
  static constexpr std::string_view kOldest = "oldest";      ///< height kept
  static constexpr std::string_view kPruned = "pruned";      ///< height that pruning has reached
  static constexpr std::string_view kImported = "imported";  ///< first height, if it was imported
};

storage::StorageError corruption(std::string detail);

}  // namespace buri::consensus::iavl
