#pragma once

#include <cuda_runtime_api.h>

#include <cstdint>

/// Small kernels with which the fake runtime is tested itself.

namespace buri::ptx::runtime {

/// values[i] = factor * values[i] for i < count, where `factor` is the device constant. Returns the
/// launch error.
cudaError_t launch_scale(std::uint32_t* values, std::uint32_t count, unsigned blocks,
                         unsigned threads, cudaStream_t stream);

/// Writes the device constant, which is 3 at first.
cudaError_t set_factor(std::uint32_t factor);

}  // namespace buri::ptx::runtime
