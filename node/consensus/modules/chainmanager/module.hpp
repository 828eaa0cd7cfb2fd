#pragma once

#include "node/consensus/modules/chainmanager/keeper.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module chainmanager of the application.

namespace buri::consensus::modules::chainmanager {

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper);

class Module final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "chainmanager"; }
  void register_messages(runtime::MessageRegistry& registry) override;
  void register_queries(runtime::QueryRouter& router) override;
  /// The chain id of the block takes the place of the section's heimdall_chain_id.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Keeper keeper_;
};

}  // namespace buri::consensus::modules::chainmanager
