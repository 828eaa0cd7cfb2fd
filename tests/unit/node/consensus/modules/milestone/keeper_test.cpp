#include "node/consensus/modules/milestone/keeper.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/modules/milestone/module.hpp"
#include "node/consensus/modules/milestone/query_types.hpp"
#include "node/consensus/runtime/typed_store.hpp"
#include "tests/unit/node/consensus/modules/world.hpp"
#include "tests/unit/node/consensus/runtime/genesis_value.hpp"

namespace buri::consensus::modules::milestone {
namespace {

using enum protocol::HeimdallFork;

TEST(MilestoneKeeper, NumbersFromOneAndTellsBor) {
  World world({1});
  const Keeper keeper;
  EXPECT_TRUE(keeper.last(world.at(1)).error().is("milestone", 3));
  EXPECT_FALSE(keeper.last_if_any(world.at(1)).value());
  world.add_milestone(0, 4, hash_of(1));
  world.add_milestone(5, 9, hash_of(2));
  EXPECT_EQ(keeper.count(world.at(1)).value(), 2U);
  EXPECT_EQ(keeper.last(world.at(1))->hash, hash_of(2));
  ASSERT_EQ(world.events.size(), 2U);
  EXPECT_EQ(world.events[1].type, "milestone");
  EXPECT_EQ(world.events[1].attributes[7], (std::pair<std::string, std::string>{"number", "2"}));
}

TEST(MilestoneKeeper, RefusesParametersThatCannotWork) {
  const std::vector<std::pair<Params, bool>> cases{
      {{10, 1000, 100}, true}, {{256, 1000, 100}, true}, {{257, 1000, 100}, false},
      {{0, 1000, 100}, false}, {{10, 0, 100}, false},    {{10, 1000, 0}, false},
      {{10, 100, 100}, false}, {{10, 1000, 300}, false}, {{10, 2, 1}, true}};
  for (const auto& [params, is_valid] : cases) {
    EXPECT_EQ(validate(params).ok(), is_valid)
        << params.max_milestone_proposition_length << " " << params.ff_milestone_threshold << " "
        << params.ff_milestone_block_interval;
  }
}

/// The milestone that mainnet deletes, as the last of its number.
class FaultyMilestone : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kNumber = 1'941'439;

  void put(std::uint64_t number, const Milestone& milestone) {
    const auto store = world_.at(1).store(runtime::StoreId::kMilestone);
    ASSERT_TRUE(runtime::write_message(store, runtime::Key(0x81).number(number), milestone).ok());
    ASSERT_TRUE(runtime::write_counter(store, runtime::Key(0x83), number).ok());
  }
  void SetUp() override {
    world_.set_fork(kMilestoneDeletion, 28);
    put(kNumber - 1, {.end_block = 76'273'069});
    put(kNumber, faulty_);
  }
  bool is_there() { return keeper_.by_number(world_.at(1), kNumber)->has_value(); }

