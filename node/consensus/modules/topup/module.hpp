#pragma once

#include "node/consensus/modules/topup/messages.hpp"
#include "node/consensus/runtime/module.hpp"
#include "node/protocol/root_chain_state.hpp"

/// Module topup of the application: fees paid in and out on the root chain.

namespace buri::consensus::modules::topup {

class Module final : public runtime::Module {
 public:
  /// `root_chain`, and `state`, which queries of the root chain's contracts need, must outlive what
  /// this registers with. Without `state` those queries say that the root chain did not answer.
  explicit Module(protocol::RootChain& root_chain, protocol::RootChainState* state = nullptr)
      : root_chain_(&root_chain), state_(state) {}

  [[nodiscard]] std::string_view name() const override { return "topup"; }
  void register_messages(runtime::MessageRegistry& registry) override {
    topup::register_messages(registry, *root_chain_);
  }
  void register_queries(runtime::QueryRouter& router) override;
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Keeper keeper_;
  protocol::RootChain* root_chain_;
  protocol::RootChainState* state_;
};

}  // namespace buri::consensus::modules::topup
