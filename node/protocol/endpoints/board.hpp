#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/clock.hpp"
#include "base/random.hpp"

/// Which of several equal endpoints to ask first: the first of the list that is not at rest. An
/// endpoint that failed rests, longer after each failure, and is asked during its rest only after
/// all others. No sockets here: time and randomness come from the caller.

namespace buri::protocol::endpoints {

/// How long to stay away after failures.
struct Backoff {
  std::chrono::nanoseconds first{std::chrono::milliseconds(250)};
  std::chrono::nanoseconds limit{std::chrono::seconds(30)};
};

/// Uniform between half of and all of min(first * 2^(failures - 1), limit). REQUIRES: failures > 0,
/// first > 0.
std::chrono::nanoseconds jittered_delay(const Backoff& backoff, std::uint32_t failures,
                                        Random& random);

/// The health of the endpoints of one list. Thread-safe, if nobody else uses `random`
/// meanwhile or it is thread-safe itself.
class Board {
 public:
  /// Borrows `random`. REQUIRES: count > 0.
  Board(std::size_t count, const Backoff& backoff, Random& random);

  [[nodiscard]] std::size_t size() const { return states_.size(); }
  /// All endpoints: those not at rest as they were listed, then the others, the next to end its
  /// rest first.
  [[nodiscard]] std::vector<std::size_t> order(MonotonicTime now) const;
  /// How many are not at rest.
  [[nodiscard]] std::size_t awake(MonotonicTime now) const;
  /// Whether all of them are at rest.
  [[nodiscard]] bool is_resting(MonotonicTime now) const;
  void succeeded(std::size_t endpoint);
  /// Puts it to rest from `now` on.
  void failed(std::size_t endpoint, MonotonicTime now);
  /// Failures since its last success.
  [[nodiscard]] std::uint32_t failures(std::size_t endpoint) const;
  /// The pause before a call goes through the whole list for the `rounds`+1st time.
  std::chrono::nanoseconds pause_after(std::uint32_t rounds, const Backoff& backoff);

 private:
  struct State {
    std::uint32_t failures = 0;
    MonotonicTime rests_until;

    [[nodiscard]] bool is_resting(MonotonicTime now) const {
      return failures > 0 && rests_until > now;
    }
  };

  const Backoff backoff_;
  Random& random_;
  mutable std::mutex mutex_;
  std::vector<State> states_;
};

}  // namespace buri::protocol::endpoints
