#include "node/consensus/host/application_thread.hpp"

namespace buri::consensus::host {

ApplicationThread::ApplicationThread(std::size_t max_later)
    : max_later_(max_later), thread_([this] { run(); }) {}

void ApplicationThread::post_first(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (ends_) return;
  first_.push_back(std::move(work));
  changed_.notify_one();
}

bool ApplicationThread::post_later(std::function<void()> work) {
  const std::lock_guard lock(mutex_);
  if (ends_ || later_.size() >= max_later_) return false;
  later_.push_back(std::move(work));
  changed_.notify_one();
  return true;
}

void ApplicationThread::stop() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    later_.clear();
    changed_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void ApplicationThread::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !first_.empty() || !later_.empty(); });
    auto& queue = first_.empty() ? later_ : first_;
    if (queue.empty()) return;
    const std::function<void()> work = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace buri::consensus::host
