#pragma once

#include "node/consensus/modules/clerk/messages.hpp"
#include "node/consensus/runtime/module.hpp"
#include "node/protocol/root_chain_state.hpp"

/// Module clerk of the application: state sync events on their way from the root chain to Bor.

namespace buri::consensus::modules::clerk {

/// The start of a block is Keeper::advance_visibility, which the application calls before it
/// decodes the block's first transaction, not a block hook.
class Module final : public runtime::Module {
 public:
  /// `root_chain`, and `state`, which queries of the root chain's contracts need, must outlive what
  /// this registers with. Without `state` those queries say that the root chain did not answer.
  explicit Module(protocol::RootChain& root_chain, protocol::RootChainState* state = nullptr)
      : root_chain_(&root_chain), state_(state) {}

  [[nodiscard]] std::string_view name() const override { return kCodespace; }
  void register_messages(runtime::MessageRegistry& registry) override {
    clerk::register_messages(registry, *root_chain_);
  }
  void register_queries(runtime::QueryRouter& router) override;
  /// A record whose id or time is taken is dropped, as in the stock daemon.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Keeper keeper_;
  protocol::RootChain* root_chain_;
  protocol::RootChainState* state_;
};

}  // namespace buri::consensus::modules::clerk
