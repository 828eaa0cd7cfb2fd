#pragma once

#include <rocksdb/memtablerep.h>

#include <memory>

/// RocksDB's table of writes that are not in files yet, for a family whose keys end in a version
/// (FamilySpec::filter_suffix_bytes). Heights write new versions of the same keys again and again:
/// a hash finds the key, and the newest version comes first there, so that a write compares with
/// one other, where RocksDB's skip list goes through all keys of all heights. Private to
/// node/storage.

namespace buri::storage {

/// Makes such tables. REQUIRES: keys are longer than `suffix_bytes`, what is left of them without
/// these is never the beginning of what is left of another, and order is RocksDB's bytewise one.
/// Writes come one at a time (allow_concurrent_memtable_write is off); reads may run beside them.
std::shared_ptr<rocksdb::MemTableRepFactory> version_table_factory(std::size_t suffix_bytes);

}  // namespace buri::storage
