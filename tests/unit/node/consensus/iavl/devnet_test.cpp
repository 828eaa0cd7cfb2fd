#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <sstream>

#include "base/hex.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "node/consensus/records/chain.hpp"
#include "tests/support/iavl/random_heights.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// Roots of chains that the stock daemon made, from what its heights wrote.

namespace buri::consensus::iavl {
namespace {

using buri::testing::NaiveStores;

using HeightWrites = std::map<std::int64_t, std::vector<NaiveStores::Writes>>;

/// Reads writes.jsonl.xz.
HeightWrites read_writes(const std::string& path) {
  const std::vector<std::string> names = heimdall_stores();
  HeightWrites heights;
  const auto read = records::for_each_writes(path, [&](const records::WritesRecord& record) {
    const auto index = std::find(names.begin(), names.end(), record.store) - names.begin();
    auto& writes = heights[record.height];
    writes.resize(names.size());
    for (const auto& [key, value] : record.sets) writes[index][key] = value;
    for (const Bytes& key : record.deletes) writes[index][key] = std::nullopt;
    return Status<records::RecordError>(Unit{});
  });
  EXPECT_TRUE(read.ok());
  return heights;
}

/// Commits the recorded writes of a chain, with anchors now and then.
class Chain {
 public:
  Chain() : database_(disk_.open(Multistore::families())) {
    MultistoreOptions options;
    options.tree_cache_bytes = 1 << 18;
    options.anchor_interval_heights = 16;
    options.background = false;
    multistore_ = Multistore::open(*database_, buri::testing::engine(), options).value();
  }
  CommitInfo commit(std::int64_t height, const std::vector<NaiveStores::Writes>& writes) {
    const auto info =
        buri::testing::commit_writes(*multistore_, height, writes, storage::Durability::kOrdered);
    CHECK(multistore_->maintain().ok(), "the simulated disk works");
    return info.value();
  }
  Multistore& multistore() { return *multistore_; }

 private:
  buri::testing::SimulatedDisk disk_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Multistore> multistore_;
};

TEST(DevnetRecords, GiveTheAppHashOfEveryHeightOfChainB) {
  std::istringstream hashes(buri::testing::golden_text("iavl/devnet-b-app-hashes.txt"));
  const HeightWrites heights = read_writes("tests/golden/heimdall-devnet-b/writes.jsonl.xz");
  EXPECT_EQ(heights.size(), 160U);
  Chain chain;
  for (const auto& [height, writes] : heights) {
    std::string expected;
    ASSERT_TRUE(std::getline(hashes, expected));
    ASSERT_EQ(to_hex(chain.commit(height, writes).app_hash), expected) << "height " << height;
  }
}

class RecordedChain : public ::testing::TestWithParam<const char*> {
 protected:
  void commit_and_compare(const records::BlockRecord& block, const HeightWrites& heights) {
    const CommitInfo info = chain_.commit(block.height, heights.at(block.height));
    EXPECT_EQ(info.app_hash, block.app_hash) << "height " << block.height;
    for (const auto& [name, root] : block.store_roots) {
      const std::size_t store = chain_.multistore().store_index(name).value();
      EXPECT_EQ(info.roots[store], root) << name << " at height " << block.height;
    }
  }

  Chain chain_;
};

TEST_P(RecordedChain, GivesEveryStoreRootAndTheDumpedContent) {
  const std::string folder =
      buri::testing::fixtures_folder() + "/../golden/heimdall-devnet/" + GetParam();
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded chain at " << folder;
  const HeightWrites heights = read_writes(folder + "/writes.jsonl.xz");
  const auto blocks =
      records::for_each_block(folder + "/blocks.jsonl.xz", [&](const records::BlockRecord& block) {
        commit_and_compare(block, heights);
        return Status<records::RecordError>(Unit{});
      });
  EXPECT_TRUE(blocks.ok());
  std::vector<NaiveStores::Content> expected(chain_.multistore().store_names().size());
  const auto entries =
      records::for_each_entry(folder + "/kv-160.jsonl.xz", [&](const records::EntryRecord& entry) {
        expected[chain_.multistore().store_index(entry.store).value()][entry.key] = entry.value;
        return Status<records::RecordError>(Unit{});
      });
  EXPECT_TRUE(entries.ok());
  const auto view = chain_.multistore().view(160);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(buri::testing::content_of(view->store(i)), expected[i])
        << chain_.multistore().store_names()[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedChain, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::iavl
