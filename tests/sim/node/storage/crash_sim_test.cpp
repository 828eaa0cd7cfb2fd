#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/iavl/random_heights.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// The multistore on a disk that crashes at every write and every sync of a history of heights,
/// anchors, prunes, rollbacks and an import. After each crash the last complete height must be
/// there, whole, and the history must end as it would have without the crash.

namespace buri::consensus::iavl {
namespace {

using buri::testing::NaiveStores;

const std::vector<std::string> kStores = {"bank", "gov"};
constexpr std::int64_t kFirstHeight = 3;
constexpr std::int64_t kLastHeight = 26;

MultistoreOptions options() {
  return {.stores = kStores,
          .tree_cache_bytes = 128 * 60,
          .value_cache_bytes = 16 * 1000,
          .anchor_interval_heights = 3,
          .kept_heights = 7,
          .background = false};
}

/// What happens, drawn once: the writes of each height, where it is rolled back, which heights are
/// not synced.
struct History {
  explicit History(std::uint64_t seed) : model(kStores.size()) {
    SeededRandom random(seed);
    synced.resize(kLastHeight + 1);
    imports = random.chance(0.3);
    for (std::int64_t height = kFirstHeight; height <= kLastHeight; ++height) {
      const std::int64_t newest = height == kFirstHeight ? 0 : height - 1;
      writes.push_back(buri::testing::random_writes(random, model, newest, kStores.size()));
      if (height == kFirstHeight && imports) writes.back() = only_sets(writes.back());
      model.apply(height, writes.back());
      synced[height] = random.chance(0.6);
    }
    rolled_back_from = kFirstHeight + 10 + static_cast<std::int64_t>(random.below(10));
    rolled_back_by = 1 + static_cast<std::int64_t>(random.below(4));
  }
  static std::vector<NaiveStores::Writes> only_sets(std::vector<NaiveStores::Writes> all) {
    for (auto& store : all) {
      std::erase_if(store, [](const auto& write) { return !write.second; });
    }
    return all;
  }

  NaiveStores model;
  std::vector<std::vector<NaiveStores::Writes>> writes;
  std::vector<bool> synced;
  bool imports = false;  ///< half of the first height comes by an import
  std::int64_t rolled_back_from = 0;
  std::int64_t rolled_back_by = 0;
};

/// Lives through a history on a disk, from wherever the disk stands.
class Life {
 public:
  Life(const History& history, buri::testing::SimulatedDisk& disk)
      : history_(history), disk_(disk) {}

  /// False if the disk crashed.
  bool open() {
    multistore_.reset();
    database_ = disk_.open(Multistore::families());
    auto opened = Multistore::open(*database_, buri::testing::engine(), options());
    if (!opened.ok()) {
      EXPECT_TRUE(disk_.crashed()) << opened.error().detail;
      return false;
    }
    multistore_ = std::move(opened).value();
    return true;
  }

  /// To the last height; false if the disk crashed on the way.
  bool run() {
    while (multistore_->height() < kLastHeight) {
      const std::int64_t newest = multistore_->height();
      if (newest == 0 && history_.imports && !import()) return false;
      const std::int64_t height = newest == 0 ? kFirstHeight : newest + 1;
      if (!commit(height)) return false;
      if (height == history_.rolled_back_from && !rolled_back_) {
        durable_at_least_ = height - history_.rolled_back_by;
        if (!multistore_->roll_back(durable_at_least_).ok()) return false;
        rolled_back_ = true;
      }
      for (int i = 0; i < 3; ++i) {
        if (!multistore_->maintain().ok()) return false;
      }
    }
    return true;
  }

  /// Holds everything against the model.
  void check() {
    EXPECT_GE(multistore_->height(), durable_at_least_) << "a height was lost";
    for (std::int64_t height = std::max<std::int64_t>(multistore_->oldest_height(), 1);
         height <= multistore_->height(); ++height) {
      EXPECT_EQ(multistore_->commit_info(height).value().value().roots,
                history_.model.roots(height));
      const auto view = multistore_->view(height);
      for (std::size_t i = 0; i < kStores.size(); ++i) {
        EXPECT_EQ(buri::testing::content_of(view->store(i)), history_.model.content(height, i))
            << "a height is torn";
      }
    }
  }
  Multistore& multistore() { return *multistore_; }

 private:
  bool import() {
    auto import = multistore_->import_first(kFirstHeight);
    if (!import.ok()) return false;
    for (std::size_t i = 0; i < kStores.size(); ++i) {
      for (const auto& [key, value] : history_.writes.front()[i]) {
        // The first block sets the other half, and removes a key that was imported.
        if (key.back() == 0xff && !import.value()->set(i, key, *value).ok()) return false;
      }
      if (!import.value()->set(i, as_bytes("removed"), {}).ok()) return false;
    }
    return import.value()->finish().ok();
  }

  bool commit(std::int64_t height) {
    auto writes = history_.writes[static_cast<std::size_t>(height - kFirstHeight)];
    if (height == kFirstHeight && history_.imports) {
      for (auto& store : writes) {
        std::erase_if(store, [](const auto& write) { return write.first.back() == 0xff; });
        const ByteView removed = as_bytes("removed");
        store[Bytes(removed.begin(), removed.end())].reset();
      }
    }
    const bool synced = history_.synced[static_cast<std::size_t>(height)];
    const auto info = buri::testing::commit_writes(
        *multistore_, height, writes,
        synced ? storage::Durability::kSynced : storage::Durability::kOrdered);
    if (!info.ok()) return false;
    EXPECT_EQ(info.value().roots, history_.model.roots(height)) << "height " << height;
    if (synced) durable_at_least_ = height;
    return true;
  }

  const History& history_;
  buri::testing::SimulatedDisk& disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Multistore> multistore_;
  std::int64_t durable_at_least_ = 0;
  bool rolled_back_ = false;
};

/// Crash points of a history that nothing disturbs.
std::size_t points_of(const History& history) {
  buri::testing::SimulatedDisk disk;
  Life life(history, disk);
  EXPECT_TRUE(life.open() && life.run());
  life.check();
  return disk.points_passed();
}

void crash_at(const History& history, std::size_t point, SeededRandom& random) {
  buri::testing::SimulatedDisk disk;
  Life life(history, disk);
  disk.crash_after(point);
  EXPECT_FALSE(life.open() && life.run());
  disk.restart(random);
  ASSERT_TRUE(life.open());
  life.check();
  // A second crash, in what follows the first.
  disk.crash_after(random.below(40));
  if (!life.run()) {
    disk.restart(random);
    ASSERT_TRUE(life.open());
    life.check();
    ASSERT_TRUE(life.run());
  }
  life.check();
}

TEST(CrashSimulation, NoCrashPointLosesOrTearsAHeight) {
  const char* given = std::getenv("BURI_TEST_SEED");
  const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : 1;
  const std::uint64_t last = given != nullptr ? first : 4;
  std::size_t crashes = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    SCOPED_TRACE("replay with BURI_TEST_SEED=" + std::to_string(seed));
    const History history(seed);
    SeededRandom random(seed + 1000);
    const std::size_t points = points_of(history);
    for (std::size_t point = 0; point < points; ++point, ++crashes) {
      SCOPED_TRACE("crash point " + std::to_string(point));
      crash_at(history, point, random);
      if (::testing::Test::HasFailure()) return;
    }
  }
  RecordProperty("crash_points", static_cast<int>(crashes));
  EXPECT_GT(crashes, 100U);
}

}  // namespace
}  // namespace buri::consensus::iavl
