#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "node/consensus/iavl/multistore.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/support/long_run.hpp"
#include "tests/support/resident_memory.hpp"
#include "tests/support/sanitizers.hpp"
#include "tests/unit/node/golden.hpp"

/// Memory over many heights of one size of state: 2,000 in every run, 10^5 under BURI_TEST_LONG=1.

namespace buri::consensus::iavl {
namespace {

constexpr std::size_t kMib = std::size_t{1} << 20;
constexpr std::uint64_t kKeys = 20'000;
constexpr std::uint64_t kKeysPerHeight = 25;
constexpr std::int64_t kKeptHeights = 1'000;

/// Stores in a folder of their own, with small caches that fill soon.
class ManyHeights : public ::testing::Test {
 protected:
  ManyHeights() {
    std::filesystem::create_directories(folder_);
    storage::RocksOptions disk;
    disk.folder = folder_;
    disk.block_cache_bytes = 16 * kMib;
    disk.write_buffer_bytes = 8 * kMib;
    database_ = storage::open_rocks_database(disk, Multistore::families()).value();
    const MultistoreOptions options{.stores = {"bank", "gov"},
                                    .tree_cache_bytes = 4 * kMib,
                                    .value_cache_bytes = 2 * kMib,
                                    .kept_heights = kKeptHeights,
                                    .background = false};
    stores_ = Multistore::open(*database_, testing::engine(), options).value();
  }
  ~ManyHeights() override {
    stores_.reset();
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  static Bytes key_of(std::uint64_t number) {
    Bytes key(8);
    for (std::size_t i = 0; i < 8; ++i) key[7 - i] = static_cast<std::uint8_t>(number >> 8 * i);
    return key;
  }

  /// Writes some of the same keys anew, then lets old heights go.
  void step(std::int64_t height) {
    const auto view = stores_->view(stores_->height());
    store::Branch branch(view->stores());
    for (std::uint64_t i = 0; i < kKeysPerHeight; ++i) {
      const std::uint64_t place = static_cast<std::uint64_t>(height) * 7'919 + i * 613;
      const Bytes value(40, static_cast<std::uint8_t>(height + static_cast<std::int64_t>(i)));
      CHECK(branch.store(i % 2).set(key_of(place % kKeys), value).ok(), "a branch takes writes");
    }
    CHECK(stores_->commit(height, branch, storage::Durability::kOrdered).ok(), "the disk works");
    while (stores_->maintain().value()) {
    }
  }

  std::string folder_ = ::testing::TempDir() + "buri_many_heights_" + std::to_string(getpid());
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Multistore> stores_;
};

TEST_F(ManyHeights, DoNotMakeMemoryGrow) {
  const std::int64_t heights = is_long_run() ? 100'000 : 2'000;
  // By then every key was written and, of the long run, every cache is full.
  const std::int64_t settled = heights * 3 / 5;
  std::size_t resident = 0;
  for (std::int64_t height = 1; height <= heights; ++height) {
    step(height);
    if (height == settled) resident = resident_bytes();
  }
  const storage::MemoryUse use = database_->memory_use();
  EXPECT_LE(stores_->tree_bytes(), 6 * kMib);
  EXPECT_LE(use.cache_bytes, 20 * kMib);
  EXPECT_GE(stores_->oldest_height(), heights - kKeptHeights - 512);
  const auto growth =
      static_cast<std::int64_t>(resident_bytes()) - static_cast<std::int64_t>(resident);
  RecordProperty("grown_bytes", std::to_string(growth));
  std::printf("%lld heights: %zu MiB resident, %lld KiB more than at height %lld\n",
              static_cast<long long>(heights), resident_bytes() / kMib,
              static_cast<long long>(growth / 1'024), static_cast<long long>(settled));
  if (kMemoryIsMeasurable) EXPECT_LE(growth, static_cast<std::int64_t>(16 * kMib));
}

}  // namespace
}  // namespace buri::consensus::iavl
