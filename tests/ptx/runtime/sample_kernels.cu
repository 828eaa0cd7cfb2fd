#include "tests/ptx/runtime/sample_kernels.hpp"

namespace buri::ptx::runtime {
namespace {

__constant__ std::uint32_t device_factor = 3;

}  // namespace

__global__ void __launch_bounds__(256) scale_kernel(std::uint32_t* values, std::uint32_t count) {
  const std::uint32_t i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) values[i] *= device_factor;
}

cudaError_t launch_scale(std::uint32_t* values, std::uint32_t count, unsigned blocks,
                         unsigned threads, cudaStream_t stream) {
  scale_kernel<<<blocks, threads, 0, stream>>>(values, count);
  return cudaGetLastError();
}

cudaError_t set_factor(std::uint32_t factor) {
  return cudaMemcpyToSymbol(device_factor, &factor, sizeof factor, 0, cudaMemcpyHostToDevice);
}

}  // namespace buri::ptx::runtime
