#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/ptx/interpreter/launch.hpp"

/// A CUDA runtime for machines without a GPU: linked instead of cudart_static, it defines the cuda*
/// and __cuda* symbols that accel/cuda needs and runs the PTX of the program's own fat binaries in
/// the interpreter.
///
/// It is as lazy as a runtime may be. Work in a stream runs only when the host waits or asks, one
/// operation for each question; device memory faults when the host touches it; a kernel's fault
/// makes every later call fail. This header is how a test sets it up and looks inside.
///
/// The whole runtime is one lock: it is thread-safe, and nothing in it runs in parallel.

namespace buri::ptx::runtime {

/// The calls that can be told to fail.
enum class Api : std::uint8_t {
  kGetDeviceCount,
  kGetDeviceProperties,
  kSetDevice,
  kMalloc,
  kFree,
  kMallocHost,
  kFreeHost,
  kMemcpy,
  kStreamCreate,
  kStreamQuery,
  kStreamSynchronize,
  kEventCreate,
  kEventRecord,
  kEventQuery,
  kLaunchKernel,
};
inline constexpr std::size_t kApiCount = 15;

/// Name of the CUDA call: "cudaMalloc".
std::string_view api_name(Api api);

/// Makes the `nth` call (from 1) of `api` return `error`.
struct InjectedFault {
  Api api;
  unsigned nth;
  cudaError_t error;
  bool sticky = false;  ///< and every later call too, as after the loss of the device
};

struct Settings {
  LaunchOptions launch{};
  int device_count = 1;
  int compute_major = 8;
  std::size_t device_bytes = std::size_t{1} << 30;
  std::vector<InjectedFault> faults{};
  /// The operation that never ends (from 1, counted over all streams); 0 for none.
  std::uint64_t hung_operation = 0;
  /// Changes the PTX before it is read: how mutants are made. Called once for each fat binary.
  std::function<std::string(std::string)> edit_ptx{};
};

/// What the program holds and did since reset().
struct Usage {
  std::size_t device_allocations = 0;  ///< alive now
  std::size_t device_bytes = 0;
  std::size_t pinned_allocations = 0;
  std::size_t streams = 0;
  std::size_t events = 0;
  std::uint64_t launches = 0;
  std::uint64_t thread_instructions = 0;
  std::uint64_t pageable_copies = 0;  ///< asynchronous copies that could not be asynchronous
  std::uint64_t endless_waits = 0;    ///< the host waited without a limit on work that hangs
  std::optional<Fault> fault;         ///< the first kernel fault
  std::string parse_error;            ///< why a fat binary's PTX could not be read

  [[nodiscard]] bool holds_nothing() const {
    return device_allocations + pinned_allocations + streams + events == 0;
  }
};

/// Starts afresh: an unused device and unread fat binaries. What the program still held is gone,
/// without a trace in the next usage().
void reset(Settings settings);

/// Changes how later launches run, without touching anything else.
void set_launch_options(const LaunchOptions& options);

Usage usage();

/// How often `api` was called since reset().
unsigned calls(Api api);

}  // namespace buri::ptx::runtime
