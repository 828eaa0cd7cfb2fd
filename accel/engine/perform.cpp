#include "accel/engine/perform.hpp"

#include "base/check.hpp"

namespace buri::accel {

Outcome perform_cpu(const Task& task, Work& work, const Staged* staged, Backend& cpu,
                    Random& random, const Sampling& sampling) {
  if (task.kind == Task::Kind::kCompute) {
    const auto status = work.compute(cpu, task.range);
    CHECK(status.ok(), "a CPU backend failed a batch");
    return Outcome::kDone;
  }
  CHECK(staged != nullptr, "a cross-check without the device's answers");
  const bool same = task.kind == Task::Kind::kCompare
                        ? work.compare(cpu, task.range, task.chunk_range, *staged)
                        : work.sample_and_accept(cpu, task.chunk_range, *staged, random, sampling);
  return same ? Outcome::kDone : Outcome::kMismatch;
}

DeviceResult perform_device(Staged& staged, Backend& device) {
  const auto status = staged.run(device);
  if (!status.ok()) return {Outcome::kFault, status.error()};
  return {staged.reports_failure() ? Outcome::kSawFailure : Outcome::kDone};
}

}  // namespace buri::accel
