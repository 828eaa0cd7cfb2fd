#pragma once

#include "node/consensus/modules/stake/messages.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module stake of the application: validators and the sets made of them.

namespace buri::consensus::modules::stake {

/// Which daemon made the chain's first block (heimdall-after-ithaca.md 2, "Trap").
enum class GenesisRules : std::uint8_t {
  kWithoutPenultimate,  ///< before v0.11.0: the penultimate set is not written
  kWithPenultimate,     ///< the genesis's penultimate set, else the rebuilt current one
};

class Module final : public runtime::Module {
 public:
  /// `root_chain` must outlive the registry that this registers with.
  explicit Module(protocol::RootChain& root_chain,
                  GenesisRules rules = GenesisRules::kWithoutPenultimate)
      : root_chain_(&root_chain), rules_(rules) {}

  [[nodiscard]] std::string_view name() const override { return "stake"; }
  void register_messages(runtime::MessageRegistry& registry) override {
    stake::register_messages(registry, *root_chain_);
  }
  void register_queries(runtime::QueryRouter& router) override;
  /// Only members of the set get records, with the set's rebuilt priorities; the previous set
  /// becomes the current one.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;
  Status<runtime::Error> end_block(const runtime::Context& context,
                                   std::vector<runtime::ValidatorUpdate>& updates) override;

 private:
  Status<runtime::Error> import_sets(const runtime::Context& context,
                                     const GenesisState& state) const;

  Keeper keeper_;
  protocol::RootChain* root_chain_;
  GenesisRules rules_;
};

}  // namespace buri::consensus::modules::stake