  Milestone faulty_{
      .start_block = 76'273'070,
      .end_block = 76'273'070,
      .hash = *from_hex("7910a20918558674edb87759a2bb08b31af0de0e4eef0d8909be75af3591748f"),
      .bor_chain_id = "137",
      .milestone_id = "809387e7dae84cce485d95f1fce3f2ac1d2b9979d1c0989df2d4309b30ef6aa6"};
  World world_{{1}};
  Keeper keeper_;
};

TEST_F(FaultyMilestone, IsDeletedAtTheForksHeightAlone) {
  for (const std::int64_t height : {27, 29}) {
    ASSERT_TRUE(keeper_.delete_faulty(world_.at(height)).ok());
    EXPECT_TRUE(is_there());
  }
  ASSERT_TRUE(keeper_.delete_faulty(world_.at(28)).ok());
  EXPECT_FALSE(is_there());
  EXPECT_EQ(keeper_.count(world_.at(28)).value(), kNumber - 1);
  EXPECT_EQ(keeper_.last_height(world_.at(28)).value(), 76'273'069U);
}

TEST_F(FaultyMilestone, StaysIfAnyFieldDiffers) {
  for (int field = 0; field < 5; ++field) {
    Milestone other = faulty_;
    if (field == 0) ++other.start_block;
    if (field == 1) ++other.end_block;
    if (field == 2) other.hash.back() ^= 1;
    if (field == 3) other.bor_chain_id = "138";
    if (field == 4) other.milestone_id.back() = '0';
    put(kNumber, other);
    ASSERT_TRUE(keeper_.delete_faulty(world_.at(28)).ok());
    EXPECT_TRUE(is_there()) << field;
  }
}

TEST_F(FaultyMilestone, LeavesTheCountIfItIsNotTheLast) {
  put(kNumber + 1, {.end_block = 76'273'080});
  ASSERT_TRUE(keeper_.delete_faulty(world_.at(28)).ok());
  EXPECT_FALSE(is_there());
  EXPECT_EQ(keeper_.count(world_.at(28)).value(), kNumber + 1);
  EXPECT_EQ(keeper_.last_height(world_.at(28)).value(), 0U);
}

std::vector<Milestone> all_of(const runtime::Context& context) {
  std::vector<Milestone> all;
  const auto walked =
      Keeper().for_each(context, [&all](const Milestone& milestone) -> Status<runtime::Error> {
        all.push_back(milestone);
        return Unit{};
      });
  EXPECT_TRUE(walked.ok());
  return all;
}

TEST(MilestoneGenesis, RenumbersByTimeAndComesBackEqual) {
  World world({1});
  Module module;
  const auto json = parse_json(R"({"params": {"max_milestone_proposition_length": "10",
      "ff_milestone_threshold": 1000, "ffMilestoneBlockInterval": "100"}, "milestones": [
      {"end_block": "9", "timestamp": "7"}, {"end_block": "4", "timestamp": "5"},
      {"end_block": "10", "timestamp": "7"}]})")
                        .value();
  ASSERT_TRUE(module.init_genesis(world.at(1), runtime::GenesisValue(json)).ok());
  const auto all = all_of(world.at(1));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].end_block, 4U);
  EXPECT_EQ(all[1].end_block, 9U);
  EXPECT_EQ(all[2].end_block, 10U);
  const std::string exported = runtime::exported(module, world.at(1));
  World other({1});
  const auto again = parse_json(exported).value();
  ASSERT_TRUE(module.init_genesis(other.at(1), runtime::GenesisValue(again)).ok());
  EXPECT_EQ(all_of(other.at(1)), all);
}

TEST(MilestoneGenesis, RefusesWhatDoesNotFit) {
  World world({1});
  Module module;
  for (const char* text : {R"({"params": {}})", R"({"params": 7})",
                           R"({"params": {"max_milestone_proposition_length": 10,
        "ff_milestone_threshold": 1000, "ff_milestone_block_interval": 100},
        "milestones": [{"hash": "?"}]})"}) {
    const auto json = parse_json(text).value();
    EXPECT_FALSE(module.init_genesis(world.at(1), runtime::GenesisValue(json)).ok()) << text;
  }
}

TEST(MilestoneQueries, AnswerWithTheStockStatusCodes) {
  World world({1});
  runtime::QueryRouter router;
  Module module;
  module.register_queries(router);
  const std::string service = "heimdallv2.milestone.Query/";
  const auto latest = [&] {
    return router.answer(world.at(1), service + "GetLatestMilestone", {});
  };
  const auto by_number = [&](std::uint64_t number) {
    return router.answer(world.at(1), service + "GetMilestoneByNumber",
                         codec::encode(QueryMilestoneRequest{number}));
  };
  using Code = runtime::QueryError::Code;
  EXPECT_EQ(latest().error(), (runtime::QueryError{Code::kInternal, "milestone not found"}));
  world.add_milestone(0, 4, hash_of(1));
  EXPECT_EQ(codec::decode<QueryLatestMilestoneResponse>(*latest())->milestone.end_block, 4U);
  EXPECT_EQ(by_number(0).error().code, Code::kNotFound);
  EXPECT_EQ(by_number(2).error().code, Code::kNotFound);
  EXPECT_EQ(codec::decode<QueryMilestoneResponse>(*by_number(1))->milestone.hash, hash_of(1));
  const auto count = router.answer(world.at(1), service + "GetMilestoneCount", {});
  EXPECT_EQ(codec::decode<QueryCountResponse>(*count)->count, 1U);
  const auto params = router.answer(world.at(1), service + "GetMilestoneParams", {});
  EXPECT_EQ(codec::decode<QueryParamsResponse>(*params)->params, (Params{10, 1000, 100}));
}

}  // namespace
}  // namespace buri::consensus::modules::milestone
