#pragma once

#include <optional>

#include "node/consensus/engine/light_block.hpp"
#include "node/storage/database.hpp"

/// The blocks that a light client trusts, by height (0xPolygon/cometbft v0.3.8-polygon,
/// light/store/db).

namespace buri::consensus::light {

/// Not thread-safe.
class TrustedStore {
 public:
  using Found = Result<std::optional<engine::LightBlockRecord>, std::string>;

  static std::vector<storage::FamilySpec> families();
  /// Over a database opened with families(), which must outlive it.
  explicit TrustedStore(storage::Database& database);

  [[nodiscard]] Found at(std::int64_t height) const;
  [[nodiscard]] Found first() const;
  [[nodiscard]] Found last() const;
  /// The highest below `height`.
  [[nodiscard]] Found before(std::int64_t height) const;

  /// Errors are sentences, as those above.
  Status<std::string> save(const engine::LightBlockRecord& block);
  /// Removes the lowest until `size` are left.
  Status<std::string> prune(std::size_t size);
  /// Removes all above `height`; with 0, all.
  Status<std::string> remove_above(std::int64_t height);

 private:
  Status<std::string> write(const storage::Batch& batch);

  storage::Database& database_;
  storage::Family family_;
};

}  // namespace buri::consensus::light
