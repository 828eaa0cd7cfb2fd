#include "accel/engine/scheduler.hpp"

#include <algorithm>
#include <utility>

#include "accel/engine/plan.hpp"
#include "base/check.hpp"

namespace buri::accel {
namespace {

/// Shares are multiples of this: two groups of eight SIMD lanes.
constexpr std::uint64_t kGrain = 16;
/// Pieces smaller than this are not made merely to even out the runners.
constexpr std::uint64_t kSmallPiece = 512;
/// Pieces per runner of a large share, so that a slow runner does not hold up the others.
constexpr std::uint64_t kPiecesPerRunner = 4;

std::size_t index(Operation operation) { return static_cast<std::size_t>(operation); }

std::uint64_t scale(std::uint64_t value, std::uint64_t numerator, std::uint64_t denominator) {
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(value) * numerator /
                                    denominator);
}

}  // namespace

bool Placement::caller_only() const {
  return worker_units == 0 && std::all_of(device_units.begin(), device_units.end(),
                                          [](std::uint64_t units) { return units == 0; });
}

Scheduler::Scheduler(SchedulerSetup setup) : setup_(std::move(setup)) {
  CHECK(setup_.cpu.size() == kOperationCount && setup_.cpu_workers > 0,
        "a scheduler needs a CPU curve per operation and a worker");
  for (const auto& curves : setup_.devices) {
    CHECK(curves.size() == kOperationCount, "a device needs an entry per operation");
    DeviceHealth::Supports supports{};
    for (std::size_t i = 0; i < kOperationCount; ++i) supports[i] = curves[i].has_value();
    devices_.push_back({DeviceHealth(setup_.health, supports), {}, {}, {}, 0});
  }
}

Placement Scheduler::place(const BatchShape& shape) const {
  const LatencyCurve& cpu = setup_.cpu[index(shape.operation)];
  const std::uint64_t queue_ns = setup_.hand_over_ns + cpu_backlog_ns_ / setup_.cpu_workers;
  const std::uint64_t other_workers = setup_.cpu_workers - (shape.caller_helps ? 1 : 0);
  std::vector<Lane> lanes;
  if (shape.caller_helps) lanes.push_back({&cpu, 0, shape.units, 1});
  if (other_workers > 0) lanes.push_back({&cpu, queue_ns, shape.units, other_workers});
  const std::size_t cpu_lanes = lanes.size();
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    const Device& device = devices_[i];
    const auto& curve = setup_.devices[i][index(shape.operation)];
    const bool usable = shape.devices && curve && device.health.accepts(shape.operation);
    const std::uint64_t limit = usable ? device.health.limit(shape.operation) : 0;
    lanes.push_back({curve ? &*curve : &cpu, setup_.hand_over_ns + device.backlog_ns, limit, 1});
  }
  const Plan plan =
      shape.divisible ? plan_split(shape.units, kGrain, lanes) : plan_whole(shape.units, lanes);
  Placement placement;
  if (shape.caller_helps) placement.caller_units = plan.items[0];
  if (other_workers > 0) placement.worker_units = plan.items[cpu_lanes - 1];
  placement.device_units.assign(plan.items.begin() + static_cast<std::ptrdiff_t>(cpu_lanes),
                                plan.items.end());
  placement.finish_ns = plan.finish_ns;
  return placement;
}

std::uint64_t Scheduler::largest_for_caller(Operation operation) const {
  constexpr std::uint64_t kLargest = std::uint64_t{1} << 24;
  const bool tree = operation == Operation::kCheckpointRoot || operation == Operation::kRfc6962Root;
  const auto alone = [&](std::uint64_t units) {
    return place({operation, units, units, !tree, true, true}).caller_only();
  };
  std::uint64_t low = 0;
  std::uint64_t high = 1;
  while (alone(high)) {
    if (high >= kLargest) return UINT64_MAX;
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const std::uint64_t middle = low + (high - low) / 2;
    (alone(middle) ? low : high) = middle;
  }
  return low;
}

BatchId Scheduler::submit(const BatchShape& shape, const Placement& placement) {
  const BatchId id = next_id_++;
  batches_.emplace(id, Batch{shape, 0, false, {}});
  std::uint64_t begin = 0;
  for (std::size_t i = 0; i < placement.device_units.size(); ++i) {
    const std::uint64_t items = scale(placement.device_units[i], shape.items, shape.units);
    if (items == 0) continue;
    queue_chunk(id, i, {begin, begin + items}, false);
    begin += items;
  }
  if (begin < shape.items) {
    const bool workers = placement.worker_units > 0;
    const std::uint64_t runners = workers ? setup_.cpu_workers : 1;
    queue_cpu(id, Task::Kind::kCompute, {begin, shape.items}, 0, runners);
  }
  return id;
}

void Scheduler::forget(BatchId batch) {
  CHECK(done(batch), "a batch was forgotten before it was done");
  batches_.erase(batch);
}

std::uint64_t Scheduler::expected_cpu_ns(const Batch& batch, Range range) const {
  const std::uint64_t units = scale(range.size(), batch.shape.units, batch.shape.items);
  return setup_.cpu[index(batch.shape.operation)].at(units);
}

