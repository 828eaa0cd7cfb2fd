#include "node/storage/rocks_database.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "base/random.hpp"
#include "tests/support/storage/simulated_disk.hpp"

namespace buri::storage {
namespace {

constexpr FamilySpec kFamilies[] = {{.name = "plain"},
                                    {.name = "versions", .filter_suffix_bytes = 1}};

class RocksDatabaseTest : public ::testing::Test {
 protected:
  RocksDatabaseTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "buri-rocks-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~RocksDatabaseTest() override { std::filesystem::remove_all(folder_); }

  RocksOptions options(const std::string& name = "db") const {
    RocksOptions options;
    options.folder = folder_ + "/" + name;
    options.block_cache_bytes = 16 << 20;
    options.write_buffer_bytes = 8 << 20;
    return options;
  }
  std::unique_ptr<Database> open(const std::string& name = "db") const {
    return open_rocks_database(options(name), kFamilies).value();
  }
  static void put(Database& database, std::string_view key, std::string_view value) {
    Batch batch;
    batch.put(*database.family("plain"), as_bytes(key), as_bytes(value));
    EXPECT_TRUE(database.write(batch, Durability::kSynced).ok());
  }
  static std::string get(const Database& database, std::string_view key) {
    Bytes value;
    const auto found = database.get(*database.family("plain"), as_bytes(key), value);
    return found.value() ? std::string(as_text(value)) : "(none)";
  }

  std::string folder_;
};

TEST_F(RocksDatabaseTest, KeepsWhatWasWrittenAcrossOpenings) {
  {
    const auto database = open();
    put(*database, "key", "value");
  }
  EXPECT_EQ(get(*open(), "key"), "value");
}

TEST_F(RocksDatabaseTest, RefusesASecondOpening) {
  const auto database = open();
  const auto second = open_rocks_database(options(), kFamilies);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().kind, StorageError::Kind::kInUse);
}

TEST_F(RocksDatabaseTest, RefusesADatabaseWithMoreFamilies) {
  open();
  const auto fewer = open_rocks_database(options(), std::span(kFamilies).first(1));
  ASSERT_FALSE(fewer.ok());
  EXPECT_EQ(fewer.error().kind, StorageError::Kind::kMismatch);
}

TEST_F(RocksDatabaseTest, ACopyHoldsTheMomentItWasMade) {
  const auto database = open();
  put(*database, "key", "before");
  ASSERT_TRUE(database->copy_to(folder_ + "/copy").ok());
  put(*database, "key", "after");
  EXPECT_EQ(get(*open("copy"), "key"), "before");
  EXPECT_EQ(get(*database, "key"), "after");
}

TEST_F(RocksDatabaseTest, ASortedWriteLastsAndLeavesNoFileOfItsOwn) {
  {
    const auto database = open();
    put(*database, "a", "old");
    put(*database, "b", "old");
    Batch batch;
    batch.remove(*database->family("plain"), as_bytes("a"));
    batch.put(*database->family("plain"), as_bytes("b"), as_bytes("new"));
    batch.put(*database->family("versions"), as_bytes("c1"), as_bytes("new"));
    ASSERT_TRUE(database->write_sorted(batch).ok());
    put(*database, "d", "later");
    EXPECT_EQ(get(*database, "b"), "new");
  }
  // As a crash leaves one that was being made.
  std::ofstream(folder_ + "/db/sorted-7") << "torn";
  const auto database = open();
  EXPECT_EQ(get(*database, "a"), "(none)");
  EXPECT_EQ(get(*database, "b"), "new");
  EXPECT_EQ(get(*database, "d"), "later");
  for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/db")) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("sorted-")) << entry.path();
  }
}

TEST_F(RocksDatabaseTest, ASortedWriteOfUnsortedKeysChangesNothing) {
  const auto database = open();
  put(*database, "a", "old");
  Batch batch;
  batch.put(*database->family("plain"), as_bytes("b"), as_bytes("new"));
  batch.put(*database->family("plain"), as_bytes("a"), as_bytes("new"));
  const auto status = database->write_sorted(batch);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().kind, StorageError::Kind::kMismatch);
  EXPECT_EQ(get(*database, "a"), "old");
  EXPECT_EQ(get(*database, "b"), "(none)");
}

TEST_F(RocksDatabaseTest, AnIteratorSeesTheMomentItWasMade) {
  const auto database = open();
  put(*database, "a", "1");
  const auto iterator = database->iterate(*database->family("plain"));
  put(*database, "b", "2");
  iterator->seek({});
  ASSERT_TRUE(iterator->valid());
  iterator->next();
  EXPECT_FALSE(iterator->valid());
}

/// The buffers of many small families are older than the one that takes all the room.
TEST_F(RocksDatabaseTest, SmallFamiliesDoNotHoldUpALargeOne) {
  constexpr std::size_t kMib = std::size_t{1} << 20;
  std::vector<std::string> names;
  for (char name = 'a'; name <= 'n'; ++name) names.emplace_back(1, name);
  std::vector<FamilySpec> families;
  for (const std::string& name : names) families.push_back({.name = name});
  RocksOptions small = options();
  small.write_buffer_bytes = 4 * kMib;
  const auto database = open_rocks_database(small, families).value();
  const Family large = *database->family("n");
  for (std::uint8_t round = 0; round < 20; ++round) {
    Batch batch;
    for (const std::string& name : names)
      batch.put(*database->family(name), {&round, 1}, {&round, 1});
    batch.put(large, Bytes(1, round), Bytes(2 * kMib, round));
    ASSERT_TRUE(database->write(batch, Durability::kOrdered).ok());
  }
  Bytes value;
  ASSERT_TRUE(database->get(large, Bytes(1, 0), value).value());
  EXPECT_EQ(value, Bytes(2 * kMib, 0));
  EXPECT_LE(database->memory_use().write_buffer_bytes, 3 * small.write_buffer_bytes);
}

