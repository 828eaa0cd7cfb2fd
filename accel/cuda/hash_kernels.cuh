#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

#include "accel/cuda/keccak256.cuh"
#include "accel/cuda/message_slot.cuh"
#include "accel/cuda/sha256.cuh"

/// Launches of the hash kernels. Every pointer is device memory; every launch is asynchronous on
/// `stream` and returns the launch error.

namespace buri::accel::cuda {

/// 32 bytes of digest as they stand in memory.
struct alignas(16) DeviceHash {
  std::uint64_t words[kHashWords64];
};

cudaError_t launch_keccak256(const std::uint64_t* arena, const MessageSlot* slots,
                             std::uint32_t count, DeviceHash* digests, cudaStream_t stream);
cudaError_t launch_sha256(const std::uint64_t* arena, const MessageSlot* slots, std::uint32_t count,
                          DeviceHash* digests, cudaStream_t stream);

/// Most levels that one launch of a tree kernel folds: a block reduces 2^levels nodes to one.
inline constexpr unsigned kTreeLevelsPerLaunch = 8;

/// Folds `levels` levels of a keccak tree: parents[i] is the root of nodes [i * 2^levels, ...).
/// Nodes past `count` are `padding`. REQUIRES: 1 <= levels <= kTreeLevelsPerLaunch, count >= 1.
cudaError_t launch_checkpoint_levels(const DeviceHash* nodes, std::uint32_t count, unsigned levels,
                                     DeviceHash padding, DeviceHash* parents, cudaStream_t stream);
/// Folds `levels` levels of an RFC 6962 tree; a last node without a sibling moves up as it is.
/// REQUIRES: 1 <= levels <= kTreeLevelsPerLaunch, count >= 1.
cudaError_t launch_rfc6962_levels(const DeviceHash* nodes, std::uint32_t count, unsigned levels,
                                  DeviceHash* parents, cudaStream_t stream);

}  // namespace buri::accel::cuda
