#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "node/consensus/app/genesis_export.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/replay/replayer.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"
#include "tests/unit/node/golden.hpp"

/// Genesis files imported into stores, and exported from them.

namespace buri::consensus::replay {
namespace {

Status<runtime::Error> import_into(iavl::Multistore& multistore, const app::Genesis& genesis) {
  app::OfflineFacts nobody;
  const app::ChainOptions chain = app::chain_options(genesis.head, bundled_chain().forks);
  const app::ModuleSet modules(nobody.facts(), chain.genesis_rules);
  return app::import_genesis(chain, modules, genesis, multistore);
}

bool is_same(const JsonValue& a, const JsonValue& b) {
  return a.kind == b.kind && a.text == b.text && a.boolean == b.boolean && a.key == b.key &&
         std::ranges::equal(a.children, b.children, is_same);
}

app::Genesis opened(std::string text) {
  return app::open_genesis(app::in_memory(std::move(text))).value();
}

std::string exported(iavl::Multistore& multistore) {
  app::OfflineFacts nobody;
  const app::ModuleSet modules(nobody.facts(), {});
  std::string text;
  runtime::GenesisSink sink(runtime::append_to(text));
  const auto facts = app::export_genesis(modules, multistore, multistore.height(),
                                         {.seconds = 1'764'000'000}, sink);
  EXPECT_TRUE(facts.ok()) << facts.error().log;
  return text;
}

ReplayResult replay_bundled(MemoryHome& home, const app::Genesis& genesis) {
  ReplayOptions options;
  options.genesis = genesis;
  options.forks = bundled_chain().forks;
  options.blocks = from_file(bundled_chain().blocks);
  return replay(options, home.database(), home.multistore(), testing::engine(), {});
}

TEST(ImportedGenesis, IsWhatTheFirstBlockGoesOnFrom) {
  MemoryHome home;
  const app::Genesis genesis = read_genesis(bundled_chain());
  ASSERT_TRUE(import_into(home.multistore(), genesis).ok());
  EXPECT_EQ(home.multistore().imported_height(), 1);
  EXPECT_EQ(home.multistore().height(), 0);
  const auto report = replay_bundled(home, genesis);
  ASSERT_TRUE(report.ok()) << report.error();
  EXPECT_TRUE(report->is_equal());
  EXPECT_EQ(report->heights, 160U);
  EXPECT_EQ(home.multistore().imported_height(), 0);
}

TEST(ImportedGenesis, OfAnotherChainIsNotGoneOnFrom) {
  MemoryHome home;
  std::string text = records::read_text(bundled_chain().genesis).value();
  text.replace(text.find("\"chain_id\": \"heimdall-gold-b\""), 29,
               "\"chain_id\": \"heimdall-gold-c\"");
  ASSERT_TRUE(import_into(home.multistore(), opened(text)).ok());
  const auto report = replay_bundled(home, read_genesis(bundled_chain()));
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.error().find("heimdall-gold-c with first height 1"), std::string::npos)
      << report.error();
}

TEST(ImportedGenesis, ThatDoesNotFitLeavesNothing) {
  MemoryHome home;
  std::string text = records::read_text(bundled_chain().genesis).value();
  text.replace(text.find("\"topup_sequences\": []"), 21, "\"topup_sequences\": [7]");
  EXPECT_FALSE(import_into(home.multistore(), opened(text)).ok());
  EXPECT_EQ(home.multistore().imported_height(), 0);
  ASSERT_TRUE(import_into(home.multistore(), read_genesis(bundled_chain())).ok());
  EXPECT_TRUE(replay_bundled(home, read_genesis(bundled_chain()))->is_equal());
}

/// A disk that holds the import of a genesis or nothing of it, whenever the machine stops.
TEST(ImportedGenesis, IsThereAsAWholeOrNotAtAll) {
  const app::Genesis genesis = read_genesis(bundled_chain());
  MemoryHome whole;
  ASSERT_TRUE(import_into(whole.multistore(), genesis).ok());
  const std::string expected = exported(whole.multistore());
  SeededRandom random(5);
  iavl::MultistoreOptions options;
  options.background = false;
  for (std::size_t point = 0;; ++point) {
    SCOPED_TRACE("crash point " + std::to_string(point));
    testing::SimulatedDisk disk;
    bool is_done = false;
    {
      const auto database = disk.open(iavl::Multistore::families());
      const auto multistore = iavl::Multistore::open(*database, testing::engine(), options).value();
      disk.crash_after(point);
      is_done = import_into(*multistore, genesis).ok();
    }
    disk.restart(random);
    const auto database = disk.open(iavl::Multistore::families());
    const auto multistore = iavl::Multistore::open(*database, testing::engine(), options).value();
    EXPECT_TRUE(!is_done || multistore->imported_height() == 1) << "an import was lost";
    if (multistore->imported_height() == 0) {
      EXPECT_TRUE(disk.content().at("iavl_state").empty()) << "half an import stays";
      ASSERT_TRUE(import_into(*multistore, genesis).ok());
    }
    EXPECT_EQ(exported(*multistore), expected);
    if (is_done || HasFailure()) return;
  }
}

/// What a genesis cannot carry (spec/heimdall.md 4.4, 5.3) is lost in the first export: the sets of
/// earlier blocks, records of those who are in no set, the last block's transactions.
TEST(ExportedGenesis, ImportsToAStateThatExportsEqual) {
  MemoryHome home;
  ASSERT_TRUE(replay_bundled(home, read_genesis(bundled_chain()))->is_equal());
  const std::string first = exported(home.multistore());
  MemoryHome second_home;
  ASSERT_TRUE(import_into(second_home.multistore(), opened(first)).ok());
  EXPECT_EQ(second_home.multistore().imported_height(), 161);
  const std::string second = exported(second_home.multistore());
  MemoryHome third_home;
  ASSERT_TRUE(import_into(third_home.multistore(), opened(second)).ok());
  EXPECT_EQ(exported(third_home.multistore()), second);

  const JsonValue before = parse_json(first).value();
  const JsonValue after = parse_json(second).value();
  const JsonCursor old_state = JsonCursor(before).member("app_state").value();
  const JsonCursor new_state = JsonCursor(after).member("app_state").value();
  ASSERT_EQ(old_state.value().children.size(), runtime::kStoreCount);
  std::set<std::string> different;
  for (std::size_t i = 0; i < runtime::kStoreCount; ++i) {
    const JsonValue& old_part = old_state.value().children[i];
    const JsonValue& new_part = new_state.value().children[i];
    if (!is_same(old_part, new_part)) different.insert(old_part.key);
  }
  EXPECT_EQ(different, (std::set<std::string>{"stake"}));
}

}  // namespace
}  // namespace buri::consensus::replay
