#pragma once

#include <array>

#include "node/consensus/app/ante.hpp"
#include "node/consensus/modules/auth/module.hpp"
#include "node/consensus/modules/bank/module.hpp"
#include "node/consensus/modules/bor/module.hpp"
#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/module.hpp"
#include "node/consensus/modules/clerk/module.hpp"
#include "node/consensus/modules/consensus/module.hpp"
#include "node/consensus/modules/gov/module.hpp"
#include "node/consensus/modules/milestone/module.hpp"
#include "node/consensus/modules/stake/module.hpp"
#include "node/consensus/modules/topup/module.hpp"
#include "node/protocol/bor_chain.hpp"
#include "node/protocol/root_chain_state.hpp"

/// Every module of the application, wired together.

namespace buri::consensus::app {

/// What this node's votes rest on. All must outlive the application.
struct ExternalFacts {
  protocol::RootChain* root_chain;
  protocol::BorChain* bor_chain;
  /// For queries; without it those of contracts say that the root chain did not answer.
  protocol::RootChainState* contracts = nullptr;
};

/// Owns the modules and what they registered. Not movable: messages point into the registry.
class ModuleSet {
 public:
  ModuleSet(const ExternalFacts& facts, modules::stake::GenesisRules genesis_rules);
  ModuleSet(const ModuleSet&) = delete;
  ModuleSet& operator=(const ModuleSet&) = delete;

  [[nodiscard]] const runtime::MessageRegistry& registry() const { return registry_; }
  [[nodiscard]] const runtime::QueryRouter& queries() const { return queries_; }
  /// In the order in which genesis is read and written.
  [[nodiscard]] const std::array<runtime::Module*, runtime::kStoreCount>& in_genesis_order() const {
    return order_;
  }
  /// The modules with work at a block's end, in its order.
  [[nodiscard]] std::array<runtime::Module*, 2> at_block_end() { return {&gov_, &stake_}; }
  /// Adds the modules' own checks to the ante chain.
  static void extend(AnteChain& ante);

 private:
  runtime::MessageRegistry registry_;
  runtime::QueryRouter queries_;
  modules::auth::Module auth_{registry_};
  modules::bank::Module bank_;
  modules::gov::Module gov_{registry_, &modules::stake::electors};
  modules::chainmanager::Module chainmanager_;
  modules::stake::Module stake_;
  modules::checkpoint::Module checkpoint_;
  modules::milestone::Module milestone_;
  modules::bor::Module bor_;
  modules::clerk::Module clerk_;
  modules::topup::Module topup_;
  modules::consensus::ParamsModule params_;
  modules::consensus::Module consensus_;
  std::array<runtime::Module*, runtime::kStoreCount> order_;
};

}  // namespace buri::consensus::app
