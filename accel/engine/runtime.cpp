#include "accel/engine/runtime.hpp"

#include <pthread.h>

#include <algorithm>

namespace buri::accel::engine {

using std::chrono::nanoseconds;
using Lock = std::unique_lock<std::mutex>;

namespace {

/// Longest nap of a thread that waits for a decision of the scheduler to fall due: an injected
/// clock may run ahead of the kernel's.
constexpr nanoseconds kLongestNap = std::chrono::milliseconds(50);

void pin_to(std::thread& thread, unsigned cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  // A CPU that this process may not use leaves the thread where it is: slower, never wrong.
  ::pthread_setaffinity_np(thread.native_handle(), sizeof set, &set);
}

}  // namespace

/// Everything the threads share. Lanes hold it by shared_ptr: one that is stuck in a driver
/// outlives the runtime.
struct Runtime::Shared {
  struct Entry {
    Work* work = nullptr;
    std::unique_ptr<Work> owned;  ///< of tickets
    std::map<ChunkId, std::shared_ptr<Staged>> staged;
    MonotonicTime submitted;
  };
  struct Lane {
    DeviceSlot device;
    std::condition_variable wake;
    bool ended = false;
  };

  Shared(RuntimeSetup given, const Clock& injected, std::shared_ptr<Telemetry> counters)
      : setup(std::move(given)),
        clock(injected),
        telemetry(std::move(counters)),
        scheduler(setup.scheduler) {
    for (DeviceSlot& device : setup.devices) {
      lanes.push_back(std::make_unique<Lane>());
      lanes.back()->device = std::move(device);
    }
  }

  void worker_loop(std::size_t number);
  static void lane_loop(const std::shared_ptr<Shared>& shared, std::size_t index);
  void perform(Lock& lock, const Task& task, Random& random);
  void run_test(Lock& lock, Lane& lane, const Task& task);
  void run_chunk(Lock& lock, Lane& lane, const Task& task, Random& random);
  void serve(Lock& lock, BatchId batch);
  BatchId enqueue(Work& work, const BatchShape& shape, const Placement& placement);
  void announce();
  void monitor_loop();
  void wait_for_event(Lock& lock, std::condition_variable& signal);
  CpuBackends::Entry cpu_for(Operation operation, std::uint64_t items) const {
    const CpuBackends& cpu = setup.cpu[static_cast<std::size_t>(operation)];
    return cpu.entries[cpu.choice.index_for(items)];
  }

  RuntimeSetup setup;
  const Clock& clock;
  std::shared_ptr<Telemetry> telemetry;
  std::mutex mutex;
  std::condition_variable work_ready;  ///< for workers
  std::condition_variable progress;    ///< for callers
  std::condition_variable monitor_wake;
  Scheduler scheduler;
  std::map<BatchId, Entry> entries;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::size_t idle_workers = 0;
  bool stopping = false;
};

/// Reports what the scheduler decided and wakes whoever has something to do now.
void Runtime::Shared::announce() {
  for (const SchedulerEvent& event : scheduler.take_events()) {
    telemetry->on_event(lanes[event.device]->device.index, event);
  }
  const std::size_t tasks = scheduler.queued_cpu_tasks();
  telemetry->set_queue(tasks);
  const std::size_t wanted = std::min({tasks, idle_workers, scheduler.free_runners()});
  for (std::size_t i = 0; i < wanted; ++i) work_ready.notify_one();
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    if (scheduler.queued_device_tasks(i) > 0) lanes[i]->wake.notify_one();
  }
  if (!lanes.empty()) monitor_wake.notify_one();
  progress.notify_all();
}

/// Sleeps until signalled or until the scheduler has something to call off.
void Runtime::Shared::wait_for_event(Lock& lock, std::condition_variable& signal) {
  const auto event = scheduler.next_event();
  if (!event) {
    signal.wait(lock);
    return;
  }
  const nanoseconds until = *event - clock.monotonic();
  signal.wait_for(lock, std::clamp(until, nanoseconds(std::chrono::microseconds(50)), kLongestNap));
  scheduler.tick(clock.monotonic());
  announce();
}

