#include "node/consensus/iavl/tree_stream.hpp"

#include <gtest/gtest.h>

#include "tests/support/iavl/random_heights.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// Trees taken apart and put together again, against multistores that grew by themselves.

namespace buri::consensus::iavl {
namespace {

using buri::testing::content_of;
using buri::testing::NaiveStores;
using buri::testing::SimulatedDisk;

const std::vector<std::string> kStores = {"bank", "clerk", "gov"};

std::unique_ptr<Multistore> open(storage::Database& database, std::size_t cached_nodes = 60) {
  auto opened = Multistore::open(database, buri::testing::engine(),
                                 {.stores = kStores,
                                  .tree_cache_bytes = 128 * cached_nodes,  // the trees take more
                                  .value_cache_bytes = 16 * 2000,
                                  .anchor_interval_heights = 5,
                                  .background = false});
  EXPECT_TRUE(opened.ok()) << (opened.ok() ? "" : opened.error().detail);
  return std::move(opened).value();
}

/// A stream in memory that can be altered and given again.
struct Node {
  enum class Kind { kStore, kLeaf, kInner } kind{};
  std::uint64_t store = 0;
  std::uint64_t leaves = 0;
  Bytes key{};
  Bytes value{};
  std::int64_t version = 0;
};
struct Recorder final : TreeSink {
  std::vector<Node> nodes;

  Taken begin_store(std::size_t store, std::uint64_t leaves) override {
    nodes.push_back({.kind = Node::Kind::kStore, .store = store, .leaves = leaves});
    return Unit{};
  }
  Taken leaf(ByteView key, ByteView value, std::int64_t version) override {
    nodes.push_back({.kind = Node::Kind::kLeaf,
                     .key = Bytes(key.begin(), key.end()),
                     .value = Bytes(value.begin(), value.end()),
                     .version = version});
    return Unit{};
  }
  Taken inner(std::int64_t version) override {
    nodes.push_back({.kind = Node::Kind::kInner, .version = version});
    return Unit{};
  }
};

TreeSink::Taken play(const std::vector<Node>& nodes, TreeSink& sink) {
  for (const Node& node : nodes) {
    if (node.kind == Node::Kind::kStore) {
      RETURN_IF_ERROR(sink.begin_store(node.store, node.leaves));
    } else if (node.kind == Node::Kind::kLeaf) {
      RETURN_IF_ERROR(sink.leaf(node.key, node.value, node.version));
    } else {
      RETURN_IF_ERROR(sink.inner(node.version));
    }
  }
  return Unit{};
}

/// A chain of random writes, of which any height can be asked for.
class TreeStreamTest : public ::testing::Test {
 protected:
  TreeStreamTest() : database_(disk_.open(Multistore::families())), stores_(open(*database_)) {
    for (std::int64_t height = 7; height < 60; ++height) {
      writes_.push_back(
          buri::testing::random_writes(random_, model_, stores_->height(), kStores.size()));
      model_.apply(height, writes_.back());
      const auto done = buri::testing::commit_writes(*stores_, height, writes_.back(),
                                                     storage::Durability::kSynced);
      EXPECT_TRUE(done.ok());
      while (stores_->maintain().value()) {
      }
    }
  }

  std::vector<Node> stream(std::int64_t height) {
    Recorder recorder;
    const auto exported = stores_->export_trees(height, recorder);
    EXPECT_TRUE(exported.ok()) << (exported.ok() ? "" : exported.error().detail);
    return std::move(recorder.nodes);
  }
  [[nodiscard]] Hash256 hash(std::int64_t height) const {
    return stores_->commit_info(height).value()->app_hash;
  }
  /// Why an import of the stream at height 40 is refused; "" if it is taken.
  std::string refusal(const std::vector<Node>& nodes) {
    SimulatedDisk disk;
    const auto database = disk.open(Multistore::families());
    const auto stores = open(*database);
    auto import = stores->import_trees(40).value();
    const auto played = play(nodes, *import);
    if (!played.ok()) return played.error().detail;
    const auto done = import->finish(hash(40));
    return done.ok() ? "" : done.error().detail;
  }

