#pragma once

#include "node/consensus/modules/consensus/keeper.hpp"
#include "node/consensus/runtime/module.hpp"

/// Modules consensus and params of the application.

namespace buri::consensus::modules::consensus {

/// Its parameters come with InitChain and not from the application's genesis.
class Module final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "consensus"; }
  void register_messages(runtime::MessageRegistry& registry) override {
    consensus::register_messages(registry, keeper_);
  }
  Status<runtime::Error> init_genesis(const runtime::Context& /*context*/,
                                      const runtime::GenesisSection& /*section*/) override {
    return Unit{};
  }
  Status<runtime::Error> export_genesis(const runtime::Context& /*context*/,
                                        std::string& json) const override {
    json += "{}";
    return Unit{};
  }

 private:
  Keeper keeper_;
};

/// Owns a store that stays empty: no parameter of the older kind exists (spec/heimdall.md 2a).
class ParamsModule final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "params"; }
  Status<runtime::Error> init_genesis(const runtime::Context& /*context*/,
                                      const runtime::GenesisSection& /*section*/) override {
    return Unit{};
  }
  Status<runtime::Error> export_genesis(const runtime::Context& /*context*/,
                                        std::string& json) const override {
    json += "{}";
    return Unit{};
  }
};

}  // namespace buri::consensus::modules::consensus