void Runtime::Shared::perform(Lock& lock, const Task& task, Random& random) {
  Entry& entry = entries.at(task.batch);
  Work& work = *entry.work;
  const Staged* staged =
      task.kind == Task::Kind::kCompute ? nullptr : entry.staged.at(task.chunk).get();
  const auto cpu = cpu_for(work.operation(), task.range.size());
  lock.unlock();
  const Sampling& sampling = setup.scheduler.health.sampling;
  const Outcome outcome = perform_cpu(task, work, staged, *cpu.backend, random, sampling);
  telemetry->on_items(cpu.index, work.operation(), task.range.size());
  lock.lock();
  if (staged != nullptr) {
    telemetry->on_cross_check(lanes[task.device]->device.index, task.range.size());
  }
  scheduler.finish(task, outcome, clock.monotonic());
  announce();
}

/// Calls off overdue device calls even when no caller waits.
void Runtime::Shared::monitor_loop() {
  Lock lock(mutex);
  while (!stopping) wait_for_event(lock, monitor_wake);
}

void Runtime::Shared::worker_loop(std::size_t number) {
  SeededRandom random(setup.seed + number);
  Lock lock(mutex);
  while (!stopping) {
    if (const auto task = scheduler.next_cpu()) {
      perform(lock, *task, random);
      continue;
    }
    ++idle_workers;
    work_ready.wait(lock);
    --idle_workers;
  }
}

void Runtime::Shared::run_test(Lock& lock, Lane& lane, const Task& task) {
  scheduler.started(task, clock.monotonic());
  lock.unlock();
  BackendSlot& slot = lane.device.slot;
  std::shared_ptr<Backend> fresh = slot.reopen ? slot.reopen() : slot.backend;
  Outcome outcome = Outcome::kFault;
  if (fresh) {
    const auto status = setup.test(*fresh);
    const bool wrong = !status.ok() && !status.error().fault.has_value();
    outcome = status.ok() ? Outcome::kDone : wrong ? Outcome::kMismatch : Outcome::kFault;
  }
  lock.lock();
  if (stopping) return;
  if (outcome == Outcome::kDone) slot.backend = std::move(fresh);
  scheduler.finish(task, outcome, clock.monotonic(), BackendFault::kDeviceLost);
  announce();
}

void Runtime::Shared::run_chunk(Lock& lock, Lane& lane, const Task& task, Random& random) {
  const Work& work = *entries.at(task.batch).work;
  const Operation operation = work.operation();
  lock.unlock();
  std::shared_ptr<Staged> staged = work.stage(task.range, random);
  lock.lock();
  if (!scheduler.started(task, clock.monotonic())) {
    announce();
    return;
  }
  monitor_wake.notify_one();  // a deadline runs from now
  lock.unlock();
  const DeviceResult result = perform_device(*staged, *lane.device.slot.backend);
  lock.lock();
  if (stopping) return;  // overdue, and whatever the clock and the counters belong to may be gone
  if (scheduler.finish(task, result.outcome, clock.monotonic(), result.fault)) {
    entries.at(task.batch).staged.emplace(task.chunk, std::move(staged));
    telemetry->on_items(lane.device.index, operation, task.range.size());
  }
  announce();
}

void Runtime::Shared::lane_loop(const std::shared_ptr<Shared>& shared, std::size_t index) {
  Shared& self = *shared;
  Lane& lane = *self.lanes[index];
  SeededRandom random(self.setup.seed - 1 - index);
  Lock lock(self.mutex);
  while (!self.stopping) {
    const auto task = self.scheduler.next_device(index, self.clock.monotonic());
    if (!task) {
      self.wait_for_event(lock, lane.wake);
    } else if (task->kind == Task::Kind::kTest) {
      self.run_test(lock, lane, *task);
    } else {
      self.run_chunk(lock, lane, *task, random);
    }
  }
  lane.ended = true;
  self.progress.notify_all();
}

BatchId Runtime::Shared::enqueue(Work& work, const BatchShape& shape, const Placement& placement) {
  const BatchId id = scheduler.submit(shape, placement);
  Entry& entry = entries[id];
  entry.work = &work;
  entry.submitted = clock.monotonic();
  return id;
}