  SeededRandom random_{5};
  NaiveStores model_{kStores.size()};
  std::vector<std::vector<NaiveStores::Writes>> writes_;
  SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Multistore> stores_;
};

TEST_F(TreeStreamTest, AnImportedHeightGoesOnAsTheChainDid) {
  for (const std::int64_t start : {7, 20, 41, 59}) {
    SCOPED_TRACE(start);
    const auto nodes = stream(start);
    SimulatedDisk disk;
    auto database = disk.open(Multistore::families());
    auto stores = open(*database);
    {
      auto import = stores->import_trees(start).value();
      ASSERT_TRUE(play(nodes, *import).ok());
      const auto done = import->finish(hash(start));
      ASSERT_TRUE(done.ok()) << done.error().detail;
      EXPECT_EQ(done->roots, model_.roots(start));
    }
    EXPECT_LE(stores->tree_bytes(), 128 * 2000u);
    for (std::int64_t height = start; height < 60; ++height) {
      if (height % 4 == 0) {
        stores.reset();
        database = disk.open(Multistore::families());
        stores = open(*database);
        ASSERT_EQ(stores->height(), height == start ? start : height - 1);
      }
      if (height > start) {
        const auto info = buri::testing::commit_writes(
            *stores, height, writes_[static_cast<std::size_t>(height - 7)],
            storage::Durability::kSynced);
        ASSERT_TRUE(info.ok()) << info.error().detail;
        ASSERT_EQ(info->roots, model_.roots(height)) << height;
        while (stores->maintain().value()) {
        }
      }
      const auto view = stores->view(height);
      for (std::size_t i = 0; i < kStores.size(); ++i) {
        EXPECT_EQ(content_of(view->store(i)), model_.content(height, i));
      }
    }
    EXPECT_EQ(stores->oldest_height(), start);
    if (start < 50) {
      ASSERT_TRUE(stores->prune(55).ok());
      while (stores->maintain().value()) {
      }
      EXPECT_GT(stores->oldest_height(), start);
      Recorder again;
      ASSERT_TRUE(stores->export_trees(59, again).ok());
      EXPECT_EQ(again.nodes.size(), stream(59).size());
    }
  }
}

TEST_F(TreeStreamTest, WhatIsNoTreeOfThatHeightIsRefused) {
  const auto nodes = stream(40);
  ASSERT_EQ(refusal(nodes), "");
  const auto changed = [&](auto change) {
    auto other = nodes;
    change(other);
    return refusal(other);
  };
  const auto is_leaf = [](const Node& node) { return node.kind == Node::Kind::kLeaf; };
  const auto is_inner = [](const Node& node) { return node.kind == Node::Kind::kInner; };
  EXPECT_NE(changed([&](auto& n) {
              std::ranges::find_if(n, is_leaf)->value.push_back(1);
            }).find("the trees have the app hash"),
            std::string::npos);
  EXPECT_NE(changed([&](auto& n) { --std::ranges::find_if(n, is_inner)->version; }), "");
  EXPECT_NE(changed([&](auto& n) {
              std::ranges::find_if(n, is_leaf)->version = 41;
            }).find("a node of version 41 at height 40"),
            std::string::npos);
  EXPECT_NE(changed([&](auto& n) { std::ranges::find_if(n, is_leaf)->version = -1; }), "");
  EXPECT_NE(changed([&](auto& n) { n.erase(std::ranges::find_if(n, is_leaf)); }), "");
  EXPECT_NE(changed([&](auto& n) { n.erase(std::ranges::find_if(n, is_inner)); }), "");
  EXPECT_NE(changed([&](auto& n) { n.front().leaves += 1; }).find("were announced"),
            std::string::npos);
  EXPECT_NE(changed([&](auto& n) { n.erase(n.begin()); }), "");
  EXPECT_NE(changed([&](auto& n) { n.resize(n.size() / 2); }), "");
  EXPECT_NE(changed([&](auto& n) { n.push_back(n.front()); }), "");
  EXPECT_NE(changed([&](auto& n) {
              const auto first = std::ranges::find_if(n, is_leaf);
              const auto second = std::find_if(first + 1, n.end(), is_leaf);
              std::swap(first->key, second->key);
            }).find("not above the one before"),
            std::string::npos);
}

TEST(TreeStream, MemoryDoesNotGrowWithTheTrees) {
  constexpr std::size_t kCachedNodes = 1'000;
  SimulatedDisk disk;
  const auto database = disk.open(Multistore::families());
  const auto stores = open(*database, kCachedNodes);
  auto import = stores->import_trees(9).value();
  std::size_t peak = 0;
  // A perfect tree of 2^14 leaves, as its nodes come: after leaf i one inner node for every level
  // that it completes.
  constexpr std::uint32_t kLeaves = 1U << 14;
  ASSERT_TRUE(import->begin_store(0, kLeaves).ok());
  for (std::uint32_t i = 0; i < kLeaves; ++i) {
    const Bytes key{static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)};
    ASSERT_TRUE(import->leaf(key, key, 1 + i % 9).ok());
    for (std::uint32_t done = i + 1; done % 2 == 0; done /= 2) {
      ASSERT_TRUE(import->inner(9).ok());
    }
    peak = std::max(peak, stores->tree_bytes());
  }
  ASSERT_TRUE(import->begin_store(1, 0).ok());
  ASSERT_TRUE(import->begin_store(2, 0).ok());
  EXPECT_LE(peak, 128 * 2 * kCachedNodes) << "of " << 2 * kLeaves << " nodes";
  const auto done = import->finish({});
  ASSERT_FALSE(done.ok());
  EXPECT_NE(done.error().detail.find("the trees have the app hash"), std::string::npos);
}

TEST_F(TreeStreamTest, ACrashAtAnyWriteLeavesNothingOrTheHeight) {
  const auto nodes = stream(40);
  std::size_t whole = 0;
  std::size_t nothing = 0;
  for (std::size_t point = 0; point < 400; ++point) {
    SimulatedDisk disk;
    {
      const auto database = disk.open(Multistore::families());
      const auto stores = open(*database);
      disk.crash_after(point);
      auto import = stores->import_trees(40);
      if (import.ok() && play(nodes, **import).ok()) (void)(*import)->finish(hash(40));
    }
    const bool is_past_the_end = !disk.crashed();
    disk.restart(random_);
    const auto database = disk.open(Multistore::families());
    const auto stores = open(*database);
    ASSERT_TRUE(stores->height() == 0 || stores->height() == 40) << point;
    ++(stores->height() == 0 ? nothing : whole);
    if (stores->height() == 0) {
      auto again = stores->import_trees(40).value();
      ASSERT_TRUE(play(nodes, *again).ok());
      ASSERT_TRUE(again->finish(hash(40)).ok()) << point;
    }
    EXPECT_EQ(stores->commit_info(40).value()->app_hash, hash(40));
    if (is_past_the_end) break;
  }
  EXPECT_GT(nothing, 5u);
  EXPECT_GT(whole, 0u);
}

}  // namespace
}  // namespace buri::consensus::iavl
