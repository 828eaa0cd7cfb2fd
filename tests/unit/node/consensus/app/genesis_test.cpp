#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "node/consensus/modules/auth/module.hpp"
#include "node/consensus/modules/bank/module.hpp"
#include "node/consensus/modules/bor/module.hpp"
#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/module.hpp"
#include "node/consensus/modules/clerk/module.hpp"
#include "node/consensus/modules/consensus/keeper.hpp"
#include "node/consensus/modules/gov/module.hpp"
#include "node/consensus/modules/milestone/module.hpp"
#include "node/consensus/modules/stake/module.hpp"
#include "node/consensus/modules/topup/module.hpp"
#include "node/consensus/runtime/address.hpp"
#include "tests/unit/node/consensus/app/machine.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"
#include "tests/unit/node/consensus/runtime/genesis_value.hpp"

/// The genesis of recorded chains, imported by the modules that exist, against what block 1 wrote;
/// and the end of blocks with proposals.

namespace buri::consensus::app {
namespace {

using runtime::StoreId;

struct World {
  runtime::MessageRegistry registry;
  modules::auth::Module auth{registry};
  modules::bank::Module bank;
  modules::gov::Module gov{registry, &modules::stake::electors};
  modules::chainmanager::Module chainmanager;
  protocol::ScriptedRootChain root_chain;
  protocol::ScriptedBorRoots bor_roots;
  protocol::ScriptedBorChain bor_chain;
  modules::stake::Module stake{root_chain};
  modules::checkpoint::Module checkpoint{{&root_chain, &bor_roots}};
  modules::milestone::Module milestone;
  modules::bor::Module bor{bor_chain};
  modules::clerk::Module clerk{root_chain};
  modules::topup::Module topup{root_chain};
  runtime::MemoryStores stores;
  runtime::BlockFacts facts;
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;

  World() {
    tx::register_tx_types(registry);
    auth.register_messages(registry);
    bank.register_messages(registry);
    gov.register_messages(registry);
    modules::consensus::register_messages(registry, {});
    chainmanager.register_messages(registry);
    stake.register_messages(registry);
    checkpoint.register_messages(registry);
    milestone.register_messages(registry);
    bor.register_messages(registry);
    clerk.register_messages(registry);
    topup.register_messages(registry);
  }

  /// The modules whose genesis is imported, in the stock daemon's order.
  std::vector<runtime::Module*> modules() {
    std::vector<runtime::Module*> all;
    all.insert(all.end(), {&auth, &bank, &gov, &chainmanager});
    all.insert(all.end(), {&stake, &checkpoint, &milestone, &bor});
    all.insert(all.end(), {&clerk, &topup});
    return all;
  }
};

class RecordedGenesis : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    std::string why;
    chain_ = recorded_chain(GetParam(), why);
    if (chain_ == nullptr) GTEST_SKIP() << why;
  }
  const RecordedChain* chain_ = nullptr;
};

TEST_P(RecordedGenesis, ImportsToWhatTheFirstBlockWrote) {
  const auto text = records::read_text(
      records::existing_path(recorded_chains_folder() + "/" + GetParam() + "/genesis.json"));
  const auto json = parse_json(text.value()).value();
  const JsonCursor state = JsonCursor(json).member("app_state").value();
  World world;
  world.facts = facts_of(*chain_, 1);
  store::Branch branch(world.stores.stores());
  const runtime::Context context(world.facts, branch, world.meter, world.events);
  // The stock daemon touches the fee collector first and topup last.
  const modules::auth::Keeper accounts;
  ASSERT_TRUE(accounts.module_account(context, "fee_collector").ok());
  for (runtime::Module* module : world.modules()) {
    const JsonCursor section = state.member(module->name()).value();
    const auto imported = module->init_genesis(context, runtime::GenesisValue(section.value()));
    ASSERT_TRUE(imported.ok()) << imported.error().log;
  }
  ASSERT_TRUE(accounts.module_account(context, "topup").ok());
  // The end of the first block belongs to its writes.
  std::vector<runtime::ValidatorUpdate> updates;
  ASSERT_TRUE(world.stake.end_block(context, updates).ok());
  EXPECT_TRUE(updates.empty());
  world.stores.take(branch);
  std::size_t compared = 0;
  for (const auto& writes : chain_->writes.at(1)) {
    const auto id = runtime::store_by_name(writes.store).value();
    const bool is_imported = std::ranges::any_of(
        world.modules(),
        [&writes](const runtime::Module* module) { return module->name() == writes.store; });
    if (!is_imported) continue;
    const auto& entries = world.stores[id].entries();
    EXPECT_EQ(entries.size(), writes.sets.size()) << writes.store;
    for (const auto& [key, value] : writes.sets) {
      const auto entry = entries.find(key);
      ASSERT_NE(entry, entries.end()) << writes.store << " " << to_hex(key);
      EXPECT_EQ(to_hex(entry->second), to_hex(value)) << writes.store << " " << to_hex(key);
      ++compared;
    }
  }
  EXPECT_GT(compared, 10U);
}

