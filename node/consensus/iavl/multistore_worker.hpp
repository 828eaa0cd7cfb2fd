#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "node/consensus/iavl/multistore.hpp"

/// The thread that does a multistore's background work. Private to node/consensus/iavl.

namespace buri::consensus::iavl {

class Multistore::Worker {
 public:
  explicit Worker(Multistore& owner) : owner_(owner), thread_([this] { run(); }) {}
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    woken_.notify_one();
    thread_.join();
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void wake() {
    {
      const std::lock_guard lock(mutex_);
      work_ = true;
    }
    woken_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    while (true) {
      woken_.wait(lock, [&] { return stop_ || work_; });
      if (stop_) return;
      work_ = false;
      lock.unlock();
      const auto more = owner_.maintain();
      lock.lock();
      // After an error there is nothing to try again; the writer meets the same disk.
      if (more.ok() && more.value()) work_ = true;
    }
  }

  Multistore& owner_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool work_ = true;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace buri::consensus::iavl
