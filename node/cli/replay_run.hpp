#pragma once

#include <string>

#include "base/clock.hpp"

/// What `buri consensus replay` and `buri execution replay` share.

namespace buri::cli {

/// What a run took of this process.
struct RunCost {
  double seconds = 0;
  double cpu_seconds = 0;  ///< of all threads
};

/// Measures from its construction on.
class RunMeter {
 public:
  [[nodiscard]] RunCost cost() const;

 private:
  static double process_cpu_seconds();

  MonotonicTime start_ = system_clock().monotonic();
  double cpu_start_ = process_cpu_seconds();
};

/// Says on standard error, and as JSON where that was asked for, why the input of a verb cannot be
/// used; the exit code.
int refuse_replay(const std::string& verb, const std::string& reason, bool as_json);

}  // namespace buri::cli
