#pragma once

#include <cstdint>

#include "accel/backend.hpp"
#include "accel/engine/latency.hpp"
#include "base/clock.hpp"

/// Measures how long a backend takes for batches of growing size.

namespace buri::accel::engine {

/// The curve of one backend and operation, over typical inputs: valid signatures, messages of 64
/// bytes, 65-byte tree nodes. Takes tens of milliseconds. Nothing if a call fails before a single
/// item was measured. REQUIRES: the backend supports the operation.
std::optional<LatencyCurve> measure_curve(Backend& backend, Operation operation,
                                          const Clock& clock);

/// Time until a sleeping thread that was notified runs, in nanoseconds: the median of several.
std::uint64_t measure_hand_over_ns(const Clock& clock);

}  // namespace buri::accel::engine
