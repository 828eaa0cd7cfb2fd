#include "node/consensus/modules/bor/selection.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"
#include "tests/unit/node/consensus/modules/world.hpp"

namespace buri::consensus::modules::bor {
namespace {

using Places = std::vector<std::size_t>;

Hash256 seed(std::string_view text) { return fixed_from_hex<32>(text).value(); }

/// Expected places come from Go's math/rand, drawn after the written rules. The seeds and the count
/// of different producers for equal powers, 3 and 4, are those of the stock daemon's own test.
TEST(ProducerDraw, DrawsAsGoDoes) {
  const Hash256 a = seed("8f5bab218b6bb34476f51ca588e9f4553a3a7ce5e13a66c660a5283e97e9a85a");
  const Hash256 b = seed("e09cc356df20c7a2dd38cb85b680a16ec29bd8b3e1ecc1b20f2e5603d5e7ee85");
  const std::vector<std::uint64_t> equal(5, 10'000);
  const std::vector<std::uint64_t> uneven{1, 0, 5, 1'000'000, 3, 250'000, 7};
  constexpr std::uint64_t kHuge = std::uint64_t{1} << 62;
  const std::vector<std::uint64_t> huge{kHuge, kHuge, kHuge + 12'345};
  EXPECT_EQ(draw(equal, a, 4), (Places{4, 1, 1, 3}));
  EXPECT_EQ(draw(uneven, a, 11), (Places{3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 5}));
  EXPECT_EQ(draw(huge, a, 11), (Places{2, 0, 1, 0, 0, 2, 2, 1, 1, 2, 1}));
  EXPECT_EQ(draw(equal, b, 4), (Places{4, 1, 0, 3}));
  EXPECT_EQ(draw(uneven, b, 11), (Places{3, 3, 5, 3, 3, 3, 3, 5, 5, 3, 5}));
  EXPECT_EQ(draw(huge, b, 11), (Places{2, 1, 0, 0, 1, 1, 2, 1, 2, 2, 0}));
}

TEST(ProducerDraw, GivesADrawnOneTheNumberOfItsDraws) {
  World world({1, 1, 1, 1, 1});
  ASSERT_TRUE(Keeper().set_params(world.at(1), {16, 100, 4}).ok());
  const Hash256 a = seed("8f5bab218b6bb34476f51ca588e9f4553a3a7ce5e13a66c660a5283e97e9a85a");
  // The members in the records' order, all with the same power then.
  std::vector<stake::Validator> earlier = world.set().validators;
  for (stake::Validator& member : earlier) member.voting_power = 10'000;
  const auto drawn = draw_producers(world.at(1), a, earlier).value();
  ASSERT_EQ(drawn.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(drawn, {}, &stake::Validator::signer));
  EXPECT_EQ(drawn[0].signer, earlier[1].signer);
  EXPECT_EQ(drawn[0].voting_power, 2);
  EXPECT_EQ(drawn[1].signer, earlier[3].signer);
  EXPECT_EQ(drawn[2].signer, earlier[4].signer);
  EXPECT_EQ(drawn[2].voting_power, 1);
}

TEST(ProducerDraw, PassesOverWhoWasNotInTheEarlierSet) {
  World world({100, 100, 100, 100, 100});
  const std::vector earlier{validator_of(3, 1)};
  const auto drawn = draw_producers(world.at(1), Hash256{}, earlier).value();
  ASSERT_EQ(drawn.size(), 1U);
  EXPECT_EQ(drawn[0].val_id, 3U);
  EXPECT_EQ(drawn[0].voting_power, 4);
}

TEST(ProducerDraw, TakesAllIfTheyAreFewAndStay) {
  World world({100, 200, 300, 400, 500});
  stake::Validator leaving = validator_of(5, 500);
  leaving.end_epoch = 9;
  world.put_record(leaving);
  const auto drawn = draw_producers(world.at(1), Hash256{}, {}).value();
  ASSERT_EQ(drawn.size(), 4U);
  std::int64_t power = 0;
  for (const stake::Validator& validator : drawn) power += validator.voting_power;
  EXPECT_EQ(power, 1000);
}

/// Span 0 has the blocks 0 to 99, span 1 100 to 199; sprints of 20 blocks. Seeds of span 3 come
/// from the blocks 199, 179, 159, 139 and 119.
class SpanSeeds : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(Keeper().set_params(world_.at(1), {20, 100, 4}).ok());
    world_.add_span(0, {0, 99}, 1);
    world_.add_span(1, {100, 199}, 1);
    world_.add_span(2, {200, 299}, 1);
    for (std::uint64_t i = 0; i < 300; ++i) bor_.extend(address_of(i / 20));
  }
  void set_author(std::uint64_t span, std::uint64_t validator) {
    ASSERT_TRUE(Keeper().set_seed_author(world_.at(1), span, address_of(validator)).ok());
  }
  /// The block whose hash is the seed; 0 if there is none.
  std::uint64_t seed_block(std::uint64_t span) {
    const auto found = seed_of_span(world_.at(1), span, bor_);
    if (!found.ok()) return 0;
    for (const auto& [number, info] : bor_.known) {
      if (info.block.hash != found->hash) continue;
      EXPECT_EQ(info.author, found->author);
      return number;
    }
    return 0;
  }

  World world_{{100, 100}};
  protocol::ScriptedBorChain bor_;
};

TEST_F(SpanSeeds, BeginWithBlockOne) { EXPECT_EQ(seed_block(1), 1U); }

TEST_F(SpanSeeds, AvoidTheAuthorsOfLate) {
  EXPECT_EQ(seed_block(3), 199U);
  set_author(2, 9);
  EXPECT_EQ(seed_block(3), 179U);
  set_author(1, 8);
  EXPECT_EQ(seed_block(3), 159U);
}

TEST_F(SpanSeeds, TakeADifferentAuthorThanTheLastIfAllWereUsed) {
  for (std::uint64_t id = 3; id <= 8; ++id) {
    world_.add_span(id, {id * 100, id * 100 + 99}, 1);
  }
  // Span 9 looks at span 7, 700 to 799, of which Bor has nothing.
  EXPECT_EQ(seed_block(9), 0U);
  world_.add_span(7, {100, 199}, 1);
  for (std::uint64_t id = 4; id <= 8; ++id) set_author(id, id + 1);
  // Blocks 199 to 119 are of 9, 8, 7, 6, 5; the last seed's author is 9.
  EXPECT_EQ(seed_block(9), 179U);
}

TEST_F(SpanSeeds, NeedNoNewAuthorInASetOfOne) {
  World world({100});
  ASSERT_TRUE(Keeper().set_params(world.at(1), {20, 100, 4}).ok());
  world.add_span(1, {100, 199}, 1);
  ASSERT_TRUE(Keeper().set_seed_author(world.at(1), 2, address_of(9)).ok());
  EXPECT_EQ(seed_of_span(world.at(1), 3, bor_)->author, address_of(9));
}

}  // namespace
}  // namespace buri::consensus::modules::bor
