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

/// Eras: extensions of heights below 20, from 20, from 30.
TEST(MilestoneProposition, IsValidByTheForksOfItsHeight) {
  World world({1});
  world.set_fork(kIthaca, 20);
  world.set_fork(kCompactVoteExtension, 30);
  const std::vector<Case> cases{
      {"two blocks", [](P&) {}, true, true, false},
      {"a short parent", [](P& p) { p.parent_hash.resize(8); }, true, true, true},
      {"no parent", [](P& p) { p.parent_hash.clear(); }, true, true, true},
      {"a parent of nine bytes", [](P& p) { p.parent_hash.resize(9); }, true, true, false},
      {"no block", [](P& p) { p.block_hashes.clear(); }, false, false, false},
      {"a difficulty too many", [](P& p) { p.block_tds.push_back(1); }, false, false, false},
      {"a short hash", [](P& p) { p.block_hashes[0].pop_back(); }, false, false, false},
      {"a hash twice", [](P& p) { p.block_hashes[0] = p.block_hashes[1]; }, false, false, false},
      {"eleven blocks",
       [](P& p) {
         p.parent_hash.clear();
         for (std::uint8_t i = 3; i < 12; ++i) {
           p.block_hashes.push_back(hash_of(i));
           p.block_tds.push_back(i);
         }
       },
       false, false, false},
      {"a head beyond the end",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 12;
         p.latest_block_hash = hash_of(7);
       },
       false, true, true},
      {"a head at the end",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 11;
         p.latest_block_hash = hash_of(2);
       },
       false, true, false},
      {"a head at the end without its hash",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 11;
       },
       false, false, true},
      {"a head beyond the end without its hash",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 12;
       },
       false, false, false},
      {"another hash at the end",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 11;
         p.latest_block_hash = hash_of(3);
       },
       false, false, false},
      {"a head before the end",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 10;
         p.latest_block_hash = hash_of(1);
       },
       false, false, false},
      {"a head's hash without its number",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_hash = hash_of(1);
       },
       false, false, false},
      {"a head's hash of 31 bytes",
       [](P& p) {
         p.parent_hash.clear();
         p.latest_block_number = 12;
         p.latest_block_hash = Bytes(31, 1);
       },
       false, false, false},
      {"an end beyond 64 bits under a head",
       [](P& p) {
         p.parent_hash.clear();
         p.start_block_number = UINT64_MAX;
         p.latest_block_number = UINT64_MAX;
         p.latest_block_hash = hash_of(2);
       },
       false, false, false},
  };
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
