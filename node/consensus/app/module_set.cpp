#include "node/consensus/app/module_set.hpp"

namespace buri::consensus::app {

ModuleSet::ModuleSet(const ExternalFacts& facts, modules::stake::GenesisRules genesis_rules)
    : stake_(*facts.root_chain, genesis_rules),
      checkpoint_({facts.root_chain, facts.bor_chain}),
      bor_(*facts.bor_chain),
      clerk_(*facts.root_chain, facts.contracts),
      topup_(*facts.root_chain, facts.contracts),
      order_{&auth_,      &bank_, &gov_,   &chainmanager_, &stake_,  &checkpoint_,
             &milestone_, &bor_,  &clerk_, &topup_,        &params_, &consensus_} {
  tx::register_tx_types(registry_);
  for (runtime::Module* module : order_) {
    module->register_messages(registry_);
    module->register_queries(queries_);
  }
}

void ModuleSet::extend(AnteChain& ante) {
  ante.extend({.after_transfer_cap = &modules::checkpoint::check_account_roots,
               .after_basic_form = &modules::clerk::check_tx_hashes});
}

}  // namespace buri::consensus::app
