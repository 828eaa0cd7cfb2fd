#include "node/storage/schema.hpp"

#include <charconv>

namespace buri::storage {
namespace {

constexpr std::string_view kKey = "schema";

/// "KIND VERSION".
std::string record_of(std::string_view kind, std::uint32_t version) {
  return std::string(kind) + " " + std::to_string(version);
}

Result<std::uint32_t, StorageError> version_of(std::string_view record, std::string_view kind) {
  const std::size_t space = record.rfind(' ');
  const std::string_view found = record.substr(0, space);
  if (space == std::string_view::npos || found != kind) {
    return Failure{StorageError{StorageError::Kind::kMismatch,
                                "expected a database of kind " + std::string(kind) + ", found \"" +
                                    std::string(record) + "\""}};
  }
  std::uint32_t version = 0;
  const std::string_view digits = record.substr(space + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc{} || end != digits.data() + digits.size() || version == 0) {
    return Failure{StorageError{StorageError::Kind::kCorruption,
                                "the schema record is \"" + std::string(record) + "\""}};
  }
  return version;
}

Status<StorageError> refuse_newer(std::uint32_t found, const Schema& schema) {
  if (found <= schema.version) return Unit{};
  return Failure{StorageError{
      StorageError::Kind::kNewerSchema,
      "the database has schema " + std::to_string(found) + ", this program knows schemas up to " +
          std::to_string(schema.version) + ": start the newer program that wrote it"}};
}

}  // namespace

Status<StorageError> apply_schema(Database& database, const Schema& schema) {
  const Family family = opened_family(database, kSchemaFamily.name);
  Bytes record;
  ASSIGN_OR_RETURN(const bool found, database.get(family, as_bytes(kKey), record));
  std::uint32_t version = schema.version;
  if (found) {
    ASSIGN_OR_RETURN(version, version_of(as_text(record), schema.kind));
    RETURN_IF_ERROR(refuse_newer(version, schema));
    if (version == schema.version) return Unit{};
    if (version + schema.migrations.size() < schema.version) {
      return Failure{StorageError{StorageError::Kind::kMismatch,
                                  "no migration leads from schema " + std::to_string(version)}};
    }
  } else {
    --version;
  }
  Batch batch;
  for (; version < schema.version; ++version) {
    batch.clear();
    if (found) {
      const std::size_t first = schema.version - 1 - schema.migrations.size();
      RETURN_IF_ERROR(schema.migrations[version - 1 - first].apply(database, batch));
    }
    batch.put(family, as_bytes(kKey), as_bytes(record_of(schema.kind, version + 1)));
    RETURN_IF_ERROR(database.write(batch, Durability::kSynced));
  }
  return Unit{};
}

}  // namespace buri::storage
