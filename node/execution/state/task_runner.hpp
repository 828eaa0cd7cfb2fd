#pragma once

#include <functional>
#include <future>

#include "base/work_thread.hpp"

/// Work that a store does beside its caller.

namespace buri::execution::state {

/// Runs one task at a time. In which thread, and when, is injected, so that tests may choose. Used
/// by one thread at a time.
class TaskRunner {
 public:
  virtual ~TaskRunner() = default;

  /// REQUIRES: no task is under way.
  virtual void begin(std::function<void()> task) = 0;
  /// Whether no task is under way.
  [[nodiscard]] virtual bool is_idle() = 0;
  /// Waits until that is so.
  virtual void finish() = 0;
};

/// A thread of its own.
class ThreadTaskRunner final : public TaskRunner {
 public:
  void begin(std::function<void()> task) override { over_ = thread_.run(std::move(task)); }
  bool is_idle() override {
    return !over_.valid() || over_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  void finish() override {
    if (over_.valid()) over_.wait();
  }

 private:
  std::future<void> over_;
  WorkThread thread_;
};

}  // namespace buri::execution::state
