#include "node/storage/rocks_options.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

namespace buri::storage {
namespace {

/// The part of a key that its filter knows: all but the last bytes.
class WithoutSuffix final : public rocksdb::SliceTransform {
 public:
  explicit WithoutSuffix(std::size_t suffix_bytes)
      : suffix_bytes_(suffix_bytes), name_("buri.WithoutSuffix." + std::to_string(suffix_bytes)) {}

  const char* Name() const override { return name_.c_str(); }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return {key.data(), key.size() - suffix_bytes_};
  }
  bool InDomain(const rocksdb::Slice& key) const override { return key.size() > suffix_bytes_; }

 private:
  std::size_t suffix_bytes_;
  std::string name_;
};

rocksdb::ColumnFamilyOptions family_options(const RocksSetup& setup, const FamilySpec& spec) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = setup.cache;
  table.block_size = spec.block_bytes;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.format_version = 5;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = spec.filter_bits_per_key > 0;
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  if (spec.filter_bits_per_key > 0) {
    table.filter_policy.reset(rocksdb::NewRibbonFilterPolicy(spec.filter_bits_per_key));
  }
  rocksdb::ColumnFamilyOptions options;
  if (spec.filter_suffix_bytes > 0) {
    options.prefix_extractor = std::make_shared<WithoutSuffix>(spec.filter_suffix_bytes);
    table.whole_key_filtering = false;
    options.memtable_prefix_bloom_size_ratio = 0.05;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  // Small buffers are written to files before a large one where all together take too much: it has
  // to come to its own end before that.
  options.write_buffer_size =
      std::min(spec.write_buffer_bytes, setup.database.write_buffer_manager->buffer_size() / 2);
  options.compression = spec.compress ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
  options.level_compaction_dynamic_level_bytes = true;
  options.ttl = 0;
  return options;
}

}  // namespace

RocksSetup rocks_setup(const RocksOptions& options) {
  RocksSetup setup;
  setup.cache = rocksdb::NewLRUCache(options.block_cache_bytes, 4, false, 0.25);
  setup.database.create_if_missing = options.create_if_missing;
  setup.database.create_missing_column_families = true;
  setup.database.max_open_files = options.max_open_files;
  setup.database.max_background_jobs = options.background_jobs;
  // Writers do not wait for this bound: RocksDB has the family with the oldest buffer written to a
  // file, however small it is, and lets nobody write until that was enough, so that it may never
  // be. They wait where a family's second buffer is full.
  constexpr bool kWritersWait = false;
  setup.database.write_buffer_manager = std::make_shared<rocksdb::WriteBufferManager>(
      options.write_buffer_bytes, setup.cache, kWritersWait);
  // A power failure may leave garbage behind the last synced batch: the log ends where it begins.
  setup.database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  setup.database.bytes_per_sync = std::size_t{1} << 20;
  setup.database.max_total_wal_size = 4 * options.write_buffer_bytes;
  setup.database.keep_log_file_num = 4;
  setup.database.max_log_file_size = std::size_t{4} << 20;
  setup.database.stats_dump_period_sec = 0;
  setup.database.avoid_unnecessary_blocking_io = true;
  if (options.environment != nullptr) setup.database.env = options.environment;
  return setup;
}

std::vector<rocksdb::ColumnFamilyDescriptor> rocks_families(const RocksSetup& setup,
                                                            std::span<const FamilySpec> families) {
  std::vector<rocksdb::ColumnFamilyDescriptor> result;
  const FamilySpec empty{.name = rocksdb::kDefaultColumnFamilyName,
                         .write_buffer_bytes = std::size_t{1} << 20};
  result.emplace_back(rocksdb::kDefaultColumnFamilyName, family_options(setup, empty));
  for (const FamilySpec& spec : families) {
    result.emplace_back(std::string(spec.name), family_options(setup, spec));
  }
  return result;
}

}  // namespace buri::storage
