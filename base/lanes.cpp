#include "base/lanes.hpp"

#include "base/check.hpp"

namespace buri {

ThreadLanes::ThreadLanes(std::size_t count) {
  CHECK(count > 0, "a job needs a lane");
  for (std::size_t lane = 1; lane < count; ++lane) {
    threads_.emplace_back([this, lane] { serve(lane); });
  }
}

ThreadLanes::~ThreadLanes() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  began_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void ThreadLanes::serve(std::size_t lane) {
  std::uint64_t served = 0;
  std::unique_lock lock(mutex_);
  while (true) {
    began_.wait(lock, [&] { return closing_ || jobs_ != served; });
    if (closing_) return;
    served = jobs_;
    lock.unlock();
    job_->work(lane);
    lock.lock();
    if (--busy_ == 0) ended_.notify_one();
  }
}

void ThreadLanes::run(LaneJob& job) {
  {
    const std::lock_guard lock(mutex_);
    CHECK(busy_ == 0, "a lane works on one job at a time");
    job_ = &job;
    busy_ = threads_.size();
    ++jobs_;
  }
  began_.notify_all();
  job.work(0);
  std::unique_lock lock(mutex_);
  ended_.wait(lock, [&] { return busy_ == 0; });
}

}  // namespace buri
