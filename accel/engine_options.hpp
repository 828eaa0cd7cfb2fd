#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

/// The policy knobs of the batch crypto engine.

namespace buri::accel {

/// What an operator may set. The defaults suit a node that shares the machine with nothing else.
struct EngineOptions {
  /// Names of backends that may be used, as EngineStatus reports them; "cuda" stands for every CUDA
  /// device. Empty: all. "scalar" is always kept, because something must be able to finish a batch.
  std::vector<std::string> allowed_backends;
  /// Worker threads; 0: one per CPU this process may run on. At most 1024.
  unsigned worker_threads = 0;
  /// CPU numbers the workers are pinned to, in turn. Empty: wherever the kernel puts them.
  std::vector<unsigned> cpu_affinity;
  /// Share of a trusted device's answers that the CPU recomputes, 0..1; 1: all, always, and no
  /// device is ever trusted. See docs/decisions on device trust.
  double sample_rate = 1.0 / 64;
  /// Answers recomputed per device call, however small the call. At least 1.
  std::uint64_t minimum_samples = 8;
  /// Answers of an operation that are recomputed in full before a device is trusted with it.
  std::uint64_t probation_items = 1u << 16;
  /// A device call that takes longer counts as hung; its batch is finished on the CPU.
  std::chrono::milliseconds device_deadline{2000};
  /// Device memory the engine may use, per device; 0: what the backend finds sensible.
  std::uint64_t device_memory_bytes = 0;
  /// Directory for the measured latency profile; it must exist. Empty: measure at every start.
  std::string profile_directory;
};

/// For programs that run for seconds, with small batches: this processor's best backend alone, so
/// that nothing else is tested and measured at the start. `worker_threads` as above.
EngineOptions best_cpu_backend_alone(unsigned worker_threads);

/// An option that cannot be used.
struct OptionsError {
  std::string_view field;
  std::string_view expected;
};

/// Checks ranges; touches nothing.
Status<OptionsError> validate(const EngineOptions& options);

/// Whether the allow-list lets a backend of this name run.
bool is_allowed(const EngineOptions& options, std::string_view backend_name);

}  // namespace buri::accel
