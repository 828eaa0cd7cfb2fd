#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "accel/backend.hpp"
#include "accel/engine/latency.hpp"
#include "base/clock.hpp"

/// Measures how long a backend takes for batches of growing size.

namespace buri::accel::engine {

/// The curves of several backends for one operation, over typical inputs: valid signatures,
/// messages of 64 bytes, 65-byte tree nodes. They take turns, so that a drift of the processor's
/// clock does not favour one of them. Takes some tens of milliseconds. Nothing for a backend whose
/// calls fail before a single item was measured. REQUIRES: each supports the operation.
std::vector<std::optional<LatencyCurve>> measure_curves(std::span<Backend* const> backends,
                                                        Operation operation, const Clock& clock);

/// Time until a sleeping thread that was notified runs, in nanoseconds: the median of several.
std::uint64_t measure_hand_over_ns(const Clock& clock);

}  // namespace buri::accel::engine
