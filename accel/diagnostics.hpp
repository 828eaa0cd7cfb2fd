#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "accel/backend.hpp"

/// What an operator asks about the backends of this machine: do they compute rightly, and how fast.
/// Every backend is taken by itself, without the engine's scheduling.

namespace buri::accel {

namespace engine {
struct Parts;
}

/// Which backends are meant.
enum class BackendFilter : std::uint8_t { kAll, kCpu, kCuda };

/// A backend that this machine does not offer, and why.
struct MissingBackend {
  std::string name;
  std::string reason;
};

/// The known-answer test of one backend and operation.
struct SelftestResult {
  std::string backend;
  std::string description;  ///< processor or card
  Operation operation;
  bool passed = false;
  std::string detail;  ///< what went wrong; empty when it passed
};

struct SelftestReport {
  std::vector<SelftestResult> results;  ///< operations that a backend does not offer are left out
  std::vector<MissingBackend> missing;
};

/// How long a device may take for one operation's test or measurement before it counts as hung.
inline constexpr std::chrono::seconds kDiagnosticDeadline{60};

/// Runs the known answers through every backend of the filter. A device that hangs fails the
/// operation it hangs in and is asked nothing more.
SelftestReport run_selftest(BackendFilter filter);
/// The same over given backends and limit: for tests.
SelftestReport run_selftest(BackendFilter filter, engine::Parts parts,
                            std::chrono::nanoseconds device_limit);

/// How fast one backend does one operation at one batch size, on one core or device.
struct BackendRate {
  std::string backend;
  Operation operation;
  std::uint64_t items = 0;  ///< batch size; messages of 64 bytes, nodes of 65, leaves of 32
  double items_per_second = 0;
  std::string peer;  ///< the library it is compared with
  double ratio = 0;  ///< items per second over the peer's, same interleaved run
};

/// Measures batches of 1, 16 and 1024 items (devices: 65,536 too) and hands each figure to `report`
/// as it is known. Blocks for some seconds per backend. Returns the missing backends, a device that
/// hangs among them.
std::vector<MissingBackend> measure_rates(BackendFilter filter,
                                          const std::function<void(const BackendRate&)>& report);
/// The same over given backends and limit: for tests.
std::vector<MissingBackend> measure_rates(BackendFilter filter,
                                          const std::function<void(const BackendRate&)>& report,
                                          engine::Parts parts,
                                          std::chrono::nanoseconds device_limit);

}  // namespace buri::accel
