#pragma once

#include <map>
#include <memory>
#include <queue>
#include <string>
#include <vector>

#include "accel/engine/perform.hpp"
#include "tests/sim/accel/toy_backends.hpp"

/// One simulated machine: CPU runners, callers and failing devices around the real scheduler and
/// the real data paths, in virtual time, from one seed.

namespace buri::accel::sim {

/// What the devices of a schedule may do besides working.
struct Vices {
  bool stall = false;    ///< calls overrun the deadline, some never come back
  bool vanish = false;   ///< the device is away for a while, and returns
  bool exhaust = false;  ///< out of memory, failed launches
  Lie lie = Lie::kNone;
  bool lie_only_when_trusted = false;  ///< behaves until its answers are only sampled
  double lie_probability = 0;
};

struct WorldOptions {
  std::uint64_t seed = 0;
  double sample_rate = 1.0;
  Vices vices;
};

/// What came of one schedule.
struct Report {
  bool stuck = false;  ///< a batch would never have been done
  std::uint64_t items = 0;
  std::uint64_t device_items = 0;      ///< of those, accepted from a device
  std::uint64_t wrong = 0;             ///< answers in a caller's memory that are not right
  std::uint64_t false_rejections = 0;  ///< of those, a failure where "ok" was right
  /// Of the wrong ones, those that no sample can excuse: in a batch where a device reported a
  /// failure, or from a device that was quarantined before the batch was done.
  std::uint64_t inexcusable = 0;
  std::uint64_t sampled_lying_calls = 0;
  std::uint64_t caught_by_sample = 0;  ///< of those calls, how many failed their sample
  double expected_unseen_calls = 0;    ///< what (1 - rate)^k promises as an upper bound
  double unseen_variance = 0;
  std::uint64_t quarantines = 0;
  std::uint64_t hangs = 0;
  std::uint64_t losses = 0;
  std::uint64_t returns = 0;
  std::uint64_t out_of_memory = 0;
};

/// Plays one schedule to its end.
Report play(const WorldOptions& options);

}  // namespace buri::accel::sim
