#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/node/execution/state/store_world.hpp"

/// The plug is pulled at every write and sync of a history with a reorg. What was promised stands,
/// nothing is torn, and the history can be finished.

namespace buri::execution::state {
namespace {

using namespace buri::testing;

constexpr std::uint64_t kBlocks = 12;
constexpr std::uint64_t kForkAt = 4;

/// Keeps a task back until a seed says that it ran meanwhile, or somebody waits for it.
class HeldTaskRunner final : public TaskRunner {
 public:
  explicit HeldTaskRunner(std::uint64_t seed) : random_(seed) {}

  void begin(std::function<void()> task) override { task_ = std::move(task); }
  bool is_idle() override {
    if (random_.below(3) == 0) finish();
    return task_ == nullptr;
  }
  void finish() override {
    if (auto task = std::exchange(task_, nullptr)) task();
  }

 private:
  SeededRandom random_;
  std::function<void()> task_;
};

/// Undo records go while the story runs, and reach just back to the fork.
std::unique_ptr<StateStore> open_pruning(storage::Database& database,
                                         TaskRunner* trie_writer = nullptr) {
  StateOptions options = small_options();
  options.undo_blocks = 4;
  options.trie_blocks = 3;
  options.trie_writer = trie_writer;
  return open_store(database, options);
}

/// A step of the history: a block of one of two branches, or the way back to the fork.
struct Step {
  std::uint64_t number;
  std::uint64_t branch;
  bool goes_back = false;
};

class Story {
 public:
  Story() {
    for (std::uint64_t n = 0; n <= 8; ++n) add({n, 0});
    steps_.push_back({kForkAt, 0, true});
    for (std::uint64_t n = kForkAt + 1; n <= kBlocks; ++n) add({n, 1});
  }

  /// Runs what is left of the history; the first step that failed, or the end.
  std::size_t run(StateStore& store, std::size_t from) const {
    for (std::size_t i = from; i < steps_.size(); ++i) {
      if (!take(store, steps_[i])) return i;
    }
    return steps_.size();
  }

  bool take(StateStore& store, const Step& step) const {
    if (step.goes_back) return store.roll_back(step.number).ok();
    const ModelBlock& block = blocks_.at({step.branch, step.number});
    const auto applied = store.apply(step.number, numbered_hash(step.number, step.branch),
                                     block.change, roots_.at({step.branch, step.number}));
    return applied.ok();
  }

  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] Hash256 root(std::uint64_t branch, std::uint64_t number) const {
    return roots_.at({branch, number});
  }

 private:
  void add(const Step& step) {
    MemoryState before;
    if (step.number > 0) {
      const std::uint64_t branch = step.number == kForkAt + 1 ? 0 : step.branch;
      before = blocks_.at({branch, step.number - 1}).after;
    }
    ModelBlock block = random_block(before, 1000 * step.branch + step.number);
    roots_[{step.branch, step.number}] = block.after.root();
    blocks_.emplace(std::pair(step.branch, step.number), std::move(block));
    steps_.push_back(step);
  }

  std::vector<Step> steps_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, ModelBlock> blocks_;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Hash256> roots_;
};

const Story& story() {
  static const Story the_story;
  return the_story;
}

/// Where the history stands by the head that is found: the next step to take.
std::size_t next_step(const StateStore& store, std::size_t failed) {
  const auto head = store.head();
  const Step& step = story().steps()[failed];
  if (!head) {
    EXPECT_EQ(failed, 0u);
    return 0;
  }
  const std::uint64_t branch = head->block_hash.bytes[0];
  EXPECT_EQ(head->root, story().root(branch, head->number));
  if (step.goes_back) {
    EXPECT_GE(head->number, kForkAt);
    return head->number == kForkAt ? failed + 1 : failed;
  }
  const bool is_taken = head->number == step.number && branch == step.branch;
  if (!is_taken) EXPECT_EQ(head->number + 1, step.number);
  return is_taken ? failed + 1 : failed;
}

/// With tries written in blocks' batches (-1), or beside them under that seed.
class StateCrash : public ::testing::TestWithParam<int> {
 protected:
  /// Of one opening; null in blocks' batches.
  static std::unique_ptr<TaskRunner> make_writer() {
    if (GetParam() < 0) return nullptr;
    return std::make_unique<HeldTaskRunner>(GetParam());
  }
};

TEST_P(StateCrash, NoCrashPointLosesOrTearsAState) {
  std::size_t points = 0;
  {
    SimulatedDisk disk;
    const auto database = disk.open(state_families());
    const auto writer = make_writer();
    const auto store = open_pruning(*database, writer.get());
    ASSERT_EQ(story().run(*store, 0), story().steps().size());
    points = disk.points_passed();
  }
  ASSERT_GT(points, 50u);
  for (std::size_t point = 0; point < points; ++point) {
    SCOPED_TRACE("crash point " + std::to_string(point));
    SeededRandom random(point);
    SimulatedDisk disk;
    auto database = disk.open(state_families());
    auto writer = make_writer();
    auto store = open_pruning(*database, writer.get());
    disk.crash_after(point);
    const std::size_t failed = story().run(*store, 0);
    ASSERT_LT(failed, story().steps().size());
    store.reset();
    disk.restart(random);
    database = disk.open(state_families());
    writer = make_writer();
    store = open_pruning(*database, writer.get());
    const auto verified = store->verify();
    ASSERT_TRUE(verified.ok()) << verified.error().detail;
    const std::size_t next = next_step(*store, failed);
    ASSERT_EQ(story().run(*store, next), story().steps().size());
    EXPECT_EQ(store->head()->root, story().root(1, kBlocks));
    ASSERT_TRUE(store->verify().ok());
  }
}

INSTANTIATE_TEST_SUITE_P(Tries, StateCrash, ::testing::Range(-1, 6), [](const auto& info) {
  return info.param < 0 ? std::string("InBlocks") : "Beside" + std::to_string(info.param);
});

TEST(FailedWrite, LeavesAStoreThatOnlyServesReads) {
  SimulatedDisk disk;
  const auto database = disk.open(state_families());
  const auto store = open_pruning(*database);
  for (std::size_t i = 0; i < 3; ++i) ASSERT_TRUE(story().take(*store, story().steps()[i]));
  disk.crash_after(0);
  EXPECT_FALSE(story().take(*store, story().steps()[3]));
  EXPECT_EQ(store->head()->number, 2u);
  SeededRandom random(1);
  disk.restart(random);
  EXPECT_FALSE(story().take(*store, story().steps()[3]));
}

}  // namespace
}  // namespace buri::execution::state
