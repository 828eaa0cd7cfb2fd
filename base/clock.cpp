#include "base/clock.hpp"

#include "base/check.hpp"

namespace buri {
namespace {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] MonotonicTime monotonic() const override {
    return std::chrono::steady_clock::now();
  }
  [[nodiscard]] WallTime wall() const override { return std::chrono::system_clock::now(); }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

void ManualClock::advance(std::chrono::nanoseconds step) {
  CHECK(step.count() >= 0, "a monotonic clock was moved back");
  monotonic_ns_ += step.count();
  wall_ns_ += step.count();
}

}  // namespace buri
