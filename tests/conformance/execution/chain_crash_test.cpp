#include <gtest/gtest.h>

#include "accel/hasher.hpp"
#include "base/hex.hpp"
#include "node/execution/chain/genesis_block.hpp"
#include "tests/conformance/execution/archive.hpp"
#include "tests/conformance/execution/recorded_chain.hpp"
#include "tests/support/storage/simulated_disk.hpp"

/// The plug is pulled at every write and sync of a chain's beginning, a side branch and a reorg.
/// What was taken stands, blocks and state belong together, and the import can be finished.

namespace buri::testing {
namespace {

using namespace execution::chain;
using execution::state::StateStore;

/// A chain over one opening of a disk.
class OpenChain {
 public:
  OpenChain(SimulatedDisk& disk, RecordedChain& recorded)
      : database_(disk.open(execution_families())),
        states_(
            std::move(StateStore::open(*database_, accel::best_hasher().keccak256_batch)).value()),
        blocks_(*database_),
        recorded_(recorded) {
    clock_.set_wall(WallTime(std::chrono::seconds(recorded.blocks().back().header.time)));
  }

  /// False: the disk crashed.
  bool begin() {
    if (!begin_chain(recorded_.genesis(), *states_, blocks_).ok()) return false;
    durable_.emplace(*states_);
    auto chain = Chain::start(recorded_.genesis().config, {recorded_.engine(), recorded_.heimdall(),
                                                           *durable_, blocks_, codes_, clock_});
    if (!chain.ok()) return false;
    chain_ = std::move(chain).value();
    return true;
  }
  [[nodiscard]] Chain& chain() { return *chain_; }
  [[nodiscard]] StateStore& states() { return *states_; }

  /// Blocks and state say the same.
  void expect_consistent() {
    const ChainBlock& head = chain_->head();
    EXPECT_EQ(states_->head()->block_hash, head.hash);
    EXPECT_EQ(states_->head()->root, head.block.header.state_root);
    EXPECT_TRUE(states_->verify().ok());
    Hash256 parent = head.hash;
    for (std::uint64_t number = head.block.header.number + 1; number-- > 0;) {
      const auto block = *chain_->at(number);
      ASSERT_NE(block, nullptr) << number;
      EXPECT_EQ(block->hash, parent);
      parent = block->block.header.parent_hash;
      std::uint32_t index = 0;
      for (const Hash256& hash : transaction_hashes(block->block.transactions)) {
        EXPECT_EQ(*blocks_.transaction(hash), (TransactionPlace{number, index++}));
      }
    }
    EXPECT_FALSE((*blocks_.canonical_hash(head.block.header.number + 1)).has_value());
    EXPECT_FALSE((*blocks_.meta(MetaRecord::kReorganisation)).has_value());
  }

 private:
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<StateStore> states_;
  BlockStore blocks_;
  std::optional<DurableStates> durable_;
  execution::evm::CodeCache codes_;
  ManualClock clock_;
  RecordedChain& recorded_;
  std::unique_ptr<Chain> chain_;
};

/// Three blocks of the branch that lost, then the recorded chain, which outweighs it.
std::vector<Block> story_of(const std::string& folder, const RecordedChain& recorded) {
  std::vector<Block> story;
  const std::string text = read_xz(folder + "/side-blocks.jsonl.xz");
  for (std::size_t at = 0; story.size() < 3; at = text.find('\n', at) + 1) {
    const std::size_t end = text.find('\n', at);
    const JsonValue line = *parse_json(std::string_view(text).substr(at, end - at));
    const auto raw = JsonCursor(line).member("raw");
    story.push_back(*decode_block(*from_hex(raw->value().text)));
  }
  story.insert(story.end(), recorded.blocks().begin(), recorded.blocks().begin() + 6);
  return story;
}

class ChainCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = fixture_path("../golden/bor-devnet/chain-b").value_or("");
    if (folder.empty()) GTEST_SKIP() << "chain-b is absent: set BURI_FIXTURES";
    recorded_ = std::make_unique<RecordedChain>(folder);
    story_ = story_of(folder, *recorded_);
  }

  /// Imports from `from` on; the place of the first block that failed, or the end.
  std::size_t run(OpenChain& open, std::size_t from) {
    for (std::size_t i = from; i < story_.size(); ++i) {
      if (!open.chain().import(story_[i]).ok()) return i;
    }
    return story_.size();
  }

  std::unique_ptr<RecordedChain> recorded_;
  std::vector<Block> story_;
};

TEST_F(ChainCrash, NoCrashPointLosesABlockOrTearsTheChain) {
  std::vector<Hash256> heads;  // after so many blocks of the story
  std::size_t points = 0;
  {
    SimulatedDisk disk;
    OpenChain open(disk, *recorded_);
    ASSERT_TRUE(open.begin());
    heads.push_back(open.chain().head().hash);
    for (const Block& block : story_) {
      ASSERT_TRUE(open.chain().import(block).ok());
      heads.push_back(open.chain().head().hash);
    }
    ASSERT_EQ(heads[3], hash_of(story_[2].header));
    ASSERT_EQ(heads.back(), hash_of(story_.back().header));
    open.expect_consistent();
    points = disk.points_passed();
  }
  ASSERT_GT(points, 20U);
  for (std::size_t point = 0; point < points; ++point) {
    SCOPED_TRACE("crash point " + std::to_string(point));
    SimulatedDisk disk;
    std::size_t failed = 0;
    {
      OpenChain open(disk, *recorded_);
      disk.crash_after(point);
      if (open.begin()) failed = run(open, 0);
    }
    ASSERT_TRUE(disk.crashed());
    SeededRandom random(point);
    disk.restart(random);
    OpenChain open(disk, *recorded_);
    ASSERT_TRUE(open.begin());
    const Hash256 head = open.chain().head().hash;
    EXPECT_TRUE(head == heads[failed] || (failed < story_.size() && head == heads[failed + 1]))
        << "block " << failed << " of the story, head " << to_hex(head);
    open.expect_consistent();
    ASSERT_EQ(run(open, failed), story_.size());
    EXPECT_EQ(open.chain().head().hash, heads.back());
    open.expect_consistent();
  }
}

TEST_F(ChainCrash, ARewindAndAMilestoneOutliveTheProcess) {
  SimulatedDisk disk;
  const FixedBlock milestone{2, hash_of(recorded_->blocks()[1].header)};
  {
    OpenChain open(disk, *recorded_);
    ASSERT_TRUE(open.begin());
    ASSERT_EQ(run(open, 0), story_.size());
    ASSERT_TRUE(open.chain().fix_milestone(milestone).ok());
    ASSERT_TRUE(open.chain().rewind(4).ok());
  }
  SeededRandom random(1);
  disk.restart(random);
  OpenChain open(disk, *recorded_);
  ASSERT_TRUE(open.begin());
  EXPECT_EQ(open.chain().head().block.header.number, 4U);
  EXPECT_EQ(open.chain().whitelist().milestone(), milestone);
  open.expect_consistent();
  // A branch that passes the milestone by is not followed, the one that was left is.
  EXPECT_FALSE(open.chain().rewind(9).ok());
  ASSERT_TRUE(open.chain().import(story_.back()).ok());
  EXPECT_EQ(open.chain().head().hash, hash_of(story_.back().header));
  open.expect_consistent();
}

}  // namespace
}  // namespace buri::testing
