#include <algorithm>

#include "node/consensus/engine/validator_set.hpp"

/// The arithmetic of proposer priorities.

namespace buri::consensus::engine {
namespace {

/// Go's int64 addition and subtraction wrap around.
std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
std::int64_t wrapping_negate(std::int64_t a) {
  return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(a));
}
std::int64_t wrapping_subtract(std::int64_t a, std::int64_t b) {
  return wrapping_add(a, wrapping_negate(b));
}

/// Quotient rounded toward minus infinity. REQUIRES: divisor > 0.
__int128 floor_divide(__int128 dividend, __int128 divisor) {
  const __int128 quotient = dividend / divisor;
  return quotient - (dividend % divisor < 0 ? 1 : 0);
}

/// |max - min| as Go computes it, wrapping included.
std::int64_t priority_spread(std::span<const Validator> validators) {
  const auto [low, high] = std::minmax_element(validators.begin(), validators.end(),
                                               [](const Validator& a, const Validator& b) {
                                                 return a.proposer_priority < b.proposer_priority;
                                               });
  const std::int64_t spread = wrapping_subtract(high->proposer_priority, low->proposer_priority);
  return spread < 0 ? wrapping_negate(spread) : spread;
}

}  // namespace

std::int64_t add_clipped(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b < 0 ? INT64_MIN : INT64_MAX;
}

std::int64_t subtract_clipped(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return b > 0 ? INT64_MIN : INT64_MAX;
}

void rescale_priorities(std::span<Validator> validators, std::int64_t max_spread) {
  if (max_spread <= 0) return;
  const std::int64_t spread = priority_spread(validators);
  if (spread <= max_spread) return;
  const std::int64_t ratio = wrapping_add(spread, max_spread - 1) / max_spread;
  if (ratio == 0) return;
  for (Validator& validator : validators) {
    // INT64_MIN / -1 wraps in Go; the processor would trap.
    validator.proposer_priority = ratio == -1 ? wrapping_negate(validator.proposer_priority)
                                              : validator.proposer_priority / ratio;
  }
}

void center_priorities(std::span<Validator> validators) {
  __int128 sum = 0;
  for (const Validator& validator : validators) sum += validator.proposer_priority;
  // A mean of int64 values is an int64.
  const auto mean =
      static_cast<std::int64_t>(floor_divide(sum, static_cast<__int128>(validators.size())));
  for (Validator& validator : validators) {
    validator.proposer_priority = subtract_clipped(validator.proposer_priority, mean);
  }
}

}  // namespace buri::consensus::engine
