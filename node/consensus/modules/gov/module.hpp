#pragma once

#include "node/consensus/modules/gov/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module gov of the application.

namespace buri::consensus::modules::gov {

/// `registry` must outlive it.
class Module final : public runtime::Module {
 public:
  Module(const runtime::MessageRegistry& registry, Electorate electorate)
      : registry_(&registry), electorate_(electorate), keeper_(registry, std::move(electorate)) {}

  [[nodiscard]] std::string_view name() const override { return "gov"; }
  void register_messages(runtime::MessageRegistry& registry) override;
  void register_queries(runtime::QueryRouter& router) override;
  /// Errors: code 1 if the deposits differ from what the gov account holds.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;
  Status<runtime::Error> end_block(const runtime::Context& context,
                                   std::vector<runtime::ValidatorUpdate>& updates) override;

 private:
  const runtime::MessageRegistry* registry_;
  Electorate electorate_;
  Keeper keeper_;
  auth::Keeper accounts_;
  bank::Keeper bank_;
};

}  // namespace buri::consensus::modules::gov
