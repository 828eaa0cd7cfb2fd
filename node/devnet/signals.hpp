#pragma once

#include "base/descriptor.hpp"

namespace buri::devnet {

/// Blocks SIGINT, SIGTERM and SIGHUP in this thread and those it starts, and ignores SIGPIPE; what
/// comes is read from the descriptor.
Descriptor awaited_signals();

}  // namespace buri::devnet