TEST_F(RocksDatabaseTest, MemoryStaysWithinItsCache) {
  const auto database = open();
  SeededRandom random(1);
  Batch batch;
  for (int i = 0; i < 300; ++i) {
    batch.clear();
    for (int n = 0; n < 64; ++n) {
      FixedBytes<16> key;
      random.fill(key.bytes);
      batch.put(*database->family("plain"), key, Bytes(1024));
    }
    ASSERT_TRUE(database->write(batch, Durability::kOrdered).ok());
  }
  const MemoryUse use = database->memory_use();
  // Buffers are handed out by the megabyte.
  EXPECT_LE(use.write_buffer_bytes, std::size_t{10} << 20);
  EXPECT_LE(use.cache_bytes, std::size_t{18} << 20);
}

/// The same random operations on RocksDB and on the simulated disk, which other tests rely on.
class SameAsSimulated : public RocksDatabaseTest {
 protected:
  /// Keys of the second family are all of one length, as its filter demands.
  static Bytes random_key(Random& random, bool fixed_length) {
    Bytes key(fixed_length ? 3 : 1 + random.below(3));
    for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(random.below(4));
    return key;
  }
  void write(Random& random) {
    Batch batch;
    const Family family{static_cast<std::uint32_t>(random.below(2))};
    const auto named = [&](Database& database) {
      return *database.family(kFamilies[family.index].name);
    };
    const Bytes key = random_key(random, family.index == 1);
    const Bytes other = random_key(random, family.index == 1);
    const Bytes value = random_key(random, false);
    const auto kind = random.below(10);
    for (Database* database : {rocks_.get(), simulated_.get()}) {
      batch.clear();
      if (kind < 7) {
        batch.put(named(*database), key, value);
      } else if (kind < 9 || !(key < other)) {
        batch.remove(named(*database), key);
      } else {
        batch.remove_range(named(*database), key, other);
      }
      ASSERT_TRUE(database->write(batch, Durability::kOrdered).ok());
    }
  }
  /// Both families at once; all that was written before is synced.
  void write_sorted(Random& random) {
    std::map<Bytes, Bytes> changes[std::size(kFamilies)];
    for (std::uint64_t i = random.below(12); i > 0; --i) {
      const std::size_t family = random.below(std::size(kFamilies));
      changes[family][random_key(random, family == 1)] =
          random.chance(0.7) ? random_key(random, false) : Bytes();
    }
    for (Database* database : {rocks_.get(), simulated_.get()}) {
      Batch batch;
      ASSERT_TRUE(database->write(batch, Durability::kSynced).ok());
      for (std::size_t i = 0; i < std::size(kFamilies); ++i) {
        const Family family = *database->family(kFamilies[i].name);
        for (const auto& [key, value] : changes[i]) {
          if (value.empty()) {
            batch.remove(family, key);
          } else {
            batch.put(family, key, value);
          }
        }
      }
      const auto status = database->write_sorted(batch);
      ASSERT_TRUE(status.ok()) << status.error().detail;
    }
  }
  static std::string describe(Iterator& iterator) {
    if (!iterator.valid()) return "end";
    return std::string(as_text(iterator.key())) + "=" + std::string(as_text(iterator.value()));
  }
  void compare(Random& random) {
    for (const FamilySpec& spec : kFamilies) {
      const Bytes key = random_key(random, spec.filter_suffix_bytes > 0);
      const auto a = rocks_->iterate(*rocks_->family(spec.name));
      const auto b = simulated_->iterate(*simulated_->family(spec.name));
      a->seek(key);
      b->seek(key);
      EXPECT_EQ(describe(*a), describe(*b));
      a->seek_for_previous(key);
      b->seek_for_previous(key);
      EXPECT_EQ(describe(*a), describe(*b));
      Bytes found_a;
      Bytes found_b;
      Bytes value_a;
      Bytes value_b;
      const bool has_a =
          rocks_
              ->get_within_prefix(*rocks_->family(spec.name), key, key.size() - 1, found_a, value_a)
              .value();
      const bool has_b = simulated_
                             ->get_within_prefix(*simulated_->family(spec.name), key,
                                                 key.size() - 1, found_b, value_b)
                             .value();
      EXPECT_EQ(has_a, has_b);
      if (has_a && has_b) EXPECT_EQ(found_a, found_b);
    }
  }

  std::unique_ptr<Database> rocks_ = open();
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<Database> simulated_ = disk_.open(kFamilies);
};

TEST_F(SameAsSimulated, ThroughRandomWritesAndSeeks) {
  SeededRandom random(42);
  for (int i = 0; i < 2000 && !HasFailure(); ++i) {
    if (i % 25 == 24) {
      write_sorted(random);
    } else {
      write(random);
    }
    compare(random);
  }
}

}  // namespace
}  // namespace buri::storage
