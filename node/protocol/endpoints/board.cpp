#include "node/protocol/endpoints/board.hpp"

#include <algorithm>
#include <numeric>

namespace buri::protocol::endpoints {

std::chrono::nanoseconds jittered_delay(const Backoff& backoff, std::uint32_t failures,
                                        Random& random) {
  std::chrono::nanoseconds whole = backoff.first;
  for (std::uint32_t i = 1; i < failures && whole < backoff.limit; ++i) whole *= 2;
  whole = std::min(whole, backoff.limit);
  const auto half = static_cast<std::uint64_t>(whole.count()) / 2;
  return std::chrono::nanoseconds(half + random.below(half + 1));
}

Board::Board(std::size_t count, const Backoff& backoff, Random& random)
    : backoff_(backoff), random_(random), states_(count) {
  CHECK(count > 0, "a list of endpoints is empty");
}

std::vector<std::size_t> Board::order(MonotonicTime now) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::size_t> indices(states_.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::ranges::sort(indices, {}, [this, now](std::size_t i) {
    const State& state = states_[i];
    return std::pair(state.is_resting(now) ? state.rests_until : MonotonicTime::min(), i);
  });
  return indices;
}

std::size_t Board::awake(MonotonicTime now) const {
  const std::lock_guard lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(states_, [now](const State& state) { return !state.is_resting(now); }));
}

bool Board::is_resting(MonotonicTime now) const {
  const std::lock_guard lock(mutex_);
  return std::ranges::all_of(states_, [now](const State& state) { return state.is_resting(now); });
}

void Board::succeeded(std::size_t endpoint) {
  const std::lock_guard lock(mutex_);
  states_[endpoint] = {};
}

void Board::failed(std::size_t endpoint, MonotonicTime now) {
  const std::lock_guard lock(mutex_);
  State& state = states_[endpoint];
  if (state.failures < UINT32_MAX) ++state.failures;
  state.rests_until = now + jittered_delay(backoff_, state.failures, random_);
}

std::uint32_t Board::failures(std::size_t endpoint) const {
  const std::lock_guard lock(mutex_);
  return states_[endpoint].failures;
}

std::chrono::nanoseconds Board::pause_after(std::uint32_t rounds, const Backoff& backoff) {
  const std::lock_guard lock(mutex_);
  return jittered_delay(backoff, rounds, random_);
}

}  // namespace buri::protocol::endpoints
