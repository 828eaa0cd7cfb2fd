#pragma once

#include "base/lanes.hpp"
#include "base/random.hpp"

namespace buri::testing {

/// Lanes of which one at a time runs, and another goes on at the points where order could show: a
/// seed plays one schedule, the same whenever it is played.
class SeededLanes final : public Lanes {
 public:
  SeededLanes(std::size_t count, std::uint64_t seed) : count_(count), random_(seed) {}

  [[nodiscard]] std::size_t count() const override { return count_; }

  void run(LaneJob& job) override {
    is_through_.assign(count_, false);
    std::vector<std::thread> threads;
    current_ = count_;  // nobody, until all stand ready
    for (std::size_t lane = 1; lane < count_; ++lane) {
      threads.emplace_back([this, lane, &job] { run_lane(lane, job); });
    }
    {
      const std::lock_guard lock(mutex_);
      current_ = random_.below(count_);
    }
    turn_.notify_all();
    run_lane(0, job);
    for (std::thread& thread : threads) thread.join();
  }

  void pass(std::size_t lane) override {
    std::unique_lock lock(mutex_);
    if (random_.chance(0.8)) return;
    hand_over(lock, lane);
  }

  void wait(std::size_t lane, const std::atomic<std::uint32_t>&, std::uint32_t) override {
    std::unique_lock lock(mutex_);
    hand_over(lock, lane);
  }

 private:
  void run_lane(std::size_t lane, LaneJob& job) {
    {
      std::unique_lock lock(mutex_);
      turn_.wait(lock, [&] { return current_ == lane; });
    }
    job.work(lane);
    const std::lock_guard lock(mutex_);
    is_through_[lane] = true;
    choose();
  }

  void hand_over(std::unique_lock<std::mutex>& lock, std::size_t lane) {
    choose();
    turn_.wait(lock, [&] { return current_ == lane; });
  }

  void choose() {
    std::vector<std::size_t> going;
    for (std::size_t lane = 0; lane < count_; ++lane) {
      if (!is_through_[lane]) going.push_back(lane);
    }
    current_ = going.empty() ? count_ : going[random_.below(going.size())];
    turn_.notify_all();
  }

  std::size_t count_;
  SeededRandom random_;
  std::mutex mutex_;
  std::condition_variable turn_;
  std::size_t current_ = 0;
  std::vector<bool> is_through_;
};

}  // namespace buri::testing
