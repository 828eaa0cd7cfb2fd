#include "accel/engine/measure.hpp"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <functional>
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

/// One backend under measurement: at one batch size, the fastest of several runs of calls. The
/// fastest is what the machine can do; everything above it is noise.
class Subject {
 public:
  Subject(Backend& backend, const Clock& clock)
      : backend_(backend),
        watch_(backend, clock),
        long_call_(backend.is_device() ? kLongDeviceCall : kLongCpuCall) {}

  [[nodiscard]] bool active() const { return active_; }
  /// Warms caches and tables and finds out how many calls make a run.
  void prepare(SampleBatch& batch) {
    best_ = nanoseconds::max();
    total_ = nanoseconds(0);
    calls_ = 1;
    run(batch);
    run(batch);
    calls_ = std::max<std::int64_t>(1, kRun / std::max(best_, nanoseconds(1)));
  }
  void run(SampleBatch& batch) {
    if (!active_ || total_ > kRepeatFor) return;
    const nanoseconds start = watch_.now();
    for (std::int64_t i = 0; i < calls_ && active_; ++i) active_ = batch.run(backend_).ok();
    const nanoseconds took = watch_.now() - start;
    best_ = std::min(best_, took / calls_);
    total_ += took;
  }
  /// Notes the size's point; the curve ends where calls fail or get long.
  void conclude(std::uint64_t size) {
    if (!active_) return;
    auto time = static_cast<std::uint64_t>(std::max(best_, nanoseconds(1)).count());
    if (!points_.empty()) time = std::max(time, points_.back().nanoseconds);
    points_.push_back({size, time});
    active_ = best_ <= long_call_;
  }
  [[nodiscard]] std::optional<LatencyCurve> curve() const {
    return LatencyCurve::from_points(points_);
  }

 private:
  Backend& backend_;
  Stopwatch watch_;
  nanoseconds long_call_;
  bool active_ = true;
  std::int64_t calls_ = 1;
  nanoseconds best_{};
  nanoseconds total_{};
  std::vector<LatencyCurve::Point> points_;
};

}  // namespace

std::vector<std::optional<LatencyCurve>> measure_curves(std::span<Backend* const> backends,
                                                        Operation operation, const Clock& clock) {
  std::vector<Subject> subjects;
  for (Backend* backend : backends) subjects.emplace_back(*backend, clock);
  for (const std::uint64_t size : kSizes) {
    if (std::none_of(subjects.begin(), subjects.end(), std::mem_fn(&Subject::active))) break;
    SampleBatch batch(operation, size);
    for (Subject& subject : subjects) {
      if (subject.active()) subject.prepare(batch);
    }
    for (int run = 0; run < kRuns; ++run) {
      for (Subject& subject : subjects) subject.run(batch);
    }
    for (Subject& subject : subjects) subject.conclude(size);
  }
  std::vector<std::optional<LatencyCurve>> curves;
  curves.reserve(subjects.size());
  for (const Subject& subject : subjects) curves.push_back(subject.curve());
  return curves;
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
