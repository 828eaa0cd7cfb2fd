#pragma once

#include <algorithm>
#include <cstdint>
#include <ranges>

/// The arithmetic of proposer priorities on Go's int64, which wraps around or is clipped: shared by
/// CometBFT's validator set and by the one that module stake keeps. A validator is anything with a
/// member `proposer_priority`.

namespace buri::consensus::engine {

/// Go's int64 addition, subtraction and negation wrap around.
constexpr std::int64_t wrapping_add(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
constexpr std::int64_t wrapping_negate(std::int64_t a) {
  return static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(a));
}

/// a + b and a - b, held at the ends of int64 (safeAddClip, safeSubClip).
std::int64_t add_clipped(std::int64_t a, std::int64_t b);
std::int64_t subtract_clipped(std::int64_t a, std::int64_t b);

/// |max - min| of the priorities as Go computes it, wrapping included. REQUIRES: not empty.
template <std::ranges::forward_range Validators>
std::int64_t priority_spread(const Validators& validators) {
  const auto [low, high] = std::ranges::minmax_element(
      validators, {}, [](const auto& validator) { return validator.proposer_priority; });
  const std::int64_t spread =
      wrapping_add(high->proposer_priority, wrapping_negate(low->proposer_priority));
  return spread < 0 ? wrapping_negate(spread) : spread;
}

/// If the priorities spread over more than `max_spread`, divides each, toward zero, by the ratio
/// rounded up. Does nothing when max_spread <= 0. REQUIRES: validators not empty.
template <std::ranges::forward_range Validators>
void rescale_priorities(Validators&& validators, std::int64_t max_spread) {
  if (max_spread <= 0) return;
  const std::int64_t spread = priority_spread(validators);
  if (spread <= max_spread) return;
  const std::int64_t ratio = wrapping_add(spread, max_spread - 1) / max_spread;
  if (ratio == 0) return;
  for (auto& validator : validators) {
    // INT64_MIN / -1 wraps in Go; the processor would trap.
    validator.proposer_priority = ratio == -1 ? wrapping_negate(validator.proposer_priority)
                                              : validator.proposer_priority / ratio;
  }
}

/// Subtracts the mean, rounded down, from every priority. REQUIRES: validators not empty.
template <std::ranges::sized_range Validators>
void center_priorities(Validators&& validators) {
  __int128 sum = 0;
  for (const auto& validator : validators) sum += validator.proposer_priority;
  const auto count = static_cast<__int128>(std::ranges::size(validators));
  // A mean of int64 values is an int64.
  const auto mean = static_cast<std::int64_t>(sum / count - (sum % count < 0 ? 1 : 0));
  for (auto& validator : validators) {
    validator.proposer_priority = subtract_clipped(validator.proposer_priority, mean);
  }
}

}  // namespace buri::consensus::engine
