#pragma once

#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module auth of the application: accounts, their genesis and queries.

namespace buri::consensus::modules::auth {

/// `registry` must outlive it: genesis accounts are Anys.
class Module final : public runtime::Module {
 public:
  explicit Module(const runtime::MessageRegistry& registry) : registry_(&registry) {}

  [[nodiscard]] std::string_view name() const override { return "auth"; }
  void register_messages(runtime::MessageRegistry& registry) override;
  void register_queries(runtime::QueryRouter& router) override;
  /// Numbers that occur twice are replaced by the lowest free ones, then accounts are written by
  /// number and the fee collector is made if it is missing.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  const runtime::MessageRegistry* registry_;
  Keeper keeper_;
};

}  // namespace buri::consensus::modules::auth
