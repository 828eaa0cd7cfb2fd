#include "node/consensus/runtime/go_time.hpp"

#include <algorithm>

namespace buri::consensus::runtime {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
__extension__ using Wide = __int128;

std::int64_t clamped(Wide nanoseconds) {
  return static_cast<std::int64_t>(std::clamp(nanoseconds, Wide{INT64_MIN}, Wide{INT64_MAX}));
}

}  // namespace

std::int64_t go_nanoseconds(const codec::Duration& duration) {
  return clamped(Wide{duration.seconds} * kNanosPerSecond + duration.nanos);
}

std::int64_t go_nanoseconds_between(const codec::Timestamp& earlier,
                                    const codec::Timestamp& later) {
  return clamped((Wide{later.seconds} - earlier.seconds) * kNanosPerSecond +
                 (Wide{later.nanos} - earlier.nanos));
}

double go_seconds(std::int64_t nanoseconds) {
  return static_cast<double>(nanoseconds / kNanosPerSecond) +
         static_cast<double>(nanoseconds % kNanosPerSecond) / 1e9;
}

}  // namespace buri::consensus::runtime
