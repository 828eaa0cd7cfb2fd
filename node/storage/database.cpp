#include "node/storage/database.hpp"

#include "base/check.hpp"

namespace buri::storage {

Family opened_family(const Database& database, std::string_view name) {
  const auto family = database.family(name);
  CHECK(family.has_value(), "the database was opened with this family");
  return *family;
}

}  // namespace buri::storage