/// Waits for a batch and works on it meanwhile.
void Runtime::Shared::serve(Lock& lock, BatchId batch) {
  SeededRandom random(setup.seed ^ batch << 20);
  // Taking the first task before waking others leaves them the rest.
  auto task = scheduler.next_cpu_of(batch);
  announce();
  while (!scheduler.done(batch)) {
    if (task) {
      perform(lock, *task, random);
    } else {
      progress.wait(lock);
    }
    task = scheduler.next_cpu_of(batch);
  }
  const nanoseconds took = clock.monotonic() - entries.at(batch).submitted;
  telemetry->on_batch(static_cast<std::uint64_t>(took.count()));
  scheduler.forget(batch);
  entries.erase(batch);
}

Runtime::Runtime(RuntimeSetup setup, const Clock& clock, std::shared_ptr<Telemetry> telemetry)
    : shared_(std::make_shared<Shared>(std::move(setup), clock, std::move(telemetry))) {
  const auto& affinity = shared_->setup.cpu_affinity;
  for (std::size_t i = 0; i < shared_->setup.scheduler.cpu_workers; ++i) {
    workers_.emplace_back([shared = shared_, i] { shared->worker_loop(i); });
    if (!affinity.empty()) pin_to(workers_.back(), affinity[i % affinity.size()]);
  }
  if (!shared_->lanes.empty()) {
    workers_.emplace_back([shared = shared_] { shared->monitor_loop(); });
  }
  for (std::size_t i = 0; i < shared_->lanes.size(); ++i) {
    lanes_.emplace_back([shared = shared_, i] { Shared::lane_loop(shared, i); });
  }
}

Runtime::~Runtime() {
  {
    Lock lock(shared_->mutex);
    CHECK(shared_->entries.empty(), "an engine was destroyed under a batch");
    shared_->stopping = true;
    shared_->work_ready.notify_all();
    shared_->monitor_wake.notify_all();
    for (const auto& lane : shared_->lanes) lane->wake.notify_all();
    const auto all_ended = [&] {
      return std::all_of(shared_->lanes.begin(), shared_->lanes.end(),
                         [](const auto& lane) { return lane->ended; });
    };
    shared_->progress.wait_for(lock, shared_->setup.scheduler.health.deadline, all_ended);
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
      if (!shared_->lanes[i]->ended) lanes_[i].detach();
    }
  }
  for (std::thread& worker : workers_) worker.join();
  for (std::thread& lane : lanes_) {
    if (lane.joinable()) lane.join();
  }
}

void Runtime::run(Work& work, std::uint64_t units, bool devices) {
  const BatchShape shape{work.operation(), work.items(), units, work.divisible(), true, devices};
  Lock lock(shared_->mutex);
  const Placement placement = shared_->scheduler.place(shape);
  if (placement.caller_only()) {
    lock.unlock();
    const auto cpu = shared_->cpu_for(work.operation(), work.items());
    const auto status = work.compute(*cpu.backend, {0, work.items()});
    CHECK(status.ok(), "a CPU backend failed a batch");
    shared_->telemetry->on_items(cpu.index, work.operation(), work.items());
    return;
  }
  shared_->serve(lock, shared_->enqueue(work, shape, placement));
}

BatchId Runtime::submit(std::unique_ptr<Work> work, std::uint64_t units, bool devices) {
  const BatchShape shape{work->operation(), work->items(), units,
                         work->divisible(), false,         devices};
  const Lock lock(shared_->mutex);
  Work& borrowed = *work;
  const BatchId id = shared_->enqueue(borrowed, shape, shared_->scheduler.place(shape));
  shared_->entries.at(id).owned = std::move(work);
  shared_->announce();
  return id;
}

void Runtime::wait(BatchId batch) {
  Lock lock(shared_->mutex);
  shared_->serve(lock, batch);
}

DeviceHealth Runtime::health(std::size_t device) const {
  const Lock lock(shared_->mutex);
  return shared_->scheduler.health(device);
}

std::size_t Runtime::queued_tasks() const {
  const Lock lock(shared_->mutex);
  return shared_->scheduler.queued_cpu_tasks();
}

}  // namespace buri::accel::engine
