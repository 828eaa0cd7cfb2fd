#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/consensus/app/observer.hpp"

/// How stock names calls of Heimdall's modules (heimdall-v2 v0.10.0, metrics/api/).

namespace buri::consensus::metrics {

/// A call as stock counts it.
struct ModuleMethod {
  std::string_view module;  ///< "bor"
  std::string method;       ///< "GetSpanById", "PostHandleMsgSpan"
};

/// The modules whose calls stock counts.
inline constexpr std::string_view kCountedModules[] = {"bor",       "checkpoint", "clerk",
                                                       "milestone", "stake",      "topup"};

/// The name of a call; `name` is a message's type URL or a query's method. Nothing for what stock
/// does not count: the SDK's own modules, chainmanager, Bor's side handler of backfilled spans.
std::optional<ModuleMethod> module_method(app::ModuleCallKind kind, std::string_view name);

/// "tx", "side", "post", "query".
std::string_view kind_label(app::ModuleCallKind kind);

}  // namespace buri::consensus::metrics
