#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "node/storage/database.hpp"

/// The version of what a database holds, written in the database itself.

namespace buri::storage {

/// The family that every database with a schema opens besides its own.
inline constexpr FamilySpec kSchemaFamily{.name = "schema",
                                          .write_buffer_bytes = std::size_t{1} << 20};

/// A step from one version to the next. `apply` adds its writes to the batch, which is written with
/// the new version; it must be repeatable, because a crash may come before that.
struct Migration {
  Status<StorageError> (*apply)(Database& database, Batch& batch);
};

/// What a program knows about a database.
struct Schema {
  std::string_view kind;                    ///< "consensus": a database of another kind is refused
  std::uint32_t version = 1;                ///< what this program writes
  std::span<const Migration> migrations{};  ///< the last one leads to `version`
};

/// Brings the database to `schema.version`: an empty one gets it, an older one is migrated step by
/// step, each step one synced batch. Errors: kNewerSchema, kMismatch (another kind, or no way from
/// that version), and those of the disk. REQUIRES: the database has kSchemaFamily.
Status<StorageError> apply_schema(Database& database, const Schema& schema);

}  // namespace buri::storage
