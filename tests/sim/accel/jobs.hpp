#pragma once

#include <map>
#include <memory>
#include <vector>

#include "accel/engine/scheduler.hpp"
#include "accel/engine/work.hpp"
#include "base/random.hpp"

/// Batches of simulated callers, with the right answers beside them.

namespace buri::accel::sim {

/// How a batch compares with the right answers.
struct Verdict {
  std::uint64_t wrong = 0;
  std::uint64_t false_rejections = 0;
};

/// One caller's batch and the memory it owns.
class Job {
 public:
  virtual ~Job() = default;
  [[nodiscard]] virtual Work& work() = 0;
  /// Compares the caller's memory with the right answers.
  [[nodiscard]] virtual Verdict judge() const = 0;
  /// Wrong answers that a device gave for `chunk`.
  [[nodiscard]] virtual std::uint64_t lies_in(const Staged& staged, Range chunk) const = 0;

  BatchId id = 0;
  bool caller_helps = true;
  std::map<ChunkId, std::shared_ptr<Staged>> staged;
  std::map<std::size_t, std::uint64_t>
      accepted_lies;         ///< by device, in calls that passed their sample
  bool saw_failure = false;  ///< a device reported a failure in it
};

/// A batch of a random operation and size, a quarter of them with failures among the items.
std::unique_ptr<Job> make_job(Random& random);

}  // namespace buri::accel::sim
