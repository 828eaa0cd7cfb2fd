#pragma once

#include <cstdint>
#include <vector>

#include "accel/cuda/device.cuh"
#include "accel/cuda/signature_kernels.cuh"

/// The tables that stay on a device between calls: the generator's comb, and the combs of the key
/// sets used last. Not thread-safe.

namespace buri::accel::cuda {

class ResidentTables {
 public:
  explicit ResidentTables(Device& device) : device_(device) {}
  ~ResidentTables();
  ResidentTables(const ResidentTables&) = delete;
  ResidentTables& operator=(const ResidentTables&) = delete;

  /// The generator's rows, copied at the first call.
  Result<const DeviceRow*, BackendFault> generator_rows();

  /// The arrays of `keys`, copied at their first use. The sets used longest ago make room; a set
  /// that alone exceeds half of the memory cap is kOutOfMemory. Valid until the next call.
  Result<KeySetArrays, BackendFault> key_set(const KeySet& keys);

 private:
  struct Entry {
    std::uint64_t id;
    std::uint64_t last_use;
    DeviceBuffer memory;
    KeySetArrays arrays;
  };

  CallStatus copy(const KeySet& keys, Entry& entry);
  CallStatus copy_bytes(void* target, const void* source, std::size_t bytes);
  void make_room(std::size_t bytes);

  Device& device_;
  DeviceBuffer generator_;
  bool generator_ready_ = false;
  std::vector<Entry> entries_;
  std::uint64_t uses_ = 0;
};

}  // namespace buri::accel::cuda
