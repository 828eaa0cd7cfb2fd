#pragma once

#include "node/consensus/modules/topup/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module topup of the application: fees paid in and out on the root chain.

namespace buri::consensus::modules::topup {

class Module final : public runtime::Module {
 public:
  /// `root_chain` must outlive the registry that this registers with.
  explicit Module(protocol::RootChain& root_chain) : root_chain_(&root_chain) {}

  [[nodiscard]] std::string_view name() const override { return "topup"; }
  void register_messages(runtime::MessageRegistry& registry) override {
    topup::register_messages(registry, *root_chain_);
  }
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        std::string& json) const override;

 private:
  Keeper keeper_;
  protocol::RootChain* root_chain_;
};

}  // namespace buri::consensus::modules::topup
