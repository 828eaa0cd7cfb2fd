#include "node/consensus/app/genesis_file.hpp"
#include "node/consensus/modules/auth/module.hpp"
#include "node/consensus/modules/bank/module.hpp"
#include "node/consensus/modules/bor/module.hpp"
#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/module.hpp"
#include "node/consensus/modules/clerk/module.hpp"
#include "node/consensus/modules/gov/module.hpp"
#include "node/consensus/modules/milestone/module.hpp"
#include "node/consensus/modules/stake/module.hpp"
#include "node/consensus/modules/topup/module.hpp"
#include "tests/fuzz/node/registry.hpp"
#include "tests/unit/node/consensus/runtime/memory_stores.hpp"

/// A genesis file is refused, or has a height from 1 on and whole parameters; every module reads
/// its part of it or refuses that; a part that was read is exported as a document.

namespace {

using namespace buri;
using namespace buri::consensus;

struct Application {
  fuzz::EmptyRootChain root_chain;
  fuzz::SilentBor bor;
  runtime::MessageRegistry registry;
  modules::auth::Module auth{registry};
  modules::bank::Module bank;
  modules::gov::Module gov{registry, &modules::stake::electors};
  modules::chainmanager::Module chainmanager;
  modules::stake::Module stake{root_chain};
  modules::checkpoint::Module checkpoint{{&root_chain, &bor}};
  modules::milestone::Module milestone;
  modules::bor::Module bor_module{bor};
  modules::clerk::Module clerk{root_chain};
  modules::topup::Module topup{root_chain};

  Application() {
    tx::register_tx_types(registry);
    for (runtime::Module* module : modules()) module->register_messages(registry);
  }
  std::vector<runtime::Module*> modules() {
    return {&auth,       &bank,      &gov,        &chainmanager, &stake,
            &checkpoint, &milestone, &bor_module, &clerk,        &topup};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Application application;
  auto file = app::GenesisFile::open(
      app::in_memory(std::string(reinterpret_cast<const char*>(data), size)));
  if (!file.ok()) return 0;
  const auto head = app::read_genesis_head(JsonCursor((*file)->head()));
  if (head.ok()) {
    CHECK(head->initial_height >= 1, "a chain begins at 1 or later");
    CHECK(head->params.block.has_value() && head->params.blob.has_value(),
          "every section of the parameters is there");
  }
  runtime::MemoryStores stores;
  runtime::BlockFacts facts;
  facts.chain_id = "fuzz";
  store::Branch branch(stores.stores());
  runtime::GasMeter meter = runtime::GasMeter::infinite();
  runtime::EventLog events;
  const runtime::Context context(facts, branch, meter, events);
  for (runtime::Module* module : application.modules()) {
    const auto section = (*file)->section(module->name());
    if (!section.ok()) return 0;
    if (!module->init_genesis(context, **section).ok()) continue;
    std::string json;
    runtime::GenesisSink sink(runtime::append_to(json));
    if (module->export_genesis(context, sink).ok() && sink.finish().ok()) {
      CHECK(parse_json(json).ok(), "an export is a document");
    }
  }
  return 0;
}
