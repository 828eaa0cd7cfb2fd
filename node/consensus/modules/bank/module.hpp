#pragma once

#include "node/consensus/modules/bank/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module bank of the application: balances, their genesis and queries.

namespace buri::consensus::modules::bank {

class Module final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "bank"; }
  void register_messages(runtime::MessageRegistry& registry) override;
  void register_queries(runtime::QueryRouter& router) override;
  /// Errors: code 1 if the supply is given and differs from the sum of the balances.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Keeper keeper_;
};

}  // namespace buri::consensus::modules::bank
