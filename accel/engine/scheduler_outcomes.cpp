#include <algorithm>

#include "accel/engine/scheduler.hpp"
#include "base/check.hpp"

/// What the scheduler does when a task ends: the rules of cross-check, retry and quarantine.

namespace buri::accel {

void Scheduler::finish_cpu(const Task& task, Outcome outcome) {
  --running_cpu_;
  cpu_backlog_ns_ -= task.expected_ns;
  Batch& batch = batches_.at(task.batch);
  --batch.outstanding;
  if (task.kind == Task::Kind::kCompute) return;
  const Operation operation = batch.shape.operation;
  DeviceHealth& health = devices_[task.device].health;
  if (task.kind == Task::Kind::kCompare) {
    // Right or wrong, the caller's memory now holds the CPU's answers.
    if (outcome == Outcome::kDone) {
      health.on_checked(operation, task.range.size());
    } else {
      quarantine(task.device, operation);
    }
    return;
  }
  Chunk& chunk = batch.chunks.at(task.chunk);
  if (outcome == Outcome::kMismatch) {
    close_chunk(task.batch, task.chunk, Task::Kind::kCompute);
    quarantine(task.device, operation);
  } else if (health.state() == DeviceState::kQuarantined) {
    close_chunk(task.batch, task.chunk, Task::Kind::kCompute);
  } else if (batch.recheck) {
    close_chunk(task.batch, task.chunk, Task::Kind::kCompare);
  } else {
    chunk.state = ChunkState::kAccepted;
  }
}

bool Scheduler::finish_device(const Task& task, Outcome outcome, MonotonicTime now,
                              BackendFault fault) {
  Device& device = devices_[task.device];
  device.out.reset();
  device.deadline.reset();
  device.backlog_ns -= std::min(device.backlog_ns, task.expected_ns);
  const auto batch = batches_.find(task.batch);
  const bool wanted =
      batch != batches_.end() && batch->second.chunks.at(task.chunk).state == ChunkState::kRunning;
  if (!wanted) {
    device.health.on_return(now);
    return false;
  }
  if (outcome == Outcome::kFault) {
    on_device_fault(task, fault, now);
    return false;
  }
  device.health.on_answered(batch->second.shape.operation);
  on_answers(task, outcome == Outcome::kSawFailure);
  return true;
}

void Scheduler::on_answers(const Task& task, bool saw_failure) {
  Batch& batch = batches_.at(task.batch);
  if (saw_failure) recheck_batch(task.batch);
  --batch.outstanding;
  const bool sampled =
      devices_[task.device].health.trusted(batch.shape.operation) && !batch.recheck;
  if (!sampled) {
    close_chunk(task.batch, task.chunk, Task::Kind::kCompare);
    return;
  }
  batch.chunks.at(task.chunk).state = ChunkState::kSampling;
  queue_cpu(task.batch, Task::Kind::kSample, task.range, task.chunk, 1);
}

void Scheduler::on_device_fault(const Task& task, BackendFault fault, MonotonicTime now) {
  Batch& batch = batches_.at(task.batch);
  Device& device = devices_[task.device];
  const Operation operation = batch.shape.operation;
  note(SchedulerEvent::Kind::kFault, task.device, operation, task.range.size(), fault);
  device.health.on_fault(fault, operation, task.range.size(), now);
  --batch.outstanding;
  const std::uint64_t half = task.range.size() / 2;
  const bool retry = fault == BackendFault::kOutOfMemory && batch.shape.divisible &&
                     half >= setup_.health.smallest_retry && device.health.accepts(operation);
  if (retry) {
    batch.chunks.at(task.chunk).state = ChunkState::kClosed;
    const std::uint64_t middle = task.range.begin + half;
    queue_chunk(task.batch, task.device, {middle, task.range.end}, true);
    queue_chunk(task.batch, task.device, {task.range.begin, middle}, true);
    return;
  }
  close_chunk(task.batch, task.chunk, Task::Kind::kCompute);
  if (device.health.state() != DeviceState::kLost) return;
  note(SchedulerEvent::Kind::kLost, task.device, operation);
  close_device_chunks(task.device, false);
}

void Scheduler::finish_test(const Task& task, Outcome outcome, MonotonicTime now) {
  Device& device = devices_[task.device];
  device.out.reset();
  device.deadline.reset();
  if (device.health.state() == DeviceState::kHung) {
    device.health.on_return(now);  // whatever it says now, it said it too late
  } else if (outcome == Outcome::kDone) {
    device.health.on_test_passed();
    note(SchedulerEvent::Kind::kReturned, task.device, Operation::kRecover);
  } else if (outcome == Outcome::kMismatch) {
    quarantine(task.device, Operation::kRecover);
  } else {
    device.health.on_test_failed(now);
  }
}

/// Hands the answers of one device call over to the CPU: kCompute when they are worthless, kCompare
/// when they are to be judged.
void Scheduler::close_chunk(BatchId id, ChunkId chunk_id, Task::Kind by) {
  Chunk& chunk = batches_.at(id).chunks.at(chunk_id);
  chunk.state = ChunkState::kClosed;
  queue_cpu(id, by, chunk.range, by == Task::Kind::kCompare ? chunk_id : 0, setup_.cpu_workers);
}

void Scheduler::recheck_batch(BatchId id) {
  Batch& batch = batches_.at(id);
  if (batch.recheck) return;
  batch.recheck = true;
  for (auto& [chunk_id, chunk] : batch.chunks) {
    if (chunk.state != ChunkState::kAccepted) continue;
    close_chunk(id, chunk_id, Task::Kind::kCompare);
  }
  note(SchedulerEvent::Kind::kRecheck, 0, batch.shape.operation, batch.shape.items);
}

void Scheduler::quarantine(std::size_t device, Operation operation) {
  if (devices_[device].health.state() == DeviceState::kQuarantined) return;
  devices_[device].health.on_mismatch();
  note(SchedulerEvent::Kind::kQuarantined, device, operation);
  close_device_chunks(device, true);
}

/// Moves everything a device still owes to the CPU; `accepted_too` also what it gave to batches
/// that are not done.
void Scheduler::close_device_chunks(std::size_t device, bool accepted_too) {
  for (const Task& task : devices_[device].queue) {
    devices_[device].backlog_ns -= std::min(devices_[device].backlog_ns, task.expected_ns);
  }
  devices_[device].queue.clear();
  for (auto& [id, batch] : batches_) {
    for (auto& [chunk_id, chunk] : batch.chunks) {
      if (chunk.device != device) continue;
      if (chunk.state == ChunkState::kStaging) {
        // The copy is still read from the caller's memory: the batch waits for it as well.
        close_chunk(id, chunk_id, Task::Kind::kCompute);
        chunk.state = ChunkState::kCalledOff;
      } else if (chunk.state == ChunkState::kQueued || chunk.state == ChunkState::kRunning) {
        close_chunk(id, chunk_id, Task::Kind::kCompute);
        --batch.outstanding;
      } else if (chunk.state == ChunkState::kAccepted && accepted_too) {
        close_chunk(id, chunk_id, Task::Kind::kCompute);
      }
    }
  }
}

}  // namespace buri::accel
