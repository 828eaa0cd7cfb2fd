#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <thread>

#include "base/random.hpp"
#include "node/storage/rocks_database.hpp"

/// A family of versions against a map: every way to look, while its writes are in memory, in files
/// and in both, and after they were read from the log again.

namespace buri::storage {
namespace {

constexpr std::size_t kVersionBytes = 2;
constexpr FamilySpec kFamilies[] = {{.name = "plain"},
                                    {.name = "versions",
                                     .filter_suffix_bytes = kVersionBytes,
                                     .write_buffer_bytes = std::size_t{64} << 10}};

using Model = std::map<Bytes, Bytes>;

class VersionTableTest : public ::testing::Test {
 protected:
  VersionTableTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "buri-rocks-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    open();
  }
  ~VersionTableTest() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  void open() {
    database_.reset();
    RocksOptions options;
    options.folder = folder_ + "/db";
    options.block_cache_bytes = 16 << 20;
    options.write_buffer_bytes = 8 << 20;
    database_ = open_rocks_database(options, kFamilies).value();
    versions_ = *database_->family("versions");
  }
  /// Up to four of three letters and an end mark below them, so that none is another's beginning.
  static Bytes random_prefix(Random& random) {
    Bytes key(random.below(5));
    for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(1 + random.below(3));
    key.push_back(0);
    return key;
  }
  static Bytes random_key(Random& random) {
    Bytes key = random_prefix(random);
    key.push_back(static_cast<std::uint8_t>(random.below(2)));
    key.push_back(static_cast<std::uint8_t>(random.below(30)));
    return key;
  }
  /// Any bytes: what is sought need not have the form of a key.
  static Bytes random_target(Random& random) {
    Bytes key = random.below(2) == 0 ? random_key(random) : random_prefix(random);
    key.resize(random.below(key.size() + 1));
    if (random.below(3) == 0) key.push_back(static_cast<std::uint8_t>(random.below(4)));
    return key;
  }

  void write(Random& random) {
    Batch batch;
    for (auto count = 1 + random.below(8); count > 0; --count) {
      const Bytes key = random_key(random);
      const auto kind = random.below(20);
      if (kind < 14) {
        model_[key] = Bytes(1 + random.below(40), static_cast<std::uint8_t>(random.below(256)));
        batch.put(versions_, key, model_[key]);
      } else if (kind < 19) {
        model_.erase(key);
        batch.remove(versions_, key);
      } else {
        // RocksDB goes on from the end of a removed range by its prefix: it has a key's form.
        const Bytes end = std::max(key, random_key(random));
        model_.erase(model_.lower_bound(key), model_.lower_bound(end));
        batch.remove_range(versions_, key, end);
      }
    }
    ASSERT_TRUE(database_->write(batch, Durability::kOrdered).ok());
  }

  void expect_at(const Iterator& iterator, Model::const_iterator expected) const {
    ASSERT_EQ(iterator.valid(), expected != model_.end());
    if (!iterator.valid()) return;
    EXPECT_TRUE(equal(iterator.key(), expected->first));
    EXPECT_TRUE(equal(iterator.value(), expected->second));
  }
  /// What stands before a place; the end if nothing does.
  [[nodiscard]] Model::const_iterator before(Model::const_iterator place) const {
    return place == model_.begin() ? model_.end() : std::prev(place);
  }

