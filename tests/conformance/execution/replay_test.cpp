#include "node/execution/replay/replayer.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "accel/hasher.hpp"
#include "node/storage/rocks_database.hpp"
#include "tests/conformance/execution/archive.hpp"

/// `buri execution replay` on the recorded chain Z: as it is, and with one value changed.

namespace buri::testing {
namespace {

using execution::replay::ReadFile;
using execution::replay::ReplayReport;

/// Files of the folder, each after `edit` changed its text.
ReadFile edited(const std::string& folder,
                const std::function<void(const std::string& name, std::string& text)>& edit) {
  return [=](const std::string& name) -> Result<std::optional<std::string>, std::string> {
    const std::string path = folder + "/" + name + ".xz";
    if (!std::filesystem::exists(path)) return std::optional<std::string>();
    std::string text = read_xz(path);
    edit(name, text);
    return std::optional(std::move(text));
  };
}

class Replay : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fixture_path("../golden/bor-devnet/chain-z").value_or("");
    if (folder_.empty()) GTEST_SKIP() << "chain-z is absent: set BURI_FIXTURES";
    if (engine_ != nullptr) return;
    engine_ = std::move(accel::Engine::start(accel::best_cpu_backend_alone(1))).value();
  }
  static void TearDownTestSuite() { engine_.reset(); }

  /// The replay of the folder with one change.
  Result<ReplayReport, std::string> replay(
      const std::function<void(const std::string& name, std::string& text)>& edit) {
    const auto database = storage::open_rocks_database({.folder = "/replay", .in_memory = true},
                                                       execution::chain::execution_families());
    return replay_on(**database, edit, 0);
  }
  /// The same up to a block, or all for 0, on stores that may hold a beginning.
  Result<ReplayReport, std::string> replay_on(
      storage::Database& database,
      const std::function<void(const std::string& name, std::string& text)>& edit,
      std::uint64_t until_block) {
    const auto store =
        execution::state::StateStore::open(database, accel::best_hasher().keccak256_batch);
    execution::chain::BlockStore blocks(database);
    return execution::replay::replay({.read = edited(folder_, edit), .until_block = until_block},
                                     {**store, blocks}, *engine_, [](const ReplayReport&) {});
  }

  std::string folder_;
  static inline std::unique_ptr<accel::Engine> engine_;
};

void replace(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  ASSERT_NE(at, std::string::npos) << from;
  text.replace(at, from.size(), to);
}

TEST_F(Replay, FindsTheRecordedChainEqual) {
  const auto report = replay([](const std::string&, std::string&) {});
  ASSERT_TRUE(report.ok()) << report.error();
  ASSERT_TRUE(report->is_equal()) << report->differences[0].what << ": expected "
                                  << report->differences[0].expected << ", found "
                                  << report->differences[0].found;
  EXPECT_EQ(report->blocks, 69U);
  EXPECT_GT(report->compared.at("state.jsonl"), 0U);
  EXPECT_GT(report->compared.at("receipts-json.jsonl"), 0U);
}

TEST_F(Replay, GoesOnWhereItEndedAndReadsWhatItWrote) {
  const auto nothing = [](const std::string&, std::string&) {};
  const auto database = storage::open_rocks_database({.folder = "/replay", .in_memory = true},
                                                     execution::chain::execution_families());
  const auto first = replay_on(**database, nothing, 40);
  ASSERT_TRUE(first.ok()) << first.error();
  EXPECT_EQ(first->head_number, 40U);
  const auto second = replay_on(**database, nothing, 0);
  ASSERT_TRUE(second.ok()) << second.error();
  EXPECT_TRUE(second->is_equal()) << second->differences[0].what;
  EXPECT_EQ(second->blocks, 69U);
  EXPECT_EQ(second->resumed_blocks, 40U);
  const auto third = replay_on(**database, nothing, 0);
  ASSERT_TRUE(third.ok()) << third.error();
  EXPECT_TRUE(third->is_equal()) << third->differences[0].what;
  EXPECT_EQ(third->resumed_blocks, 69U);
  EXPECT_EQ(third->compared.at("receipts-json.jsonl"), second->compared.at("receipts-json.jsonl"));
}

TEST_F(Replay, ExplainsAGasThatDiffers) {
  const auto report = replay([](const std::string& name, std::string& text) {
    if (name == "tx-gas.tsv") replace(text, "\t21000\t", "\t21001\t");
  });
  ASSERT_TRUE(report.ok()) << report.error();
  ASSERT_EQ(report->differences.size(), 1U);
  EXPECT_EQ(report->differences[0].what, "gas used");
  EXPECT_EQ(report->differences[0].expected, "21001");
  EXPECT_EQ(report->differences[0].found, "21000");
  EXPECT_TRUE(report->differences[0].transaction.has_value());
}

TEST_F(Replay, NamesTheReceiptFieldThatDiffers) {
  const auto report = replay([](const std::string& name, std::string& text) {
    if (name == "receipts-json.jsonl") replace(text, "\"status\":\"0x1\"", "\"status\":\"0x0\"");
  });
  ASSERT_TRUE(report.ok()) << report.error();
  ASSERT_EQ(report->differences.size(), 1U);
  EXPECT_EQ(report->differences[0].what, "receipt field status");
}

TEST_F(Replay, TellsWhichRuleABlockBreaks) {
  const auto report = replay([](const std::string& name, std::string& text) {
    if (name == "genesis.json") replace(text, "\"0\": 1", "\"0\": 100");
  });
  ASSERT_TRUE(report.ok()) << report.error();
  ASSERT_FALSE(report->is_equal());
  EXPECT_EQ(report->differences[0].block, 1U);
  EXPECT_EQ(report->differences[0].what, "import");
}

TEST_F(Replay, RefusesAFolderWithoutGenesis) {
  const auto report = replay([](const std::string& name, std::string& text) {
    if (name == "genesis.json") text = "{}";
  });
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().rfind("genesis.json: config", 0), 0U) << report.error();
}

}  // namespace
}  // namespace buri::testing
