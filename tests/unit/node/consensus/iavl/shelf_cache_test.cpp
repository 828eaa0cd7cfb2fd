#include "node/consensus/iavl/shelf_cache.hpp"

#include <gtest/gtest.h>

#include <map>

#include "base/random.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// Walks over small ranges, which come from memory, against a plain map of every height.

namespace buri::consensus::iavl {
namespace {

using Content = std::map<Bytes, Bytes>;
using Rows = std::vector<std::pair<Bytes, Bytes>>;

Rows walk(store::ReadStore& store, const store::KeyRange& range, store::Direction direction) {
  Rows rows;
  auto iterator = store.iterate(range, direction).value();
  while (iterator->valid()) {
    rows.emplace_back(Bytes(iterator->key().begin(), iterator->key().end()),
                      Bytes(iterator->value().begin(), iterator->value().end()));
    EXPECT_TRUE(iterator->next().ok());
  }
  return rows;
}

Rows expected(const Content& content, const store::KeyRange& range, store::Direction direction) {
  Rows rows;
  for (const auto& [key, value] : content) {
    if (key >= range.begin && (!range.end || key < *range.end)) rows.emplace_back(key, value);
  }
  if (direction == store::Direction::kDescending) std::ranges::reverse(rows);
  return rows;
}

class Shelves : public ::testing::Test {
 protected:
  Bytes random_key() {
    Bytes key{static_cast<std::uint8_t>(1 + random_.below(3))};
    for (std::uint64_t i = random_.below(3); i > 0; --i) {
      key.push_back(static_cast<std::uint8_t>(random_.below(2) == 0 ? 0xff : random_.below(4)));
    }
    return key;
  }
  store::KeyRange random_range() {
    if (random_.below(2) == 0) return store::prefix_range(random_key());
    store::KeyRange range{random_key(), random_key()};
    if (random_.below(8) == 0) range.end.reset();
    return range;
  }
  void commit(std::size_t writes) {
    const std::int64_t height = multistore_->height() + 1;
    const auto view = multistore_->view(height - 1);
    store::Branch branch(view->stores());
    Content content = heights_.back();
    for (std::size_t i = 0; i < writes; ++i) {
      const Bytes key = random_key();
      if (random_.below(3) == 0) {
        content.erase(key);
        ASSERT_TRUE(branch.store(1).remove(key).ok());
      } else {
        Bytes value(random_.below(5));
        random_.fill(value);
        ASSERT_TRUE(branch.store(1).set(key, value).ok());
        content[key] = value;
      }
    }
    const store::KeyRange range = random_range();
    EXPECT_EQ(walk(branch.store(1), range, store::Direction::kAscending),
              expected(content, range, store::Direction::kAscending));
    ASSERT_TRUE(multistore_->commit(height, branch, storage::Durability::kOrdered).ok());
    heights_.push_back(std::move(content));
  }
  void compare(std::int64_t height) {
    const auto view = multistore_->view(height);
    const store::KeyRange range = random_range();
    for (const auto direction : {store::Direction::kAscending, store::Direction::kDescending}) {
      EXPECT_EQ(walk(view->store(1), range, direction),
                expected(heights_[static_cast<std::size_t>(height)], range, direction))
          << "height " << height << " of " << multistore_->height();
    }
  }

  SeededRandom random_{11};
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_ = disk_.open(Multistore::families());
  std::unique_ptr<Multistore> multistore_ =
      Multistore::open(*database_, buri::testing::engine(),
                       {.stores = {"bank", "gov"}, .background = false})
          .value();
  std::vector<Content> heights_{{}};
};

TEST_F(Shelves, HoldWhatEveryHeightHas) {
  for (int i = 0; i < 300; ++i) {
    commit(random_.below(6));
    for (int j = 0; j < 6; ++j) compare(multistore_->height());
    compare(1 + static_cast<std::int64_t>(
                    random_.below(static_cast<std::uint64_t>(multistore_->height()))));
  }
  ASSERT_TRUE(multistore_->roll_back(100).ok());
  heights_.resize(101);
  for (int i = 0; i < 100; ++i) {
    commit(random_.below(6));
    for (int j = 0; j < 6; ++j) compare(multistore_->height());
  }
}

TEST(ShelfCache, TellsWhichRangesLieOnOneShelf) {
  const auto number = [](Bytes begin, std::optional<Bytes> end) {
    return ShelfCache::number_of({std::move(begin), std::move(end)});
  };
  EXPECT_EQ(number({5}, Bytes{6}), 5);
  EXPECT_EQ(number({5, 1}, Bytes{5, 9}), 5);
  EXPECT_EQ(number({5, 1}, Bytes{6}), 5);
  EXPECT_EQ(number({5}, Bytes{6, 0}), std::nullopt);
  EXPECT_EQ(number({5}, Bytes{7}), std::nullopt);
  EXPECT_EQ(number({0xff}, std::nullopt), std::nullopt);
  EXPECT_EQ(number({}, Bytes{1}), std::nullopt);
}

TEST(ShelfCache, ForgetsAShelfThatGrowsTooLarge) {
  ShelfCache cache;
  cache.set_height(1);
  EXPECT_TRUE(cache.find(0, 7, 1).is_wanted);
  cache.add(0, 7, 1, std::make_shared<Shelf>());
  EXPECT_FALSE(cache.find(0, 7, 1).is_wanted);
  EXPECT_NE(cache.find(0, 7, 1).shelf, nullptr);
  cache.set_height(2);
  for (std::size_t i = 0; i <= ShelfCache::kMaxRows; ++i) {
    const Bytes key{7, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    cache.update(0, {{key, Bytes{1}}}, 2);
    EXPECT_EQ(cache.find(0, 7, 1).shelf, nullptr);
    EXPECT_EQ(cache.find(0, 7, 2).shelf == nullptr, i == ShelfCache::kMaxRows);
  }
  EXPECT_FALSE(cache.find(0, 7, 2).is_wanted);
  cache.clear();
  EXPECT_TRUE(cache.find(0, 7, 2).is_wanted);
}

TEST(ShelfCache, TakesNothingFromReadersOfOlderHeights) {
  ShelfCache cache;
  cache.set_height(4);
  EXPECT_FALSE(cache.find(0, 7, 3).is_wanted);
  cache.add(0, 7, 3, std::make_shared<Shelf>());
  EXPECT_TRUE(cache.find(0, 7, 4).is_wanted);
}

}  // namespace
}  // namespace buri::consensus::iavl
