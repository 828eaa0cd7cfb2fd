#pragma once

#include <cuda_runtime_api.h>

#include <cstddef>
#include <utility>

#include "accel/backend.hpp"

/// Owners of what the CUDA runtime hands out, and the one place that turns its errors into ours.
/// All of it belongs to the device that is current on the calling thread.

namespace buri::accel::cuda {

/// The fault a caller sees for `error`. REQUIRES: error is not cudaSuccess.
BackendFault fault_of(cudaError_t error);

/// True when the context cannot be used again after `error`.
bool is_sticky(cudaError_t error);

/// Memory of one kind that grows on demand and is freed with its owner; contents do not survive
/// growth. `Kind` names the allocation calls.
template <class Kind>
class Buffer {
 public:
  Buffer() = default;
  Buffer(Buffer&& other) noexcept { swap(other); }
  Buffer& operator=(Buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Buffer() { release(); }

  /// Makes at least `bytes` available; on an error the buffer is empty.
  cudaError_t reserve(std::size_t bytes) {
    if (bytes <= bytes_) return cudaSuccess;
    release();
    const cudaError_t error = Kind::allocate(&data_, bytes);
    if (error == cudaSuccess) {
      bytes_ = bytes;
    } else {
      data_ = nullptr;
    }
    return error;
  }
  void release() {
    if (data_ != nullptr) Kind::free(data_);
    data_ = nullptr;
    bytes_ = 0;
  }
  /// Forgets the memory: freeing waits for the device, which a hung device never answers.
  void abandon() {
    data_ = nullptr;
    bytes_ = 0;
  }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] void* data() const { return data_; }

 private:
  void swap(Buffer& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(bytes_, other.bytes_);
  }

  void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

struct DeviceMemory {
  static cudaError_t allocate(void** data, std::size_t bytes) { return cudaMalloc(data, bytes); }
  static void free(void* data) { cudaFree(data); }
};
/// Page-locked host memory: what a copy needs to run beside a kernel.
struct PinnedMemory {
  static cudaError_t allocate(void** data, std::size_t bytes) {
    return cudaMallocHost(data, bytes);
  }
  static void free(void* data) { cudaFreeHost(data); }
};
using DeviceBuffer = Buffer<DeviceMemory>;
using PinnedBuffer = Buffer<PinnedMemory>;

/// Hands out consecutive, 256-byte aligned parts of one buffer, or only adds up their sizes.
class Carver {
 public:
  explicit Carver(void* base) : base_(static_cast<std::byte*>(base)) {}

  template <class T>
  T* take(std::size_t count) {
    T* part = base_ == nullptr ? nullptr : reinterpret_cast<T*>(base_ + used_);
    used_ += (count * sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
    return part;
  }
  [[nodiscard]] std::size_t used() const { return used_; }

 private:
  static constexpr std::size_t kAlignment = 256;
  std::byte* base_;
  std::size_t used_ = 0;
};

}  // namespace buri::accel::cuda
