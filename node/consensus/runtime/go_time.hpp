#pragma once

#include <cstdint>
#include <string>

#include "node/consensus/codec/schema.hpp"

/// Spans of time as Go's time.Duration holds them: nanoseconds in 64 bits, about 292 years. Where
/// the state machine's rules compare or print such spans, they do it with Go's arithmetic.

namespace buri::consensus::runtime {

/// The duration in nanoseconds, the nearest end of the range if it leaves it.
std::int64_t go_nanoseconds(const codec::Duration& duration);
/// From `earlier` to `later`, as time.Sub: negative if they stand the other way round, the nearest
/// end of the range if it is too long.
std::int64_t go_nanoseconds_between(const codec::Timestamp& earlier, const codec::Timestamp& later);
/// Duration.Seconds(): whole seconds and fraction are converted apart.
double go_seconds(std::int64_t nanoseconds);
/// Duration.String(): "1h2m3.5s", "1.5µs", "0s".
std::string go_duration_text(std::int64_t nanoseconds);

}  // namespace buri::consensus::runtime
