#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

/// Threads that work on one thing together. Which of them does what, and when, is decided at a few
/// points alone, so that tests may inject a schedule.

namespace buri {

/// Work that is shared out among lanes. Its result must not depend on their order.
class LaneJob {
 public:
  virtual ~LaneJob() = default;

  /// Called once in each lane, at the same time; returns when nothing is left to do in it.
  virtual void work(std::size_t lane) = 0;
};

/// Runs jobs. The calling thread is lane 0.
class Lanes {
 public:
  virtual ~Lanes() = default;

  /// At least 1.
  [[nodiscard]] virtual std::size_t count() const = 0;
  /// Returns when every lane is through. One job at a time.
  virtual void run(LaneJob& job) = 0;
  /// Called by the job where another order of the lanes could show.
  virtual void pass(std::size_t /*lane*/) {}
  /// Called by a lane without work: returns, at the latest, when `progress` is another than `seen`.
  virtual void wait(std::size_t /*lane*/, const std::atomic<std::uint32_t>& progress,
                    std::uint32_t seen) {
    progress.wait(seen);
  }
};

/// Lanes of the operating system. The threads sleep between jobs.
class ThreadLanes final : public Lanes {
 public:
  /// `count` lanes, one of them the caller's. REQUIRES: count > 0.
  explicit ThreadLanes(std::size_t count);
  ~ThreadLanes() override;
  ThreadLanes(const ThreadLanes&) = delete;
  ThreadLanes& operator=(const ThreadLanes&) = delete;

  [[nodiscard]] std::size_t count() const override { return threads_.size() + 1; }
  void run(LaneJob& job) override;

 private:
  void serve(std::size_t lane);

  std::mutex mutex_;
  std::condition_variable began_;
  std::condition_variable ended_;
  LaneJob* job_ = nullptr;
  std::uint64_t jobs_ = 0;  ///< begun so far
  std::size_t busy_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace buri
