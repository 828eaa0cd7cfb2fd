#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "accel/engine/choice.hpp"
#include "accel/engine/parts.hpp"
#include "accel/engine/perform.hpp"
#include "accel/engine/scheduler.hpp"
#include "accel/engine/telemetry.hpp"

/// The threads around the scheduler: pool workers, one lane per device, and callers that help with
/// their own batch. One mutex guards the scheduler; all computing happens outside of it.

namespace buri::accel::engine {

/// The CPU backends of one operation, in the order of their choice table.
struct CpuBackends {
  struct Entry {
    Backend* backend;
    std::size_t index;  ///< among all backends, for telemetry
  };
  std::vector<Entry> entries;
  CpuChoice choice;
};

/// A device and its place among all backends.
struct DeviceSlot {
  BackendSlot slot;
  std::size_t index;
};

struct RuntimeSetup {
  SchedulerSetup scheduler;
  std::vector<CpuBackends> cpu;  ///< per operation
  std::vector<DeviceSlot> devices;
  std::vector<std::shared_ptr<Backend>> keep_alive;
  std::function<Status<KnownAnswerError>(Backend&)> test;
  std::vector<unsigned> cpu_affinity;
  std::uint64_t seed = 0;  ///< of the samples that cross-checks draw
};

/// Thread-safe.
class Runtime {
 public:
  /// `clock` must outlive the runtime.
  Runtime(RuntimeSetup setup, const Clock& clock, std::shared_ptr<Telemetry> telemetry);
  /// Joins all threads but those stuck in a device call, which are left to themselves.
  ~Runtime();
  Runtime(const Runtime&) = delete;
  Runtime& operator=(const Runtime&) = delete;

  /// Computes a batch; the calling thread helps. `units` as in BatchShape.
  void run(Work& work, std::uint64_t units, bool devices);
  /// Queues a batch; wait() must follow.
  BatchId submit(std::unique_ptr<Work> work, std::uint64_t units, bool devices);
  void wait(BatchId batch);

  [[nodiscard]] DeviceHealth health(std::size_t device) const;
  [[nodiscard]] std::size_t queued_tasks() const;

 private:
  struct Shared;

  std::shared_ptr<Shared> shared_;
  std::vector<std::thread> workers_;  ///< and the monitor of device deadlines
  std::vector<std::thread> lanes_;
};

}  // namespace buri::accel::engine
