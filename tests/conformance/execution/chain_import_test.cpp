#include <gtest/gtest.h>

#include <sstream>

#include "base/hex.hpp"
#include "base/json_cursor.hpp"
#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/recorded_chain.hpp"
#include "tests/support/long_run.hpp"

/// The recorded chains through the rules that production has: headers, seals, bodies, execution,
/// roots, reorgs, and the blocks that the stock client refused.

namespace buri::testing {
namespace {

using namespace execution::chain;

std::string folder_of(std::string_view chain) {
  return fixture_path("../golden/bor-devnet/" + std::string(chain)).value_or("");
}

std::vector<JsonValue> read_lines(const std::string& path) {
  std::istringstream text(read_xz(path));
  std::string line;
  std::vector<JsonValue> lines;
  while (std::getline(text, line)) lines.push_back(*parse_json(line));
  return lines;
}
const JsonValue& get(const JsonValue& object, std::string_view key) {
  for (const JsonValue& child : object.children) {
    if (child.key == key) return child;
  }
  CHECK(false, "a recording lacks a field");
  std::abort();
}
Block block_of(const JsonValue& line) {
  auto block = decode_block(*from_hex(get(line, "raw").text));
  CHECK(block.ok(), "a recorded block cannot be read");
  return std::move(block).value();
}

/// A chain, and in how many lanes its blocks are executed.
using ChainAndLanes = std::pair<std::string_view, std::size_t>;
class Import : public ::testing::TestWithParam<ChainAndLanes> {};

TEST_P(Import, OfARecordedChainEndsAtItsHead) {
  const auto& [chain, lane_count] = GetParam();
  const std::string folder = folder_of(chain);
  if (folder.empty()) GTEST_SKIP() << chain << " is absent: set BURI_FIXTURES";
  ThreadLanes lanes(lane_count);
  RecordedChain recorded(folder, &lanes);
  const std::size_t count = recorded.blocks().size();
  const auto status = lane_count == 1 ? recorded.import_to(count) : recorded.import_ahead_to(count);
  ASSERT_TRUE(status.ok()) << status.error();
  ASSERT_TRUE(recorded.chain().settle().ok());
  EXPECT_EQ(recorded.chain().head().hash, hash_of(recorded.blocks().back().header));
  EXPECT_EQ(recorded.states().head()->root, recorded.blocks().back().header.state_root);
  EXPECT_TRUE(recorded.states().verify().ok());
}

std::vector<ChainAndLanes> chains_and_lanes() {
  std::vector<ChainAndLanes> all{{"chain-a", 1}, {"chain-a", 3}, {"chain-b", 1}, {"chain-b", 3},
                                 {"chain-h", 3}, {"chain-z", 1}, {"chain-z", 3}};
  // `buri execution replay` takes the heavy one in one lane; here it costs seconds.
  if (is_long_run()) all.emplace_back("chain-h", 1);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Devnet, Import, ::testing::ValuesIn(chains_and_lanes()),
                         [](const auto& info) {
                           return std::string(info.param.first.substr(6)) + "_lanes_" +
                                  std::to_string(info.param.second);
                         });

/// Blocks of both branches in the order in which the recorded nodes first saw them.
TEST(Reorgs, LeadToTheRecordedHeadWithItsTotalDifficulty) {
  const std::string folder = folder_of("chain-b");
  if (folder.empty()) GTEST_SKIP() << "chain-b is absent: set BURI_FIXTURES";
  RecordedChain recorded(folder);
  std::map<Hash256, Block> blocks;
  for (const Block& block : recorded.blocks()) blocks[hash_of(block.header)] = block;
  for (const JsonValue& line : read_lines(folder + "/side-blocks.jsonl.xz")) {
    Block block = block_of(line);
    blocks[hash_of(block.header)] = std::move(block);
  }
  std::size_t reorgs = 0;
  std::size_t sides = 0;
  for (const JsonValue& line : read_lines(folder + "/timeline.jsonl.xz")) {
    if (get(line, "ev").text != "block") continue;
    const Block& block = blocks.at(*fixed_from_hex<32>(get(line, "hash").text));
    const Hash256 head = recorded.chain().head().hash;
    const auto result = recorded.chain().import(block);
    ASSERT_TRUE(result.ok()) << block.header.number << ": " << describe(result.error());
    if (*result == ImportResult::kSide) ++sides;
    if (*result == ImportResult::kHead && block.header.parent_hash != head) ++reorgs;
  }
  EXPECT_GT(reorgs, 0U);
  EXPECT_GT(sides, 0U);
  EXPECT_EQ(recorded.chain().head().hash, hash_of(recorded.blocks().back().header));
  std::istringstream authors(read_xz(folder + "/authors.tsv.xz"));
  std::string line;
  std::getline(authors, line);
  while (std::getline(authors, line)) {
    std::istringstream fields(line);
    std::uint64_t number = 0;
    std::uint64_t difficulty = 0;
    std::uint64_t time = 0;
    std::uint64_t total = 0;
    std::string author;
    fields >> number >> author >> difficulty >> time >> total;
    const auto block = *recorded.chain().at(number);
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(block->total_difficulty, U256::from_uint64(total)) << "block " << number;
    EXPECT_EQ(*block->signers.producer, *fixed_from_hex<20>(author)) << "block " << number;
  }
}

/// The stock client's words for a rule where ours say more or less.
std::string expected_words(const BlockFault& fault, const std::string& stock) {
  if (fault.rule != BlockRule::kTransaction) return std::string(describe(fault.rule));
  const std::size_t words = fault.found.find("): ") + 3;
  const std::string own = fault.found.substr(words, fault.found.rfind(": ") - words);
  if (own.starts_with("set code transaction without auth")) return "with empty auth list";
  return stock.starts_with("could not apply tx") ? own : "could not apply tx";
}

/// Whether blocks are imported while the ones before are under way.
class InvalidBlocks : public ::testing::TestWithParam<bool> {};

/// Imports a block beside or after the one before it; the fault if it is found wrong.
Status<BlockFault> import_one(RecordedChain& recorded, Block block, bool is_ahead) {
  Chain& chain = recorded.chain();
  if (!is_ahead) {
    auto result = chain.import(std::move(block));
    if (!result.ok()) return Failure{result.error()};
    return Unit{};
  }
  const std::uint64_t number = block.header.number;
  auto signers = recover_signers(std::span(&block, 1), chain.config(), recorded.engine());
  const auto result = chain.import_ahead(std::move(block), std::move(signers.front()));
  const auto settled = chain.settle();
  for (const auto& fault : {result.ok() ? std::nullopt : std::optional(result.error()),
                            settled.ok() ? std::nullopt : std::optional(settled.error())}) {
    if (!fault) continue;
    EXPECT_EQ(fault->block_number, number);
    return Failure{fault->fault};
  }
  return Unit{};
}

TEST_P(InvalidBlocks, GetTheStockVerdictForTheSameReason) {
  const std::string folder = folder_of("chain-a");
  if (folder.empty()) GTEST_SKIP() << "chain-a is absent: set BURI_FIXTURES";
  RecordedChain recorded(folder);
  Chain& chain = recorded.chain();
  std::size_t count = 0;
  for (const JsonValue& line : read_lines(folder + "/invalid-blocks.jsonl.xz")) {
    const std::uint64_t parent = std::stoull(get(line, "parent").text);
    const std::string name = get(line, "n").text + " (" + get(line, "case").text + ")";
    recorded.set_clock(recorded.blocks().back().header.time + 1);
    const auto imported =
        GetParam() ? recorded.import_ahead_to(parent) : recorded.import_to(parent);
    ASSERT_TRUE(imported.ok()) << imported.error();
    recorded.set_clock(recorded.blocks()[parent].header.time);
    const auto result = import_one(recorded, block_of(line), GetParam());
    const bool accepted = get(line, "accepted").boolean;
    const std::string& stock = get(line, "error").text;
    ++count;
    ASSERT_EQ(result.ok(), accepted)
        << name << ", stock: " << stock << (result.ok() ? "" : ", " + describe(result.error()));
    if (accepted) {
      EXPECT_EQ(chain.head().block.header.number, parent + 1) << name;
      ASSERT_TRUE(chain.rewind(parent).ok());
    } else {
      EXPECT_NE(stock.find(expected_words(result.error(), stock)), std::string::npos)
          << name << ": " << describe(result.error()) << "\nstock: " << stock;
      EXPECT_EQ(chain.head().block.header.number, parent) << name;
    }
  }
  EXPECT_EQ(count, 90U);
}

INSTANTIATE_TEST_SUITE_P(OfferedTo, InvalidBlocks, ::testing::Values(false, true),
                         [](const auto& info) {
                           return info.param ? "ABlockUnderWay" : "TheHead";
                         });

}  // namespace
}  // namespace buri::testing