void Scheduler::queue_cpu(BatchId id, Task::Kind kind, Range range, ChunkId chunk,
                          std::uint64_t runners) {
  Batch& batch = batches_.at(id);
  std::uint64_t count = std::clamp(range.size() / kSmallPiece, runners, kPiecesPerRunner * runners);
  if (!batch.shape.divisible || kind == Task::Kind::kSample) count = 1;
  const std::uint64_t even = (range.size() + count - 1) / count;
  const std::uint64_t size = std::max(kGrain, (even + kGrain - 1) / kGrain * kGrain);
  for (std::uint64_t begin = range.begin; begin < range.end;) {
    const std::uint64_t end = count == 1 ? range.end : std::min(range.end, begin + size);
    Task task;
    task.id = next_id_++;
    task.kind = kind;
    task.batch = id;
    task.range = {begin, end};
    task.chunk = chunk;
    if (chunk != 0) {
      task.chunk_range = batch.chunks.at(chunk).range;
      task.device = batch.chunks.at(chunk).device;
    }
    task.expected_ns = kind == Task::Kind::kSample ? 0 : expected_cpu_ns(batch, task.range);
    cpu_backlog_ns_ += task.expected_ns;
    cpu_queue_.push_back(task);
    ++batch.outstanding;
    begin = end;
  }
}

void Scheduler::queue_chunk(BatchId id, std::size_t device, Range range, bool in_front) {
  Batch& batch = batches_.at(id);
  Task task;
  task.id = next_id_++;
  task.kind = Task::Kind::kDevice;
  task.batch = id;
  task.range = task.chunk_range = range;
  task.chunk = next_id_++;
  task.device = device;
  const auto& curve = setup_.devices[device][index(batch.shape.operation)];
  task.expected_ns = curve->at(scale(range.size(), batch.shape.units, batch.shape.items));
  batch.chunks.emplace(task.chunk, Chunk{range, device, ChunkState::kQueued});
  ++batch.outstanding;
  devices_[device].backlog_ns += task.expected_ns;
  auto& queue = devices_[device].queue;
  in_front ? queue.push_front(task) : queue.push_back(task);
}

Task Scheduler::take_cpu(const std::deque<Task>::const_iterator& position) {
  const Task task = *position;
  cpu_queue_.erase(position);
  ++running_cpu_;
  return task;
}

std::optional<Task> Scheduler::next_cpu() {
  if (cpu_queue_.empty() || running_cpu_ >= setup_.cpu_workers) return std::nullopt;
  return take_cpu(cpu_queue_.begin());
}

std::optional<Task> Scheduler::next_cpu_of(BatchId batch) {
  const auto found = std::find_if(cpu_queue_.begin(), cpu_queue_.end(),
                                  [&](const Task& task) { return task.batch == batch; });
  if (found == cpu_queue_.end()) return std::nullopt;
  return take_cpu(found);
}

std::optional<Task> Scheduler::next_device(std::size_t index, MonotonicTime now) {
  Device& device = devices_[index];
  if (device.out) return std::nullopt;
  if (device.health.state() == DeviceState::kLost && now >= device.health.retry_at()) {
    Task test;
    test.id = next_id_++;
    test.kind = Task::Kind::kTest;
    test.device = index;
    device.out = test;
    return test;
  }
  if (device.queue.empty()) return std::nullopt;
  device.out = device.queue.front();
  device.queue.pop_front();
  batches_.at(device.out->batch).chunks.at(device.out->chunk).state = ChunkState::kStaging;
  return device.out;
}

bool Scheduler::started(const Task& task, MonotonicTime now) {
  Device& device = devices_[task.device];
  if (task.kind == Task::Kind::kDevice) {
    Batch& batch = batches_.at(task.batch);
    Chunk& chunk = batch.chunks.at(task.chunk);
    if (chunk.state == ChunkState::kCalledOff) {
      chunk.state = ChunkState::kClosed;
      --batch.outstanding;
      device.backlog_ns -= std::min(device.backlog_ns, task.expected_ns);
      device.out.reset();
      return false;
    }
    chunk.state = ChunkState::kRunning;
  }
  device.deadline = now + setup_.health.deadline;
  return true;
}

bool Scheduler::finish(const Task& task, Outcome outcome, MonotonicTime now, BackendFault fault) {
  switch (task.kind) {
    case Task::Kind::kCompute:
    case Task::Kind::kCompare:
    case Task::Kind::kSample:
      finish_cpu(task, outcome);
      return true;
    case Task::Kind::kDevice:
      return finish_device(task, outcome, now, fault);
    case Task::Kind::kTest:
      finish_test(task, outcome, now);
      return true;
  }
  CHECK(false, "a Task of no kind");
}

void Scheduler::tick(MonotonicTime now) {
  for (std::size_t i = 0; i < devices_.size(); ++i) {
    Device& device = devices_[i];
    if (!device.deadline || now < *device.deadline) continue;
    device.deadline.reset();
    const bool in_batch = device.out->kind == Task::Kind::kDevice;
    const auto batch = in_batch ? batches_.find(device.out->batch) : batches_.end();
    note(SchedulerEvent::Kind::kHang, i,
         batch != batches_.end() ? batch->second.shape.operation : Operation::kRecover);
    device.health.on_hang();
    close_device_chunks(i, false);
  }
}

std::optional<MonotonicTime> Scheduler::next_event() const {
  std::optional<MonotonicTime> earliest;
  const auto consider = [&](MonotonicTime time) {
    if (!earliest || time < *earliest) earliest = time;
  };
  for (const Device& device : devices_) {
    if (device.deadline) consider(*device.deadline);
    if (!device.out && device.health.state() == DeviceState::kLost) {
      consider(device.health.retry_at());
    }
  }
  return earliest;
}

}  // namespace buri::accel
