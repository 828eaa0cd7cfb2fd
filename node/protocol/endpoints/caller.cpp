#include "node/protocol/endpoints/caller.hpp"

#include <algorithm>
#include <thread>

namespace buri::protocol::endpoints {

namespace {

constexpr std::uint32_t kHurriedRounds = 2;

std::uint32_t most_rounds(const Board& board, MonotonicTime start, MonotonicTime limit) {
  if (limit == MonotonicTime::max()) return UINT32_MAX;
  return board.is_resting(start) ? 1 : kHurriedRounds;
}

}  // namespace

CallPlan::CallPlan(Board& board, const CallTimes& times, MonotonicTime start, MonotonicTime limit)
    : board_(board),
      times_(times),
      end_(std::min(start + times.whole, limit)),
      round_(board.order(start)),
      most_rounds_(most_rounds(board, start, limit)) {}

std::optional<Step> CallPlan::next(MonotonicTime now) {
  std::chrono::nanoseconds pause{0};
  if (position_ == round_.size()) {
    if (++rounds_ >= most_rounds_) return std::nullopt;
    pause = board_.pause_after(rounds_, times_.between_rounds);
    round_ = board_.order(now + pause);
    position_ = 0;
  }
  if (now + pause >= end_) return std::nullopt;
  return Step{round_[position_++], pause};
}

MonotonicTime CallPlan::deadline(MonotonicTime now) const {
  return std::min(now + times_.attempt, end_);
}

Sleep thread_sleep() {
  return [](std::chrono::nanoseconds time) { std::this_thread::sleep_for(time); };
}

Caller::Caller(std::size_t endpoint_count, const CallTimes& times, World world, const Backoff& rest)
    : times_(times), world_(std::move(world)), board_(endpoint_count, rest, world_.random) {
  if (world_.figures != nullptr) world_.figures->awake = endpoint_count;
}

void Caller::note_answer(std::size_t endpoint) {
  board_.succeeded(endpoint);
  if (world_.figures == nullptr) return;
  if (world_.figures->active.exchange(endpoint) != endpoint) ++world_.figures->switches;
}

bool Caller::call(const Attempt& attempt) {
  const bool is_answered = attempt_all(attempt);
  if (world_.figures != nullptr) world_.figures->awake = board_.awake(world_.clock.monotonic());
  return is_answered;
}

bool Caller::attempt_all(const Attempt& attempt) {
  const auto limit = world_.limit == nullptr ? MonotonicTime::max() : world_.limit->moment();
  CallPlan plan(board_, times_, world_.clock.monotonic(), limit);
  while (const auto step = plan.next(world_.clock.monotonic())) {
    if (step->pause.count() > 0) world_.sleep(step->pause);
    if (attempt(step->endpoint, plan.deadline(world_.clock.monotonic()))) {
      note_answer(step->endpoint);
      return true;
    }
    board_.failed(step->endpoint, world_.clock.monotonic());
  }
  return false;
}

}  // namespace buri::protocol::endpoints
