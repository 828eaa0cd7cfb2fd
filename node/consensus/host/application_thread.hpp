#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "node/consensus/host/loop.hpp"

namespace buri::consensus::host {

/// The application's thread.
class ApplicationThread final : public ApplicationExecutor {
 public:
  /// At most `max_later` pieces of others wait.
  explicit ApplicationThread(std::size_t max_later = 4096);
  ~ApplicationThread() override { stop(); }
  ApplicationThread(const ApplicationThread&) = delete;
  ApplicationThread& operator=(const ApplicationThread&) = delete;

  void post_first(std::function<void()> work) override;
  bool post_later(std::function<void()> work) override;
  /// Ends what has begun and all that consensus has posted; the rest is dropped. Nothing is taken
  /// after it.
  void stop();

 private:
  void run();

  const std::size_t max_later_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> first_;
  std::deque<std::function<void()>> later_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace buri::consensus::host
