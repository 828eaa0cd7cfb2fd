#include "accel/engine/measure.hpp"

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
/// Each size is repeated for about this long, and at least twice.
constexpr nanoseconds kRepeatFor = std::chrono::microseconds(400);
constexpr int kMostRepeats = 40;

/// The fastest of several runs, or nothing if one fails. The fastest is what the machine can do;
/// everything above it is other people's noise.
template <class Run>
std::optional<nanoseconds> fastest(const Run& run, const Clock& clock) {
  nanoseconds best = nanoseconds::max();
  nanoseconds total{0};
  for (int i = 0; i < kMostRepeats && (i < 2 || total < kRepeatFor); ++i) {
    const MonotonicTime start = clock.monotonic();
    if (!run().ok()) return std::nullopt;
    const nanoseconds took = clock.monotonic() - start;
    best = std::min(best, took);
    total += took;
  }
  return std::max(best, nanoseconds(1));
}

}  // namespace

std::optional<LatencyCurve> measure_curve(Backend& backend, Operation operation,
                                          const Clock& clock) {
  const nanoseconds long_call = backend.is_device() ? kLongDeviceCall : kLongCpuCall;
  std::vector<LatencyCurve::Point> points;
  for (const std::uint64_t size : kSizes) {
    SampleBatch batch(operation, size);
    const auto took = fastest([&] { return batch.run(backend); }, clock);
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
