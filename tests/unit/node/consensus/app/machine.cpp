#include "tests/unit/node/consensus/app/machine.hpp"

#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/modules/bor/messages.hpp"
#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/modules/clerk/messages.hpp"
#include "node/consensus/modules/consensus/keeper.hpp"
#include "node/consensus/modules/gov/messages.hpp"
#include "node/consensus/modules/milestone/module.hpp"
#include "node/consensus/modules/stake/messages.hpp"
#include "node/consensus/modules/topup/messages.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::app {

Machine::Machine() : signatures(testing::engine()), gov(registry, &modules::stake::electors) {
  tx::register_tx_types(registry);
  modules::auth::register_messages(registry, modules::auth::Keeper());
  modules::bank::register_messages(registry, modules::bank::Keeper());
  modules::consensus::register_messages(registry, modules::consensus::Keeper());
  modules::gov::register_messages(registry, gov);
  modules::chainmanager::register_messages(registry, {});
  modules::stake::register_messages(registry, root_chain);
  modules::topup::register_messages(registry, root_chain);
  modules::checkpoint::register_messages(registry, {&root_chain, &bor_roots});
  modules::clerk::register_messages(registry, root_chain);
  modules::bor::register_messages(registry, bor_chain);
  modules::milestone::register_messages(registry, {});
  ante.extend({.after_transfer_cap = &modules::checkpoint::check_account_roots,
               .after_basic_form = &modules::clerk::check_tx_hashes});
}

std::vector<records::EventRecord> in_record_form(const runtime::EventLog& events) {
  std::vector<records::EventRecord> records;
  for (const runtime::Event& event : events) records.emplace_back(event.type, event.attributes);
  return records;
}

}  // namespace buri::consensus::app
