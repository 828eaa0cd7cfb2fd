#pragma once

#include "node/consensus/modules/bor/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module bor of the application: spans and producers. Blocks change them through rotation.hpp.

namespace buri::consensus::modules::bor {

/// `bor_chain` answers the queries about the next span; it must outlive the router.
void register_queries(runtime::QueryRouter& router, protocol::BorChain& bor_chain);

class Module final : public runtime::Module {
 public:
  /// `bor_chain` must outlive the registries that this registers with.
  explicit Module(protocol::BorChain& bor_chain) : bor_chain_(&bor_chain) {}

  [[nodiscard]] std::string_view name() const override { return "bor"; }
  void register_messages(runtime::MessageRegistry& registry) override {
    bor::register_messages(registry, *bor_chain_);
  }
  void register_queries(runtime::QueryRouter& router) override {
    bor::register_queries(router, *bor_chain_);
  }
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  /// Parameters and spans alone: votes, scores and downtimes are not exported.
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Keeper keeper_;
  protocol::BorChain* bor_chain_;
};

}  // namespace buri::consensus::modules::bor
