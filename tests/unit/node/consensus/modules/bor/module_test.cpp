#include "node/consensus/modules/bor/module.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/app/scripted_facts.hpp"
#include "tests/unit/node/consensus/modules/world.hpp"
#include "tests/unit/node/consensus/runtime/genesis_value.hpp"

namespace buri::consensus::modules::bor {
namespace {

class BorGenesis : public ::testing::Test {
 protected:
  Status<runtime::Error> import(World& world, std::string_view text) {
    const auto json = parse_json(text).value();
    return module_.init_genesis(world.at(1), runtime::GenesisValue(json));
  }

  protocol::ScriptedBorChain chain_;
  Module module_{chain_};
};

TEST_F(BorGenesis, ComesBackEqualButForWhatIsNotExported) {
  World world({100, 200});
  world.add_span(3, {0, 99}, 1);
  world.add_span(4, {100, 199}, 2);
  world.vote(1, {2});
  const std::string json = runtime::exported(module_, world.at(1));
  World other({1});
  ASSERT_TRUE(import(other, json).ok());
  EXPECT_EQ(runtime::exported(module_, other.at(1)), json);
  EXPECT_EQ(Keeper().last_span(other.at(1))->id, 4U);
  EXPECT_EQ(Keeper().params(other.at(1)).value(), Keeper().params(world.at(1)).value());
  EXPECT_TRUE(Keeper().votes_of(other.at(1), 1)->votes.empty());
}

TEST_F(BorGenesis, TakesTheHighestSpanAsTheLast) {
  World world({1});
  ASSERT_TRUE(import(world, R"({"params": {"sprint_duration": "16", "spanDuration": "128",
      "producer_count": "4"}, "spans": [{"id": "2", "end_block": "9"}, {"id": 1}]})")
                  .ok());
  EXPECT_EQ(Keeper().last_span(world.at(1))->end_block, 9U);
}

TEST_F(BorGenesis, RefusesWhatDoesNotFit) {
  World world({1});
  for (const char* text : {R"({})", R"({"params": {"sprint_duration": "16"}})",
                           R"({"params": {"sprint_duration": "16", "span_duration": "1",
                               "producer_count": "1"}, "spans": [{"id": "x"}]})"}) {
    EXPECT_FALSE(import(world, text).ok()) << text;
  }
}

TEST(BorParams, MustBePositive) {
  EXPECT_TRUE(validate(Params{1, 1, 1}).ok());
  EXPECT_EQ(validate(Params{0, 1, 1}).error().log,
            "invalid value provided 0 for bor param sprint duration");
  EXPECT_EQ(validate(Params{1, 0, 1}).error().log,
            "invalid value provided 0 for bor param span duration");
  EXPECT_EQ(validate(Params{1, 1, 0}).error().log,
            "invalid value provided 0 for bor param producer count");
}

}  // namespace
}  // namespace buri::consensus::modules::bor
