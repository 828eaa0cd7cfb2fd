#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>

#include "node/protocol/endpoints/board.hpp"

/// One call over several endpoints: who is asked when, for how long, and when to give up. Whatever
/// speaks the wire (HTTP, gRPC) is a function handed in.

namespace buri::protocol::endpoints {

/// How long a call may take. A single attempt never outlives `attempt`, all attempts and pauses
/// together never `whole`.
struct CallTimes {
  std::chrono::nanoseconds attempt{std::chrono::seconds(1)};
  std::chrono::nanoseconds whole{std::chrono::seconds(3)};
  /// Between the end of one round over all endpoints and the next.
  Backoff between_rounds{std::chrono::milliseconds(50), std::chrono::seconds(1)};
};

/// One attempt of a call.
struct Step {
  std::size_t endpoint = 0;
  std::chrono::nanoseconds pause{0};  ///< to wait before it
};

/// The steps of one call, in order. Pure: it is told the time and what became of each step.
class CallPlan {
 public:
  /// Ends after `times.whole`, or at `limit` if that is earlier. A call with a limit holds up
  /// whoever waits for a vote: it goes through the list twice at most, and once where no endpoint
  /// has answered lately.
  CallPlan(Board& board, const CallTimes& times, MonotonicTime start, MonotonicTime limit);

  /// The next step; nothing once the time left does not cover its pause.
  std::optional<Step> next(MonotonicTime now);
  /// When an attempt that begins at `now` must have ended.
  [[nodiscard]] MonotonicTime deadline(MonotonicTime now) const;

 private:
  Board& board_;
  const CallTimes times_;
  const MonotonicTime end_;
  std::vector<std::size_t> round_;
  std::size_t position_ = 0;
  std::uint32_t rounds_ = 0;
  const std::uint32_t most_rounds_;
};

/// Waits that long. Injected, so that simulations wait in no time.
using Sleep = std::function<void(std::chrono::nanoseconds)>;
/// Blocks the calling thread.
Sleep thread_sleep();

/// A moment that no call passes: a vote extension has its time
/// budget, whatever it asks of whom. Shared by all that one voting thread asks. Thread-safe; a call
/// that has begun keeps the limit that it began with.
class TimeLimit {
 public:
  void set(MonotonicTime moment) { moment_ = moment; }
  void clear() { moment_ = MonotonicTime::max(); }
  [[nodiscard]] MonotonicTime moment() const { return moment_; }

 private:
  std::atomic<MonotonicTime> moment_{MonotonicTime::max()};
};

/// What became of the calls over one list, for those who report on it. Thread-safe.
struct EndpointFigures {
  std::atomic<std::uint64_t> switches{0};  ///< answers from another endpoint than the one before
  std::atomic<std::size_t> active{0};      ///< the endpoint that answered last
  std::atomic<std::size_t> awake{0};       ///< not at rest after the last call
};

/// Where calls take time and chance from. Borrows all, which must outlive their user.
struct World {
  const Clock& clock;
  Random& random;
  Sleep sleep;
  const TimeLimit* limit = nullptr;    ///< none: only the calls' own times hold
  EndpointFigures* figures = nullptr;  ///< none: nothing is counted
};

/// Runs calls over one list of endpoints. Thread-safe if the world's parts are.
class Caller {
 public:
  /// Whether the endpoint gave an answer that can be used, before the deadline. Must return by it.
  using Attempt = std::function<bool(std::size_t endpoint, MonotonicTime deadline)>;

  /// REQUIRES: endpoint_count > 0.
  Caller(std::size_t endpoint_count, const CallTimes& times, World world,
         const Backoff& rest = Backoff{});

  /// Makes attempts until one answers; false if none did in time.
  bool call(const Attempt& attempt);

  [[nodiscard]] const Board& board() const { return board_; }
  [[nodiscard]] const Clock& clock() const { return world_.clock; }

 private:
  bool attempt_all(const Attempt& attempt);
  void note_answer(std::size_t endpoint);

  const CallTimes times_;
  World world_;
  Board board_;
};

}  // namespace buri::protocol::endpoints
