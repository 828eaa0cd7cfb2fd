#pragma once

#include <optional>

#include "node/consensus/modules/consensus/types.hpp"
#include "node/consensus/runtime/message_registry.hpp"

/// The stored consensus parameters.

namespace buri::consensus::modules::consensus {

/// The one key of the store.
inline constexpr std::string_view kParamsKey = "Consensus";

/// Stateless.
class Keeper {
 public:
  /// Nothing before InitChain wrote them.
  [[nodiscard]] runtime::Outcome<std::optional<ConsensusParams>> params(
      const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context,
                                    const ConsensusParams& params) const;
};

/// The message of governance that changes them.
void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper);

/// Takes the limits that transactions are checked against from the stored parameters.
void apply_limits(const ConsensusParams& params, runtime::BlockFacts& block);

/// Whether CometBFT accepts the parameters: code 1 if not.
Status<runtime::Error> validate(const ConsensusParams& params);

}  // namespace buri::consensus::modules::consensus
