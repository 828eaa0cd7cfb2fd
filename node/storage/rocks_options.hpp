#pragma once

#include <rocksdb/db.h>

#include <span>
#include <vector>

#include "node/storage/rocks_database.hpp"

/// RocksDB's options from ours. Private to node/storage.

namespace buri::storage {

/// Options of the database as a whole, with the cache that bounds its memory.
struct RocksSetup {
  rocksdb::DBOptions database;
  std::shared_ptr<rocksdb::Cache> cache;
};
RocksSetup rocks_setup(const RocksOptions& options);

/// The default family, which stays empty, then one per spec in order.
std::vector<rocksdb::ColumnFamilyDescriptor> rocks_families(const RocksSetup& setup,
                                                            std::span<const FamilySpec> families);

}  // namespace buri::storage
