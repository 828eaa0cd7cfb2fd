#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <thread>

/// Calls into a device driver may never come back. No engine thread makes one without a limit.

namespace buri::accel::engine {

/// How long a driver may take to find and open its cards: waking a card that sleeps takes seconds.
inline constexpr std::chrono::seconds kOpenDeadline{30};

/// Runs `work`, which calls a device, and waits for it no longer than `limit`; nothing if it did
/// not come back. The thread of such a call is left to itself, and `work` owns all that it touches.
template <class T>
std::optional<T> with_deadline(std::function<T()> work, std::chrono::nanoseconds limit) {
  std::packaged_task<T()> task(std::move(work));
  std::future<T> answer = task.get_future();
  std::thread(std::move(task)).detach();
  if (answer.wait_for(limit) != std::future_status::ready) return std::nullopt;
  return answer.get();
}

}  // namespace buri::accel::engine
