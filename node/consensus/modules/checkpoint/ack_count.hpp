#pragma once

#include "node/consensus/runtime/context.hpp"

/// The number of acknowledged checkpoints, which is the epoch that validators' records count in.
/// Apart from the module's keeper because module stake, on which that keeper stands, reads it.

namespace buri::consensus::modules::checkpoint {

/// One question whether it is there, then one read; 0 if absent.
runtime::Outcome<std::uint64_t> ack_count(const runtime::Context& context);

}  // namespace buri::consensus::modules::checkpoint
