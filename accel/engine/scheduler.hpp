#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "accel/engine/device_health.hpp"
#include "accel/engine/latency.hpp"
#include "accel/engine/work.hpp"
#include "base/clock.hpp"

/// The engine's decisions, without its threads. Batches come in, tasks are taken by CPU runners and
/// device lanes, outcomes come back; the scheduler decides what follows: a cross-check, a retry,
/// the CPU. It touches no batch data and knows no time but what it is told, so that a simulation
/// replays it exactly.
///
/// A batch is done when every item's answer in the caller's memory was computed by the CPU, or was
/// given by a device that (1) has passed probation, (2) reported no failure anywhere in the batch,
/// (3) agreed with the CPU on a sample of that call, and (4) was not quarantined before the batch
/// was done.

namespace buri::accel {

using BatchId = std::uint64_t;
using ChunkId = std::uint64_t;
using TaskId = std::uint64_t;

/// Something to do, and for whom.
struct Task {
  enum class Kind : std::uint8_t {
    kCompute,  ///< CPU: compute `range`
    kCompare,  ///< CPU: compute `range` and compare it with what the device gave for `chunk`
    kSample,   ///< CPU: recompute a sample of `chunk`; accept it if equal
    kDevice,   ///< lane: stage `range`, report started(), run it
    kTest,     ///< lane: known-answer test of a lost device; belongs to no batch
  };
  TaskId id = 0;
  Kind kind = Kind::kCompute;
  BatchId batch = 0;
  Range range;
  ChunkId chunk = 0;  ///< the device call concerned
  Range chunk_range;  ///< all items of that call
  std::size_t device = 0;
  std::uint64_t expected_ns = 0;
};

/// How a task ended.
enum class Outcome : std::uint8_t {
  kDone,        ///< computed; compared equal; test passed; device gave answers, none a failure
  kSawFailure,  ///< kDevice: gave answers, at least one of them a failure status
  kMismatch,    ///< kCompare, kSample, kTest: the device's answer is wrong
  kFault,       ///< kDevice, kTest: the call failed; see the fault
};

/// What people and metrics want to know about a decision.
struct SchedulerEvent {
  enum class Kind : std::uint8_t { kFault, kHang, kLost, kReturned, kQuarantined, kRecheck };
  Kind kind;
  std::size_t device;
  Operation operation;
  BackendFault fault = BackendFault::kUnsupported;  ///< of kFault
  std::uint64_t items = 0;
};

/// Fixed facts about the machine.
struct SchedulerSetup {
  unsigned cpu_workers = 1;        ///< pool threads; a blocking caller counts as one more runner
  std::uint64_t hand_over_ns = 0;  ///< from queueing a task until a sleeping worker runs it
  HealthPolicy health;
  /// Per operation: the CPU's best curve on one core.
  std::vector<LatencyCurve> cpu;
  /// Per device and operation; nothing where the device does not offer it.
  std::vector<std::vector<std::optional<LatencyCurve>>> devices;
};

/// What the planner must know about a batch.
struct BatchShape {
  Operation operation;
  std::uint64_t items = 0;  ///< > 0
  std::uint64_t units = 0;  ///< cost in items of the kind the curves were measured with; >= items
  bool divisible = true;
  bool caller_helps = true;  ///< the caller blocks and runs CPU tasks of its batch meanwhile
  bool devices = true;       ///< false keeps the batch on the CPU
};

/// Who gets how much.
struct Placement {
  std::uint64_t caller_units = 0;
  std::uint64_t worker_units = 0;
  std::vector<std::uint64_t> device_units;
  std::uint64_t finish_ns = 0;

  /// The calling thread alone is fastest: no queue, no lock.
  [[nodiscard]] bool caller_only() const;
};

/// See the top of this file. Not thread-safe.
class Scheduler {
 public:
  explicit Scheduler(SchedulerSetup setup);

  [[nodiscard]] Placement place(const BatchShape& shape) const;
  /// The largest number of units that a blocking caller computes fastest alone, as things stand;
  /// UINT64_MAX if that is any number.
  [[nodiscard]] std::uint64_t largest_for_caller(Operation operation) const;
  BatchId submit(const BatchShape& shape, const Placement& placement);
  [[nodiscard]] bool done(BatchId batch) const { return batches_.at(batch).outstanding == 0; }
  /// Frees a batch. REQUIRES: done(batch).
  void forget(BatchId batch);

