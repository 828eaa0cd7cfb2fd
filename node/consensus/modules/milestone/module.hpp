#pragma once

#include "node/consensus/modules/milestone/keeper.hpp"
#include "node/consensus/runtime/module.hpp"

/// Module milestone of the application. Its work is done by pre_block.hpp.

namespace buri::consensus::modules::milestone {

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper);

class Module final : public runtime::Module {
 public:
  [[nodiscard]] std::string_view name() const override { return "milestone"; }
  void register_messages(runtime::MessageRegistry& registry) override;
  void register_queries(runtime::QueryRouter& router) override;
  /// Milestones are numbered anew from 1 in the order of their timestamps.
  Status<runtime::Error> init_genesis(const runtime::Context& context,
                                      const runtime::GenesisSection& section) override;
  Status<runtime::Error> export_genesis(const runtime::Context& context,
                                        runtime::GenesisSink& sink) const override;

 private:
  Status<runtime::Error> import_by_time(const runtime::Context& context,
                                        const runtime::GenesisSection& section) const;

  Keeper keeper_;
};

}  // namespace buri::consensus::modules::milestone
