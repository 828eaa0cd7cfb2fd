#include <gtest/gtest.h>

#include <map>
#include <sstream>

#include "base/hex.hpp"
#include "node/consensus/iavl/multistore.hpp"
#include "tests/support/iavl/random_heights.hpp"
#include "tests/support/recorded/xz.hpp"
#include "tests/support/storage/simulated_disk.hpp"
#include "tests/unit/node/golden.hpp"

/// Roots of chains that the stock daemon made, from what its heights wrote.

namespace buri::consensus::iavl {
namespace {

using buri::testing::NaiveStores;

using HeightWrites = std::map<std::int64_t, std::vector<NaiveStores::Writes>>;

HeightWrites parse_writes(const std::string& text) {
  const std::vector<std::string> names = heimdall_stores();
  HeightWrites heights;
  buri::testing::for_each_line(text, [&](std::string_view line) {
    const JsonValue document = parse_json(line).value();
    const JsonCursor cursor(document);
    const std::string store(cursor.member("store").value().string().value());
    const auto index = std::find(names.begin(), names.end(), store) - names.begin();
    auto& writes = heights[static_cast<std::int64_t>(
        cursor.member("height").value().unsigned_number(1000).value())];
    writes.resize(names.size());
    for (const JsonValue& list : document.children) {
      for (const JsonValue& item : list.children) {
        if (list.key == "set") {
          writes[index][from_hex(item.children[0].text).value()] =
              from_hex(item.children[1].text).value();
        } else if (list.key == "delete") {
          writes[index][from_hex(item.text).value()] = std::nullopt;
        }
      }
    }
  });
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
  const auto text = buri::testing::read_xz("tests/golden/iavl/devnet-b-writes.jsonl.xz");
  ASSERT_TRUE(text.has_value());
  std::istringstream hashes(buri::testing::golden_text("iavl/devnet-b-app-hashes.txt"));
  const HeightWrites heights = parse_writes(*text);
  EXPECT_EQ(heights.size(), 160U);
  Chain chain;
  for (const auto& [height, writes] : heights) {
    std::string expected;
    ASSERT_TRUE(std::getline(hashes, expected));
    ASSERT_EQ(to_hex(chain.commit(height, writes).app_hash), expected) << "height " << height;
  }
}

class RecordedChain : public ::testing::TestWithParam<const char*> {};

TEST_P(RecordedChain, GivesEveryStoreRootAndTheDumpedContent) {
  const std::string folder =
      buri::testing::fixtures_folder() + "/../golden/heimdall-devnet/" + GetParam();
  const auto text = buri::testing::read_xz(folder + "/writes.jsonl.xz");
  if (!text) GTEST_SKIP() << "no recorded chains at " << folder;
  const HeightWrites heights = parse_writes(*text);
  Chain chain;
  buri::testing::for_each_line(
      buri::testing::read_xz(folder + "/blocks.jsonl.xz").value(), [&](std::string_view line) {
        const JsonValue document = parse_json(line).value();
        const JsonCursor cursor(document);
        const std::int64_t height = chain.multistore().height() + 1;
        const CommitInfo info = chain.commit(height, heights.at(height));
        EXPECT_EQ(to_hex(info.app_hash), cursor.member("app_hash").value().string().value());
        const JsonCursor roots = cursor.member("store_roots").value();
        for (std::size_t i = 0; i < info.roots.size(); ++i) {
          const std::string& name = chain.multistore().store_names()[i];
          EXPECT_EQ(to_hex(info.roots[i]), roots.member(name).value().string().value())
              << name << " at height " << height;
        }
      });
  const auto dump = buri::testing::read_xz(folder + "/kv-160.jsonl.xz");
  std::vector<NaiveStores::Content> expected(chain.multistore().store_names().size());
  buri::testing::for_each_line(dump.value(), [&](std::string_view line) {
    const JsonValue row = parse_json(line).value();
    const auto store = chain.multistore().store_index(row.children[0].text).value();
    expected[store][from_hex(row.children[1].text).value()] =
        from_hex(row.children[2].text).value();
  });
  const auto view = chain.multistore().view(160);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(buri::testing::content_of(view->store(i)), expected[i])
        << chain.multistore().store_names()[i];
  }
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedChain, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::iavl
