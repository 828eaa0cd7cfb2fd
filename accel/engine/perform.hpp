#pragma once

#include "accel/engine/scheduler.hpp"
#include "accel/engine/work.hpp"

/// Carries out the scheduler's tasks on real data. The threads of the engine and the simulation
/// share this code.

namespace buri::accel {

/// Runs a kCompute, kCompare or kSample task. `staged` is the device call that the task names, null
/// for kCompute. `cpu` must support the operation and not fail.
Outcome perform_cpu(const Task& task, Work& work, const Staged* staged, Backend& cpu,
                    Random& random, const Sampling& sampling);

/// How a kDevice task ended.
struct DeviceResult {
  Outcome outcome;
  BackendFault fault = BackendFault::kLaunchFailed;  ///< of Outcome::kFault
};

/// Runs a staged kDevice task; blocks as long as the device does.
DeviceResult perform_device(Staged& staged, Backend& device);

}  // namespace buri::accel