  void compare_seeks(Random& random) {
    const Bytes target = random_target(random);
    const auto iterator = database_->iterate(versions_);
    iterator->seek(target);
    expect_at(*iterator, model_.lower_bound(target));
    iterator->seek_for_previous(target);
    expect_at(*iterator, before(model_.upper_bound(target)));
  }
  void compare_walks(Random& random) {
    const Bytes target = random_target(random);
    const auto iterator = database_->iterate(versions_);
    Model::const_iterator expected = model_.lower_bound(target);
    iterator->seek(target);
    for (int step = 0; step < 6 && expected != model_.end() && !HasFailure(); ++step) {
      const bool is_back = random.below(2) == 0;
      is_back ? iterator->previous() : iterator->next();
      expected = is_back ? before(expected) : std::next(expected);
      expect_at(*iterator, expected);
    }
  }
  void compare_reads(Random& random) {
    const Bytes key = random_key(random);
    Bytes value;
    const bool is_found = database_->get(versions_, key, value).value();
    ASSERT_EQ(is_found, model_.contains(key));
    if (is_found) EXPECT_EQ(value, model_[key]);
    Bytes found;
    const bool is_within =
        database_->get_within_prefix(versions_, key, key.size() - kVersionBytes, found, value)
            .value();
    const auto expected = model_.lower_bound(key);
    const bool is_expected =
        expected != model_.end() &&
        equal(ByteView(expected->first)
                  .first(std::min(key.size(), expected->first.size()) - kVersionBytes),
              ByteView(key).first(key.size() - kVersionBytes));
    ASSERT_EQ(is_within, is_expected);
    if (is_within) EXPECT_EQ(found, expected->first);
  }
  void compare_all() const {
    const auto iterator = database_->iterate(versions_);
    iterator->seek({});
    for (auto expected = model_.begin(); expected != model_.end(); ++expected) {
      expect_at(*iterator, expected);
      if (!iterator->valid()) return;
      iterator->next();
    }
    EXPECT_FALSE(iterator->valid());
  }

  std::string folder_;
  std::unique_ptr<Database> database_;
  Family versions_;
  Model model_;
};

TEST_F(VersionTableTest, AnswersAsAMapThroughFilesAndTheLog) {
  SeededRandom random(7);
  for (int i = 0; i < 4000 && !HasFailure(); ++i) {
    write(random);
    compare_seeks(random);
    compare_walks(random);
    compare_reads(random);
    if (i % 1000 == 500) {
      compare_all();
      open();
      compare_all();
    }
  }
}

TEST_F(VersionTableTest, AnIteratorSeesTheMomentItWasMade) {
  const Bytes older = {1, 0, 0, 9};
  const Bytes newer = {1, 0, 0, 8};
  Batch batch;
  batch.put(versions_, older, as_bytes("old"));
  ASSERT_TRUE(database_->write(batch, Durability::kOrdered).ok());
  const auto iterator = database_->iterate(versions_);
  batch.clear();
  batch.put(versions_, newer, as_bytes("new"));
  batch.put(versions_, older, as_bytes("changed"));
  ASSERT_TRUE(database_->write(batch, Durability::kOrdered).ok());
  iterator->seek({});
  ASSERT_TRUE(iterator->valid());
  EXPECT_TRUE(equal(iterator->key(), older));
  EXPECT_EQ(as_text(iterator->value()), "old");
  iterator->next();
  EXPECT_FALSE(iterator->valid());
}

/// Heights as a chain writes them, while others read: every reader sees whole heights in order.
TEST_F(VersionTableTest, ReadersSeeWholeHeightsBesideTheWriter) {
  constexpr int kKeys = 20;
  constexpr int kHeights = 2000;
  const auto key_at = [](int number, int height) {
    const int inverted = 0xffff - height;
    return Bytes{static_cast<std::uint8_t>(1 + number), 0, static_cast<std::uint8_t>(inverted >> 8),
                 static_cast<std::uint8_t>(inverted & 0xff)};
  };
  std::atomic<bool> is_done{false};
  std::atomic<int> bad{0};
  const auto read = [&] {
    while (!is_done) {
      const auto iterator = database_->iterate(versions_);
      std::map<std::uint8_t, int> counts;
      for (iterator->seek({}); iterator->valid(); iterator->next()) ++counts[iterator->key()[0]];
      for (const auto& [key, count] : counts) {
        if (counts.size() != kKeys || count != counts.begin()->second) ++bad;
      }
    }
  };
  std::thread readers[] = {std::thread(read), std::thread(read)};
  Batch batch;
  for (int height = 1; height <= kHeights; ++height) {
    batch.clear();
    for (int number = 0; number < kKeys; ++number) {
      batch.put(versions_, key_at(number, height), as_bytes("score"));
    }
    EXPECT_TRUE(database_->write(batch, Durability::kOrdered).ok());
  }
  is_done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(bad, 0);
}

}  // namespace
}  // namespace buri::storage
