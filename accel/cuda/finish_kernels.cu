#include "accel/cuda/block_inverse.cuh"
#include "accel/cuda/launch.cuh"
#include "accel/cuda/signature_kernels.cuh"

// From sums to answers.

namespace buri::accel::cuda {
namespace {

constexpr unsigned kFinishThreads = 256;

}  // namespace

__global__ void __launch_bounds__(kFinishThreads)
    recover_finish_kernel(std::uint32_t count, SignatureScratch scratch, RecoveredKey* keys,
                          Verdict* verdicts) {
  __shared__ FieldElement heap[2 * kFinishThreads];
  const std::uint32_t i = blockIdx.x * kFinishThreads + threadIdx.x;
  const bool inside = i < count;
  Verdict verdict_here = verdict(SignatureStatus::kBadRange);
  Jacobian sum{};
  if (inside) {
    verdict_here = scratch.verdicts[i];
    sum = scratch.sums[i];
    if (verdict_here == kVerdictOk && DeviceField::is_zero(sum.z)) verdict_here = kUndecided;
  }
  const bool valid = verdict_here == kVerdictOk;
  const FieldElement z = DeviceField::select(valid, sum.z, field_one());
  const FieldElement z_inverse = block_inverse<FieldInverse, kFinishThreads>(z, heap);
  if (!inside) return;
  verdicts[i] = verdict_here;
  keys[i] = valid ? recovered_key(sum, z_inverse) : RecoveredKey{};
}

__global__ void __launch_bounds__(kFinishThreads)
    verify_finish_kernel(SignatureArrays in, std::uint32_t count, SignatureScratch scratch,
                         Verdict* verdicts) {
  const std::uint32_t i = blockIdx.x * kFinishThreads + threadIdx.x;
  if (i >= count) return;
  const Verdict before = scratch.verdicts[i];
  verdicts[i] = before == kVerdictOk ? match_r(scratch.sums[i], load(in.r[i])) : before;
}

cudaError_t launch_recover_finish(std::uint32_t count, const SignatureScratch& scratch,
                                  RecoveredKey* keys, Verdict* verdicts, cudaStream_t stream) {
  recover_finish_kernel<<<blocks_for(count, kFinishThreads), kFinishThreads, 0, stream>>>(
      count, scratch, keys, verdicts);
  return cudaGetLastError();
}

cudaError_t launch_verify_finish(const SignatureArrays& in, std::uint32_t count,
                                 const SignatureScratch& scratch, Verdict* verdicts,
                                 cudaStream_t stream) {
  verify_finish_kernel<<<blocks_for(count, kFinishThreads), kFinishThreads, 0, stream>>>(
      in, count, scratch, verdicts);
  return cudaGetLastError();
}

}  // namespace buri::accel::cuda