  /// A CPU task for a pool worker, oldest first; nothing while enough runners are busy.
  std::optional<Task> next_cpu();
  /// A CPU task of this batch for its waiting caller.
  std::optional<Task> next_cpu_of(BatchId batch);
  /// A task for the lane of device `index`. At most one is out per device.
  std::optional<Task> next_device(std::size_t index, MonotonicTime now);
  /// A lane has staged its task and is about to call the device: the deadline runs from here.
  /// False: the task was called off, do not run it, do not finish it.
  bool started(const Task& task, MonotonicTime now);
  /// Reports the end of a task. `fault` counts for Outcome::kFault alone. For kDevice, false means
  /// that the answers came too late and must be dropped.
  bool finish(const Task& task, Outcome outcome, MonotonicTime now,
              BackendFault fault = BackendFault::kLaunchFailed);

  /// Calls off what is overdue. To be called whenever next_event() has come.
  void tick(MonotonicTime now);
  /// The next time at which tick() or next_device() would find something new, if nothing else
  /// happens.
  [[nodiscard]] std::optional<MonotonicTime> next_event() const;
  /// What happened since the last call, in order.
  std::vector<SchedulerEvent> take_events() { return std::exchange(events_, {}); }

  [[nodiscard]] const DeviceHealth& health(std::size_t device) const {
    return devices_[device].health;
  }
  [[nodiscard]] std::size_t queued_cpu_tasks() const { return cpu_queue_.size(); }
  /// Workers that next_cpu() would still serve.
  [[nodiscard]] std::size_t free_runners() const {
    return setup_.cpu_workers > running_cpu_ ? setup_.cpu_workers - running_cpu_ : 0;
  }
  [[nodiscard]] std::size_t queued_device_tasks(std::size_t device) const {
    return devices_[device].queue.size();
  }

 private:
  enum class ChunkState : std::uint8_t {
    kQueued,
    kStaging,
    kCalledOff,  ///< while staging: the copy must end before the batch may
    kRunning,
    kSampling,
    kAccepted,  ///< the device's answers lie in the caller's memory
    kClosed,    ///< the CPU's answers do, or will
  };
  struct Chunk {
    Range range;
    std::size_t device = 0;
    ChunkState state = ChunkState::kQueued;
  };
  struct Batch {
    BatchShape shape;
    std::uint64_t outstanding = 0;  ///< tasks and device calls that must end first
    bool recheck = false;           ///< a device reported a failure somewhere in it
    std::map<ChunkId, Chunk> chunks;
  };
  struct Device {
    DeviceHealth health;
    std::deque<Task> queue;
    std::optional<Task> out;                ///< taken by the lane
    std::optional<MonotonicTime> deadline;  ///< set once started
    std::uint64_t backlog_ns = 0;
  };

  void queue_cpu(BatchId id, Task::Kind kind, Range range, ChunkId chunk, std::uint64_t runners);
  void queue_chunk(BatchId id, std::size_t device, Range range, bool in_front);
  Task take_cpu(const std::deque<Task>::const_iterator& position);
  void close_chunk(BatchId id, ChunkId chunk_id, Task::Kind by);
  void close_device_chunks(std::size_t device, bool accepted_too);
  void finish_cpu(const Task& task, Outcome outcome);
  bool finish_device(const Task& task, Outcome outcome, MonotonicTime now, BackendFault fault);
  void finish_test(const Task& task, Outcome outcome, MonotonicTime now);
  void on_answers(const Task& task, bool saw_failure);
  void on_device_fault(const Task& task, BackendFault fault, MonotonicTime now);
  void quarantine(std::size_t device, Operation operation);
  void recheck_batch(BatchId id);
  [[nodiscard]] std::uint64_t expected_cpu_ns(const Batch& batch, Range range) const;
  void note(SchedulerEvent::Kind kind, std::size_t device, Operation operation,
            std::uint64_t items = 0, BackendFault fault = BackendFault::kUnsupported) {
    events_.push_back({kind, device, operation, fault, items});
  }

  SchedulerSetup setup_;
  std::map<BatchId, Batch> batches_;
  std::deque<Task> cpu_queue_;
  std::vector<Device> devices_;
  std::vector<SchedulerEvent> events_;
  std::uint64_t cpu_backlog_ns_ = 0;
  std::uint64_t running_cpu_ = 0;
  std::uint64_t next_id_ = 1;
};

}  // namespace buri::accel
