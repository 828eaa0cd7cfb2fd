#include "accel/engine/measure.hpp"

#include <time.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "accel/engine/sample_batch.hpp"

namespace buri::accel::engine {
namespace {

using std::chrono::nanoseconds;

/// Batch sizes measured, as far as time allows.
constexpr std::uint64_t kSizes[] = {1,  2,  3,   4,   6,    8,    12,    16,   24,
                                    32, 64, 128, 256, 1024, 4096, 16384, 65536};
/// A call this long ends the curve: beyond it, time grows in proportion.
constexpr nanoseconds kLongCpuCall = std::chrono::milliseconds(3);
constexpr nanoseconds kLongDeviceCall = std::chrono::milliseconds(50);
/// Short calls are timed in runs of about this length, which no clock's own cost distorts.
constexpr nanoseconds kRun = std::chrono::microseconds(30);
constexpr int kRuns = 8;
/// Long calls are repeated less, but always once more than not at all.
constexpr nanoseconds kRepeatFor = std::chrono::milliseconds(1);

/// A stopwatch over one backend. CPU backends are timed in CPU time of this thread, so that other
/// processes on a busy machine do not count; devices in elapsed time.
class Stopwatch {
 public:
  Stopwatch(const Backend& backend, const Clock& clock)
      : cpu_time_(!backend.is_device()), clock_(clock) {}

  [[nodiscard]] nanoseconds now() const {
    if (!cpu_time_) return clock_.monotonic().time_since_epoch();
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + nanoseconds(time.tv_nsec);
  }

 private:
  bool cpu_time_;
  const Clock& clock_;
};

/// Nanoseconds per call of `run`, the fastest of several runs of calls, or nothing if one fails.
/// The fastest is what the machine can do; everything above it is noise.
template <class Run>
std::optional<nanoseconds> fastest(const Run& run, const Stopwatch& watch) {
  const auto timed = [&](std::int64_t calls) -> std::optional<nanoseconds> {
    const nanoseconds start = watch.now();
    for (std::int64_t i = 0; i < calls; ++i) {
      if (!run().ok()) return std::nullopt;
    }
    return watch.now() - start;
  };
  auto first = timed(1);  // warms caches and tables
  if (first) first = timed(1);
  if (!first) return std::nullopt;
  const std::int64_t calls = std::max<std::int64_t>(1, kRun / std::max(*first, nanoseconds(1)));
  nanoseconds best = *first;
  nanoseconds total{0};
  for (int i = 0; i < kRuns && total < kRepeatFor; ++i) {
    const auto took = timed(calls);
    if (!took) return std::nullopt;
    best = std::min(best, *took / calls);
    total += *took;
  }
  return std::max(best, nanoseconds(1));
}

}  // namespace

std::optional<LatencyCurve> measure_curve(Backend& backend, Operation operation,
                                          const Clock& clock) {
  const Stopwatch watch(backend, clock);
  const nanoseconds long_call = backend.is_device() ? kLongDeviceCall : kLongCpuCall;
  std::vector<LatencyCurve::Point> points;
  for (const std::uint64_t size : kSizes) {
    SampleBatch batch(operation, size);
    const auto took = fastest([&] { return batch.run(backend); }, watch);
    if (!took) break;
    auto nanoseconds_taken = static_cast<std::uint64_t>(took->count());
    if (!points.empty()) nanoseconds_taken = std::max(nanoseconds_taken, points.back().nanoseconds);
    points.push_back({size, nanoseconds_taken});
    if (*took > long_call) break;
  }
  return LatencyCurve::from_points(std::move(points));
}

std::uint64_t measure_hand_over_ns(const Clock& clock) {
  constexpr int kRounds = 15;
  std::mutex mutex;
  std::condition_variable woken;
  std::condition_variable answered;
  std::optional<MonotonicTime> sent;
  std::vector<nanoseconds> times;
  std::thread sleeper([&] {
    std::unique_lock lock(mutex);
    while (times.size() < kRounds) {
      woken.wait(lock, [&] { return sent.has_value(); });
      times.push_back(clock.monotonic() - *sent);
      sent.reset();
      answered.notify_one();
    }
  });
  for (int i = 0; i < kRounds; ++i) {
    // Long enough for the sleeper to sleep: waking a thread that still spins costs nothing.
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    std::unique_lock lock(mutex);
    sent = clock.monotonic();
    woken.notify_one();
    answered.wait(lock, [&] { return !sent.has_value(); });
  }
  sleeper.join();
  std::sort(times.begin(), times.end());
  return static_cast<std::uint64_t>(times[kRounds / 2].count());
}

}  // namespace buri::accel::engine
