#pragma once

#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>

/// One thread that lasts, for work that goes on beside the caller's.

namespace buri {

/// Runs tasks one after the other. It lasts, because a thread begins with nothing at hand: threads
/// of one block each spent a tenth of an import on memory that others had given back. Its
/// destructor waits for what was begun. Thread-safe.
class WorkThread {
 public:
  WorkThread() : thread_([this] { serve(); }) {}
  ~WorkThread();
  WorkThread(const WorkThread&) = delete;
  WorkThread& operator=(const WorkThread&) = delete;

  /// Begins a task when those before it are over. The future does not wait where it is dropped:
  /// what the task borrows must outlive this thread, or the future's get().
  template <class Task>
  std::future<std::invoke_result_t<Task&>> run(Task task) {
    std::packaged_task<std::invoke_result_t<Task&>()> packaged(std::move(task));
    auto result = packaged.get_future();
    enqueue(std::packaged_task<void()>(std::move(packaged)));
    return result;
  }

 private:
  void enqueue(std::packaged_task<void()> task);
  void serve();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::packaged_task<void()>> tasks_;
  bool closing_ = false;
  std::thread thread_;  ///< the last member: it uses the others
};

}  // namespace buri
