#include "node/consensus/iavl/forest.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/runtime/go_random.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::iavl {
namespace {

constexpr storage::FamilySpec kPages[] = {{.name = "pages"}};

/// Forests over one simulated disk.
class ForestTest : public ::testing::Test {
 protected:
  ForestTest() : database_(disk_.open(kPages)) {}

  Forest forest_at(const Anchor& anchor) {
    return Forest(buri::testing::engine(), {database_.get(), *database_->family("pages")}, anchor);
  }
  static Anchor empty_anchor(std::size_t trees) {
    return {.height = 0, .next_page = 1, .roots = std::vector<PageReference>(trees)};
  }
  void write_pages(Forest& forest, std::size_t max_pages) {
    storage::Batch batch;
    forest.write_pages(batch, max_pages);
    ASSERT_TRUE(database_->write(batch, storage::Durability::kOrdered).ok());
  }

  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
};

/// What the test below draws of Go's math/rand beside integers.
class GoDraws {
 public:
  explicit GoDraws(std::int64_t seed) : random_(seed) {}

  std::size_t intn(std::size_t bound) {
    return static_cast<std::size_t>(random_.below(static_cast<std::int32_t>(bound)));
  }
  double float64() {
    while (true) {
      const double value = static_cast<double>(random_.next_63()) / 0x1p63;
      if (value != 1) return value;
    }
  }
  /// Rand.Read: seven bytes of each number, the rest kept for the next call.
  void read(MutableByteView target) {
    for (std::uint8_t& byte : target) {
      if (bytes_left_ == 0) {
        bytes_ = static_cast<std::uint64_t>(random_.next_63());
        bytes_left_ = 7;
      }
      byte = static_cast<std::uint8_t>(bytes_);
      bytes_ >>= 8;
      --bytes_left_;
    }
  }

 private:
  runtime::GoRandom random_;
  std::uint64_t bytes_ = 0;
  int bytes_left_ = 0;
};

// github.com/cosmos/iavl v1.2.6 tree_test.go TestTreeHash: the operations are drawn from Go's
// generator.
class PinnedRoots : public ForestTest {
 protected:
  void run_version(Forest& forest, std::int64_t version) {
    for (int i = 0; i < 4096; ++i) {
      Bytes key(16);
      Bytes value(16);
      if (!keys_.empty() && random_.float64() <= 0.2) {
        const auto at = keys_.begin() + static_cast<std::ptrdiff_t>(random_.intn(keys_.size()));
        ASSERT_TRUE(forest.remove(0, *at, version).value());
        keys_.erase(at);
      } else if (!keys_.empty() && random_.float64() <= 0.4) {
        key = keys_[random_.intn(keys_.size())];
        random_.read(value);
        ASSERT_TRUE(forest.set(0, key, value, version).value().has_value());
      } else {
        random_.read(key);
        random_.read(value);
        ASSERT_FALSE(forest.set(0, key, value, version).value().has_value());
        keys_.push_back(key);
      }
    }
    forest.hash_changes();
  }

  std::vector<Bytes> keys_;
  GoDraws random_{49872768940};
  static constexpr const char* kRoots[] = {
      "58ec30fa27f338057e5964ed9ec3367e59b2b54bec4c194f10fde7fed16c2a1c",
      "91ad3ace227372f0064b2d63e8493ce8f4bdcbd16c7a8e4f4d54029c9db9570c",
      "92c25dce822c5968c228cfe7e686129ea281f79273d4a8fcf6f9130a47aa5421",
      "e44d170925554f42e00263155c19574837a38e3efed8910daccc7fa12f560fa0"};
};

TEST_F(PinnedRoots, AreReachedInMemory) {
  Forest forest = forest_at(empty_anchor(1));
  for (std::int64_t version = 1; version <= 4; ++version) {
    run_version(forest, version);
    EXPECT_EQ(to_hex(forest.root(0)), kRoots[version - 1]) << "version " << version;
  }
}

TEST_F(PinnedRoots, AreReachedFromPages) {
  Anchor anchor = empty_anchor(1);
  for (std::int64_t version = 1; version <= 4; ++version) {
    Forest forest = forest_at(anchor);
    run_version(forest, version);
    EXPECT_EQ(to_hex(forest.root(0)), kRoots[version - 1]) << "version " << version;
    forest.freeze(version);
    write_pages(forest, SIZE_MAX);
    std::vector<PageId> dead;
    anchor = forest.finish(dead);
  }
}

TEST_F(PinnedRoots, AreReachedWhileAnAnchorIsWritten) {
  Forest forest = forest_at(empty_anchor(1));
  std::vector<PageId> dead;
  for (std::int64_t version = 1; version <= 4; ++version) {
    run_version(forest, version);
    EXPECT_EQ(to_hex(forest.root(0)), kRoots[version - 1]) << "version " << version;
    if (forest.freezing()) {
      write_pages(forest, SIZE_MAX);
      const Anchor anchor = forest.finish(dead);
      Forest reread = forest_at(anchor);
      EXPECT_EQ(to_hex(reread.root(0)), kRoots[anchor.height - 1]);
      forest.evict(1000);
      EXPECT_LE(forest.resident_nodes(), 12000U);
    } else {
      forest.freeze(version);
      write_pages(forest, 100);
    }
  }
}

}  // namespace
}  // namespace buri::consensus::iavl
