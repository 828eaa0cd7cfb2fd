#pragma once

#include "node/consensus/modules/chainmanager/types.hpp"
#include "node/consensus/runtime/context.hpp"

/// Chain ids, contract addresses and confirmations: one stored value.

namespace buri::consensus::modules::chainmanager {

inline constexpr std::string_view kCodespace = "chainmanager";

/// Stateless.
class Keeper {
 public:
  /// One read. Errors: code 1 if none were ever written.
  [[nodiscard]] runtime::Outcome<Params> params(const runtime::Context& context) const;
  Status<runtime::Error> set_params(const runtime::Context& context, const Params& params) const;
};

/// Every contract address must be 40 hex digits, "0x" optional. The error is a plain one.
Status<runtime::Error> validate(const Params& params);

}  // namespace buri::consensus::modules::chainmanager
