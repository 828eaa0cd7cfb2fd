#pragma once

#include "node/consensus/modules/checkpoint/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module checkpoint of the application: roots of Bor blocks on their way to the root chain.

namespace buri::consensus::modules::checkpoint {

class Module final : public runtime::Module {
 public:
  /// What `facts` names must outlive the registry that this registers with.
  explicit Module(const Facts& facts) : facts_(facts) {}

  [[nodiscard]] std::string_view name() const override { return kCodespace; }
  void register_messages(runtime::MessageRegistry& registry) override {
    checkpoint::register_messages(registry, facts_);
  }
  void register_queries(runtime::QueryRouter& router) override;
  /// Checkpoints are sorted by their timestamps and numbered from 1.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Keeper keeper_;
  Facts facts_;
};

}  // namespace buri::consensus::modules::checkpoint
