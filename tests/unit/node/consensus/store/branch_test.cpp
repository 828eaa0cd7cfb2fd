#include "node/consensus/store/branch.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace buri::consensus::store {
namespace {

/// A store with nothing below.
class EmptyStore final : public ReadStore {
 public:
  Result<std::optional<Bytes>, AccessError> get(ByteView /*key*/) override {
    return std::optional<Bytes>{};
  }
  Result<bool, AccessError> has(ByteView /*key*/) override { return false; }
  Result<std::unique_ptr<Iterator>, AccessError> iterate(const KeyRange& /*range*/,
                                                         Direction /*direction*/) override {
    struct Nothing final : Iterator {
      [[nodiscard]] bool valid() const override { return false; }
      [[nodiscard]] ByteView key() const override { return {}; }
      [[nodiscard]] ByteView value() const override { return {}; }
      Status<AccessError> next() override { return Unit{}; }
    };
    return std::unique_ptr<Iterator>(std::make_unique<Nothing>());
  }
};

Bytes text(std::string_view characters) {
  const ByteView bytes = as_bytes(characters);
  return {bytes.begin(), bytes.end()};
}

std::vector<Bytes> keys_of(ReadStore& store, const KeyRange& range, Direction direction) {
  std::vector<Bytes> keys;
  auto iterator = store.iterate(range, direction).value();
  while (iterator->valid()) {
    keys.emplace_back(iterator->key().begin(), iterator->key().end());
    EXPECT_TRUE(iterator->next().ok());
  }
  return keys;
}

class BranchTest : public ::testing::Test {
 protected:
  BranchTest() : block_({&nothing_}) {
    for (const char* key : {"a", "b", "c", "d"}) set(block_, key, "old");
  }
  static void set(Branch& branch, std::string_view key, std::string_view value) {
    EXPECT_TRUE(branch.store(0).set(as_bytes(key), as_bytes(value)).ok());
  }
  static void remove(Branch& branch, std::string_view key) {
    EXPECT_TRUE(branch.store(0).remove(as_bytes(key)).ok());
  }
  static std::optional<Bytes> get(Branch& branch, std::string_view key) {
    return branch.store(0).get(as_bytes(key)).value();
  }

  EmptyStore nothing_;
  Branch block_;
};

TEST_F(BranchTest, WritesAreSeenAboveAndNotBelow) {
  Branch transaction(block_);
  set(transaction, "b", "new");
  remove(transaction, "c");
  EXPECT_EQ(get(transaction, "b"), text("new"));
  EXPECT_EQ(get(transaction, "c"), std::nullopt);
  EXPECT_FALSE(transaction.store(0).has(as_bytes("c")).value());
  EXPECT_EQ(get(block_, "b"), text("old"));
  EXPECT_EQ(get(block_, "c"), text("old"));
}

TEST_F(BranchTest, DiscardDropsAndWriteHandsDown) {
  Branch transaction(block_);
  set(transaction, "b", "new");
  transaction.discard();
  EXPECT_EQ(get(transaction, "b"), text("old"));
  set(transaction, "e", "new");
  remove(transaction, "a");
  transaction.write();
  EXPECT_EQ(get(block_, "e"), text("new"));
  EXPECT_EQ(get(block_, "a"), std::nullopt);
  EXPECT_TRUE(transaction.store(0).writes().empty());
}

TEST_F(BranchTest, ARedundantWriteAndARemovalOfAnAbsentKeyStayInTheWrites) {
  Branch transaction(block_);
  set(transaction, "a", "old");
  remove(transaction, "z");
  EXPECT_EQ(transaction.store(0).writes().size(), 2U);
}

TEST_F(BranchTest, TheLastOperationOnAKeyWins) {
  Branch transaction(block_);
  remove(transaction, "a");
  set(transaction, "a", "1");
  set(transaction, "b", "1");
  remove(transaction, "b");
  transaction.write();
  EXPECT_EQ(get(block_, "a"), text("1"));
  EXPECT_EQ(get(block_, "b"), std::nullopt);
}

TEST_F(BranchTest, IteratorsSkipADeletedRangeInBothDirections) {
  Branch transaction(block_);
  remove(transaction, "b");
  remove(transaction, "c");
  const KeyRange all;
  EXPECT_EQ(keys_of(transaction.store(0), all, Direction::kAscending),
            (std::vector{text("a"), text("d")}));
  EXPECT_EQ(keys_of(transaction.store(0), all, Direction::kDescending),
            (std::vector{text("d"), text("a")}));
  const KeyRange deleted{.begin = text("b"), .end = text("d")};
  EXPECT_TRUE(keys_of(transaction.store(0), deleted, Direction::kAscending).empty());
  EXPECT_TRUE(keys_of(transaction.store(0), deleted, Direction::kDescending).empty());
}

TEST(PrefixRange, EndsBehindTheLastKeyWithThePrefix) {
  EXPECT_EQ(prefix_range(Bytes{0x22, 0x23}).end, (Bytes{0x22, 0x24}));
  EXPECT_EQ(prefix_range(Bytes{0x22, 0xff}).end, (Bytes{0x23}));
  EXPECT_EQ(prefix_range(Bytes{0xff, 0xff}).end, std::nullopt);
  EXPECT_EQ(prefix_range(Bytes{}).end, std::nullopt);
}

TEST(KeyRanges, WithTheEndBeforeTheBeginningAreEmpty) {
  EmptyStore nothing;
  BranchStore branch(nothing);
  EXPECT_TRUE(branch.set(as_bytes("b"), as_bytes("1")).ok());
  const KeyRange backwards{.begin = text("c"), .end = text("a")};
  EXPECT_TRUE(keys_of(branch, backwards, Direction::kAscending).empty());
  EXPECT_TRUE(keys_of(branch, backwards, Direction::kDescending).empty());
}

TEST(BranchRandom, ThreeBranchesDeepEqualOneMap) {
  SeededRandom random(7);
  EmptyStore nothing;
  for (int round = 0; round < 200; ++round) {
    std::map<Bytes, Bytes> model;
    Branch bottom({&nothing});
    Branch middle(bottom);
    Branch top(middle);
    for (Branch* branch : {&bottom, &middle, &top}) {
      for (int i = 0; i < 12; ++i) {
        const Bytes key{static_cast<std::uint8_t>(random.below(16))};
        if (random.chance(0.4)) {
          EXPECT_TRUE(branch->store(0).remove(key).ok());
          model.erase(key);
        } else {
          const Bytes value{static_cast<std::uint8_t>(random.below(256))};
          EXPECT_TRUE(branch->store(0).set(key, value).ok());
          model[key] = value;
        }
      }
    }
    std::vector<Bytes> expected;
    for (const auto& [key, value] : model) expected.push_back(key);
    EXPECT_EQ(keys_of(top.store(0), {}, Direction::kAscending), expected) << "round " << round;
    std::reverse(expected.begin(), expected.end());
    EXPECT_EQ(keys_of(top.store(0), {}, Direction::kDescending), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace buri::consensus::store
