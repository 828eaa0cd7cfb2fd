#include "accel/cuda/launch.cuh"
#include "accel/cuda/signature_kernels.cuh"

// The long sums: where nearly all multiplications are. One item per thread, no shared state.

namespace buri::accel::cuda {
namespace {

constexpr unsigned kSumThreads = 128;
/// Keeps the sums within 128 registers, so that four blocks share a multiprocessor.
constexpr unsigned kSumBlocks = 4;

}  // namespace

__global__ void __launch_bounds__(kSumThreads, kSumBlocks)
    odd_multiples_kernel(std::uint32_t count, SignatureScratch scratch) {
  const std::uint32_t i = blockIdx.x * kSumThreads + threadIdx.x;
  if (i < count) build_odd_multiples(scratch.points[i], scratch.tables[i]);
}

__global__ void __launch_bounds__(kSumThreads, kSumBlocks)
    window_sum_kernel(const DeviceRow* generator_rows, std::uint32_t count,
                      SignatureScratch scratch) {
  const std::uint32_t i = blockIdx.x * kSumThreads + threadIdx.x;
  if (i >= count) return;
  const SumDigits& digits = scratch.digits[i];
  scratch.sums[i] =
      add_generator(sum_windows(scratch.tables[i], digits.point), generator_rows, digits.generator);
}

__global__ void __launch_bounds__(kSumThreads, kSumBlocks)
    comb_sum_kernel(const DeviceRow* generator_rows, KeySetArrays keys,
                    const std::uint32_t* key_indexes, std::uint32_t count,
                    SignatureScratch scratch) {
  const std::uint32_t i = blockIdx.x * kSumThreads + threadIdx.x;
  if (i >= count || scratch.verdicts[i] != kVerdictOk) return;
  const DeviceRow* rows = keys.rows + std::size_t{key_indexes[i]} * curve::KeyComb::kRows;
  scratch.sums[i] = sum_combs(generator_rows, rows, scratch.digits[i]);
}

cudaError_t launch_odd_multiples(std::uint32_t count, const SignatureScratch& scratch,
                                 cudaStream_t stream) {
  odd_multiples_kernel<<<blocks_for(count, kSumThreads), kSumThreads, 0, stream>>>(count, scratch);
  return cudaGetLastError();
}

cudaError_t launch_window_sum(const DeviceRow* generator_rows, std::uint32_t count,
                              const SignatureScratch& scratch, cudaStream_t stream) {
  window_sum_kernel<<<blocks_for(count, kSumThreads), kSumThreads, 0, stream>>>(generator_rows,
                                                                                count, scratch);
  return cudaGetLastError();
}

cudaError_t launch_comb_sum(const DeviceRow* generator_rows, const KeySetArrays& keys,
                            const std::uint32_t* key_indexes, std::uint32_t count,
                            const SignatureScratch& scratch, cudaStream_t stream) {
  comb_sum_kernel<<<blocks_for(count, kSumThreads), kSumThreads, 0, stream>>>(
      generator_rows, keys, key_indexes, count, scratch);
  return cudaGetLastError();
}

}  // namespace buri::accel::cuda
