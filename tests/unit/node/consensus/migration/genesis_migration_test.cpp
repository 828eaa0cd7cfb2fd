#include "node/consensus/migration/genesis_migration.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/json_text.hpp"
#include "node/consensus/app/genesis_import.hpp"
#include "node/consensus/migration/values.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"
#include "tests/unit/node/golden.hpp"

/// The file that the stock daemon's migration is tested with, and what is refused.

namespace buri::consensus::migration {
namespace {

std::string corpus_text() {
  return records::read_text("tests/fuzz/node/corpus/genesis_migration/small").value();
}

Status<runtime::Error> migrate(std::string text, const MigrationOptions& options,
                               std::string& result) {
  const auto old = app::GenesisFile::open(app::in_memory(std::move(text)));
  CHECK(old.ok(), "the test's document is a genesis");
  runtime::GenesisSink sink(runtime::append_to(result));
  return migrate_genesis(**old, options, sink);
}

/// Members in order, nulls left out, numbers as strings, balances by address: what a reader cannot
/// tell apart.
JsonValue canonical(JsonValue value) {
  if (value.kind == JsonValue::Kind::kNumber) value.kind = JsonValue::Kind::kString;
  for (JsonValue& child : value.children) child = canonical(std::move(child));
  if (value.kind == JsonValue::Kind::kObject) {
    std::erase_if(value.children,
                  [](const JsonValue& child) { return child.kind == JsonValue::Kind::kNull; });
    std::ranges::sort(value.children, {}, &JsonValue::key);
  }
  if (value.key == "balances") {
    std::ranges::sort(value.children, {},
                      [](JsonValue balance) { return text_of(balance, "address").value(); });
  }
  return value;
}

std::string canonical_text(std::string_view text) {
  return to_json(canonical(parse_json(text).value()));
}

TEST(GenesisMigration, MakesWhatTheStockDaemonMakes) {
  const std::string folder = testing::fixtures_folder() + "/heimdall/";
  const auto old = records::read_text(folder + "dump-genesis.json");
  if (!old.ok()) GTEST_SKIP() << "no fixtures in " << folder;
  std::string migrated;
  const auto done = migrate(*old, {"devnet", "2024-12-18T09:48:11.342700084Z", 0}, migrated);
  ASSERT_TRUE(done.ok()) << done.error().log;
  const auto expected = records::read_text(folder + "migrated_dump-genesis.json");
  const std::string found_text = canonical_text(migrated);
  const std::string expected_text = canonical_text(*expected);
  const auto place = static_cast<std::size_t>(std::ranges::mismatch(found_text, expected_text).in1 -
                                              found_text.begin());
  const std::size_t around = place < 40 ? 0 : place - 40;
  EXPECT_TRUE(found_text == expected_text) << "found    " << found_text.substr(around, 120)
                                           << "\nexpected " << expected_text.substr(around, 120);
}

TEST(GenesisMigration, MakesWhatCanBeImported) {
  std::string migrated;
  const auto done = migrate(corpus_text(), {"devnet", "2024-12-18T09:48:11Z", 5}, migrated);
  ASSERT_TRUE(done.ok()) << done.error().log;
  const auto genesis = app::open_genesis(app::in_memory(migrated)).value();
  EXPECT_EQ(genesis.head.initial_height, 5);
  replay::MemoryHome home;
  app::OfflineFacts nobody;
  const app::ChainOptions chain = app::chain_options(genesis.head, {});
  const app::ModuleSet modules(nobody.facts(), chain.genesis_rules);
  // The deposit of the corpus is in no account.
  const auto imported = app::import_genesis(chain, modules, genesis, home.multistore());
  ASSERT_FALSE(imported.ok());
  EXPECT_NE(imported.error().log.find("expected module account was"), std::string::npos);
}

TEST(GenesisMigration, OrdersByTimeAndNumbers) {
  std::string migrated;
  ASSERT_TRUE(migrate(corpus_text(), {"devnet", "2024-12-18T09:48:11Z", 5}, migrated).ok());
  JsonValue document = parse_json(migrated).value();
  JsonValue& state = *member(document, "app_state").value();
  JsonValue& checkpoints = *member(*member(state, "checkpoint").value(), "checkpoints").value();
  ASSERT_EQ(checkpoints.children.size(), 2U);
  EXPECT_LT(number_of(checkpoints.children[0], "timestamp").value(),
            number_of(checkpoints.children[1], "timestamp").value());
  EXPECT_EQ(text_of(checkpoints.children[0], "id").value(), "1");
  EXPECT_EQ(text_of(checkpoints.children[1], "id").value(), "2");
  EXPECT_EQ(find(*member(state, "checkpoint").value(), "milestones"), nullptr);
}

TEST(GenesisMigration, GivesAVoteItsWholeWeight) {
  std::string migrated;
  ASSERT_TRUE(migrate(corpus_text(), {"devnet", "2024-12-18T09:48:11Z", 5}, migrated).ok());
  EXPECT_NE(
      migrated.find(R"([{"option":"VOTE_OPTION_NO_WITH_VETO","weight":"1.000000000000000000"}])"),
      std::string::npos);
}

TEST(GenesisMigration, NamesWhatDoesNotFit) {
  struct Case {
    std::string_view old_text;
    std::string_view new_text;
    std::string_view part;
  };
  for (const Case& one :
       {Case{"\"ack_count\":\"2\"", "\"ack_count\":\"3\"", "genesis of checkpoint: ack_count"},
        Case{"\"staking\":{", "\"stakes\":{", "no module staking"},
        Case{"heimdall/ParameterChangeProposal", "heimdall/Other", "genesis of gov: content.type"},
        Case{"\"option\":\"NoWithVeto\"", "\"option\":\"Never\"", "genesis of gov: option"},
        Case{"\"data\":\"0x", "\"data\":\"0xz", "genesis of clerk: data"},
        Case{"\"send_enabled\":true", "\"send_enabled\":1", "genesis of bank: send_enabled"}}) {
    std::string text = corpus_text();
    const std::size_t place = text.find(one.old_text);
    ASSERT_NE(place, std::string::npos) << one.old_text;
    text.replace(place, one.old_text.size(), one.new_text);
    std::string migrated;
    const auto done = migrate(text, {"devnet", "2024-12-18T09:48:11Z", 5}, migrated);
    ASSERT_FALSE(done.ok()) << one.new_text;
    EXPECT_NE(done.error().log.find(one.part), std::string::npos) << done.error().log;
  }
}

}  // namespace
}  // namespace buri::consensus::migration