TEST_P(RecordedGenesis, ExportsWhatImportsToTheSameState) {
  World world;
  apply(chain_->writes.at(1), world.stores);
  store::Branch branch(world.stores.stores());
  const runtime::Context context(world.facts, branch, world.meter, world.events);
  World fresh;
  store::Branch copy(fresh.stores.stores());
  const runtime::Context target(fresh.facts, copy, fresh.meter, fresh.events);
  const auto section = parse_json(runtime::exported(world.bank, context)).value();
  const auto imported = fresh.bank.init_genesis(target, runtime::GenesisValue(section));
  ASSERT_TRUE(imported.ok()) << imported.error().log;
  fresh.stores.take(copy);
  EXPECT_EQ(fresh.stores[StoreId::kBank].entries(), world.stores[StoreId::kBank].entries());
}

/// Whether the events stand next to each other among those of a block, which name the phase too.
void expect_within(const runtime::EventLog& events,
                   const std::vector<records::EventRecord>& recorded) {
  std::vector<records::EventRecord> made = in_record_form(events);
  for (records::EventRecord& event : made) event.second.emplace_back("mode", "EndBlock");
  EXPECT_FALSE(std::ranges::search(recorded, made).empty());
}

/// Heights of chain A whose only writes to gov are those of the block's end: two proposals that
/// found no deposit, a legacy text that passed, one that was vetoed, and one that set parameters.
TEST(RecordedProposals, EndAsRecorded) {
  std::string why;
  const RecordedChain* chain = recorded_chain("A", why);
  if (chain == nullptr) GTEST_SKIP() << why;
  World world;
  for (const auto& [height, writes] : chain->writes) {
    const bool is_wanted =
        height == 59 || height == 90 || height == 214 || height == 262 || height == 269;
    if (is_wanted) {
      SCOPED_TRACE("height " + std::to_string(height));
      const runtime::BlockFacts facts = facts_of(*chain, height);
      store::Branch branch(world.stores.stores());
      const runtime::Context context(facts, branch, world.meter, world.events);
      std::vector<runtime::ValidatorUpdate> updates;
      const auto ended = world.gov.end_block(context, updates);
      ASSERT_TRUE(ended.ok()) << ended.error().log;
      expect_within(world.events, chain->results.at(height).events);
      world.events.clear();
      const auto recorded =
          std::ranges::find(writes, std::string("gov"), &records::WritesRecord::store);
      ASSERT_NE(recorded, writes.end());
      std::vector<std::pair<Bytes, Bytes>> sets;
      std::vector<Bytes> deletes;
      for (const auto& [key, value] :
           branch.store(static_cast<std::size_t>(StoreId::kGov)).writes()) {
        if (value) sets.emplace_back(key, *value);
        if (!value && world.stores[StoreId::kGov].entries().contains(key)) deletes.push_back(key);
      }
      EXPECT_EQ(sets, recorded->sets);
      EXPECT_EQ(deletes, recorded->deletes);
    }
    apply(writes, world.stores);
  }
}

INSTANTIATE_TEST_SUITE_P(Chains, RecordedGenesis, ::testing::Values("A", "B"));

}  // namespace
}  // namespace buri::consensus::app
