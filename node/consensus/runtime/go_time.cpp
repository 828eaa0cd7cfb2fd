#include "node/consensus/runtime/go_time.hpp"

#include <algorithm>

namespace buri::consensus::runtime {
namespace {

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
__extension__ using Wide = __int128;

std::int64_t clamped(Wide nanoseconds) {
  return static_cast<std::int64_t>(std::clamp(nanoseconds, Wide{INT64_MIN}, Wide{INT64_MAX}));
}

/// value / 10^digits without trailing zeros.
std::string fraction_text(std::uint64_t value, int digits) {
  std::uint64_t unit = 1;
  for (int i = 0; i < digits; ++i) unit *= 10;
  std::string text = std::to_string(value / unit);
  std::string fraction = std::to_string(unit + value % unit).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  if (!fraction.empty()) text += '.' + fraction;
  return text;
}

std::string magnitude_text(std::uint64_t nanoseconds) {
  if (nanoseconds < 1'000) return std::to_string(nanoseconds) + "ns";
  if (nanoseconds < 1'000'000) return fraction_text(nanoseconds, 3) + "\u00b5s";
  if (nanoseconds < kNanosPerSecond) return fraction_text(nanoseconds, 6) + "ms";
  constexpr std::uint64_t kMinute = 60 * kNanosPerSecond;
  const std::uint64_t minutes = nanoseconds / kMinute;
  std::string text = fraction_text(nanoseconds % kMinute, 9) + "s";
  if (minutes > 0) text = std::to_string(minutes % 60) + "m" + text;
  if (minutes >= 60) text = std::to_string(minutes / 60) + "h" + text;
  return text;
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

std::string go_duration_text(std::int64_t nanoseconds) {
  if (nanoseconds == 0) return "0s";
  if (nanoseconds > 0) return magnitude_text(static_cast<std::uint64_t>(nanoseconds));
  return "-" + magnitude_text(-static_cast<std::uint64_t>(nanoseconds));
}

double go_seconds(std::int64_t nanoseconds) {
  const std::int64_t whole_seconds = nanoseconds / kNanosPerSecond;
  const std::int64_t rest_ns = nanoseconds % kNanosPerSecond;
  return static_cast<double>(whole_seconds) + static_cast<double>(rest_ns) / 1e9;
}

}  // namespace buri::consensus::runtime
