#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "accel/backend.hpp"

/// The CUDA backend as the engine sees it: no CUDA type appears here. docs/gpu.md describes the
/// design, its limits and what was and was not verified.

namespace buri::accel::cuda {

/// How devices are opened and used.
struct DeviceOptions {
  /// A CPU backend that offers every operation. It gives the verdict on the rare items a device
  /// hands back (exceptional curve additions, oversized messages), inside the same call.
  std::shared_ptr<Backend> exact;
  /// Most device memory one device may hold, tables and buffers together.
  std::size_t memory_cap_bytes = std::size_t{1} << 30;
  /// A call that is not finished after this long counts as a hang: it returns kTimeout and the
  /// device is lost.
  std::chrono::milliseconds deadline{10'000};
  /// Most signatures or messages in one chunk; two chunks are in flight, one copying while the
  /// other computes.
  std::size_t chunk_items = std::size_t{1} << 16;
};

/// What open_devices found.
struct Devices {
  std::vector<std::unique_ptr<Backend>> backends;  ///< "cuda:0", "cuda:1", ...
  std::string reason;  ///< for people: why a device, or every device, is missing; else empty
};

/// Opens every usable device. Without a driver, a device or enough memory the list is shorter or
/// empty and `reason` says why; nothing throws. Each backend is thread-safe: calls on one device
/// are serialised. After kDeviceLost or kTimeout every later call of that backend answers
/// kDeviceLost. REQUIRES: options.exact is set and chunk_items > 0.
Devices open_devices(const DeviceOptions& options);

}  // namespace buri::accel::cuda
