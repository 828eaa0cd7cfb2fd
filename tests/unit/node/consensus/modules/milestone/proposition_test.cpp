#include "node/consensus/modules/milestone/proposition.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using enum protocol::HeimdallFork;
using P = MilestoneProposition;

P two_blocks() {
  return {.block_hashes = {hash_of(1), hash_of(2)},
          .start_block_number = 10,
          .parent_hash = hash_of(9),
          .block_tds = {100, 101}};
}

struct Case {
  const char* what;
  std::function<void(P&)> change;
  bool before_ithaca;
  bool from_ithaca;
  bool compact;
};

void check(const std::vector<Case>& cases) {
  World world({1});
  world.set_fork(kIthaca, 20);
  world.set_fork(kCompactVoteExtension, 30);
  for (const Case& one : cases) {
    P proposition = two_blocks();
    one.change(proposition);
    const auto context = world.at(100);
    EXPECT_EQ(validate_proposition(context, proposition, 19).ok(), one.before_ithaca) << one.what;
    EXPECT_EQ(validate_proposition(context, proposition, 20).ok(), one.from_ithaca) << one.what;
    EXPECT_EQ(validate_proposition(context, proposition, 29).ok(), one.from_ithaca) << one.what;
    EXPECT_EQ(validate_proposition(context, proposition, 30).ok(), one.compact) << one.what;
  }
}

void eleven_blocks(P& proposition) {
  proposition.parent_hash.clear();
  for (std::uint8_t i = 3; i < 12; ++i) {
    proposition.block_hashes.push_back(hash_of(i));
    proposition.block_tds.push_back(i);
  }
}

TEST(MilestoneProposition, HasBlocksAndAParentByTheForksOfItsHeight) {
  check({
      {"two blocks", [](P&) {}, true, true, false},
      {"a short parent", [](P& p) { p.parent_hash.resize(8); }, true, true, true},
      {"no parent", [](P& p) { p.parent_hash.clear(); }, true, true, true},
      {"a parent of nine bytes", [](P& p) { p.parent_hash.resize(9); }, true, true, false},
      {"no block", [](P& p) { p.block_hashes.clear(); }, false, false, false},
      {"a difficulty too many", [](P& p) { p.block_tds.push_back(1); }, false, false, false},
      {"a short hash", [](P& p) { p.block_hashes[0].pop_back(); }, false, false, false},
      {"a hash twice", [](P& p) { p.block_hashes[0] = p.block_hashes[1]; }, false, false, false},
      {"eleven blocks", &eleven_blocks, false, false, false},
  });
}

/// The blocks are 10 and 11; no parent, which every era allows.
std::function<void(P&)> head(std::uint64_t number, const Bytes& hash) {
  return [number, hash](P& proposition) {
    proposition.parent_hash.clear();
    proposition.latest_block_number = number;
    proposition.latest_block_hash = hash;
  };
}

void end_beyond_64_bits(P& proposition) {
  head(UINT64_MAX, hash_of(2))(proposition);
  proposition.start_block_number = UINT64_MAX;
}

TEST(MilestoneProposition, NamesTheHeadByTheForksOfItsHeight) {
  check({
      {"no head", head(0, {}), true, true, true},
      {"beyond the end", head(12, hash_of(7)), false, true, true},
      {"at the end", head(11, hash_of(2)), false, true, false},
      {"at the end without its hash", head(11, {}), false, false, true},
      {"beyond the end without its hash", head(12, {}), false, false, false},
      {"another hash at the end", head(11, hash_of(3)), false, false, false},
      {"before the end", head(10, hash_of(1)), false, false, false},
      {"a hash without a number", head(0, hash_of(1)), false, false, false},
      {"a hash of 31 bytes", head(12, Bytes(31, 1)), false, false, false},
      {"an end beyond 64 bits", &end_beyond_64_bits, false, false, false},
  });
}

TEST(MilestoneProposition, HoldsAsManyBlocksAsTheParametersSay) {
  World world({1});
  ASSERT_TRUE(Keeper().set_params(world.at(1), {2, 1000, 100}).ok());
  P proposition = two_blocks();
  EXPECT_TRUE(validate_proposition(world.at(1), proposition, 1).ok());
  proposition.block_hashes.push_back(hash_of(3));
  proposition.block_tds.push_back(3);
  EXPECT_FALSE(validate_proposition(world.at(1), proposition, 1).ok());
}

TEST(MilestoneProposition, ShrinksToWhatItsReaderCannotKnow) {
  P proposition = two_blocks();
  proposition.latest_block_number = 11;
  proposition.latest_block_hash = hash_of(2);
  const P compact = to_compact(proposition);
  EXPECT_EQ(compact.parent_hash, Bytes(8, 9));
  EXPECT_TRUE(compact.latest_block_hash.empty());
  EXPECT_EQ(expanded_head(compact), hash_of(2));
  EXPECT_EQ(expanded_parent(compact.parent_hash, hash_of(9)), hash_of(9));
  EXPECT_EQ(expanded_parent(compact.parent_hash, hash_of(8)), compact.parent_hash);
  proposition.latest_block_number = 12;
  EXPECT_EQ(to_compact(proposition).latest_block_hash, hash_of(2));
}

}  // namespace
}  // namespace buri::consensus::modules::milestone
