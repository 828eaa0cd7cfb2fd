#include "node/consensus/codec/amino_json.hpp"

#include <limits>

namespace buri::consensus::codec::detail {

bool append_amino_duration(std::string& target, const Duration& duration) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  constexpr std::int64_t kMaxSeconds =
      std::numeric_limits<std::int64_t>::max() / kNanosPerSecond - 1;
  if (duration.seconds > kMaxSeconds || duration.seconds < -kMaxSeconds) return false;
  target += '"' + std::to_string(duration.seconds * kNanosPerSecond + duration.nanos) + '"';
  return true;
}

}  // namespace buri::consensus::codec::detail
