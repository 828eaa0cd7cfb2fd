#include "accel/cuda/block_inverse.cuh"
#include "accel/cuda/launch.cuh"
#include "accel/cuda/signature_kernels.cuh"

// From requests to points and digits. A block shares the one inversion mod n of its items, so all
// its threads stay to the end; threads past the count carry a one. Little is kept in registers
// across the inversion, which needs them: signatures are read again.

namespace buri::accel::cuda {
namespace {

constexpr unsigned kPrepareThreads = 256;

__device__ Signature load_signature(const SignatureArrays& in, std::uint32_t i) {
  return {load(in.digest[i]), load(in.r[i]), load(in.s[i])};
}

__device__ curve::Uint256 inverse_mod_n(bool valid, const curve::Uint256& value) {
  __shared__ curve::Uint256 heap[2 * kPrepareThreads];
  const curve::Uint256 one{{1, 0, 0, 0}};
  return block_inverse<OrderInverse, kPrepareThreads>(valid ? value : one, heap);
}

/// The signature of item i, or r = s = 1 for a refused one, which goes on as a harmless stand-in.
__device__ Signature load_or_stand_in(bool valid, const SignatureArrays& in, std::uint32_t i) {
  Signature signature = load_signature(in, i);
  if (!valid) signature.r = signature.s = {{1, 0, 0, 0}};
  return signature;
}

}  // namespace

__global__ void __launch_bounds__(kPrepareThreads)
    recover_prepare_kernel(SignatureArrays in, const std::uint8_t* recovery_ids,
                           std::uint32_t count, bool low_s, SignatureScratch scratch) {
  const std::uint32_t i = blockIdx.x * kPrepareThreads + threadIdx.x;
  const bool inside = i < count;
  Signature signature{};
  Affine point = generator();
  Verdict verdict_here = verdict(SignatureStatus::kBadRange);
  if (inside) {
    signature = load_signature(in, i);
    const unsigned id = recovery_ids[i];
    if (id < 4) verdict_here = check_scalars(signature, low_s);
    if (verdict_here == kVerdictOk) verdict_here = lift_r(signature.r, id, point);
  }
  const bool valid = verdict_here == kVerdictOk;
  if (inside) scratch.verdicts[i] = verdict_here;
  if (inside) scratch.points[i] = valid ? point : generator();
  const curve::Uint256 r_inverse = inverse_mod_n(valid, signature.r);
  if (!inside) return;
  scratch.digits[i] = recover_digits(load_or_stand_in(valid, in, i), r_inverse, kPointBits);
}

__global__ void __launch_bounds__(kPrepareThreads)
    verify_prepare_kernel(SignatureArrays in, KeyArrays keys, std::uint32_t count, bool low_s,
                          SignatureScratch scratch) {
  const std::uint32_t i = blockIdx.x * kPrepareThreads + threadIdx.x;
  const bool inside = i < count;
  Signature signature{};
  Affine point = generator();
  Verdict verdict_here = verdict(SignatureStatus::kBadLength);
  if (inside && keys.form[i] != KeyForm::kBadLength) {
    signature = load_signature(in, i);
    verdict_here = check_scalars(signature, low_s);
    if (verdict_here == kVerdictOk)
      verdict_here = decode_key(keys.form[i], load(keys.x[i]), load(keys.y[i]), point);
  }
  const bool valid = verdict_here == kVerdictOk;
  if (inside) scratch.verdicts[i] = verdict_here;
  if (inside) scratch.points[i] = valid ? point : generator();
  const curve::Uint256 s_inverse = inverse_mod_n(valid, signature.s);
  if (!inside) return;
  scratch.digits[i] = verify_digits(load_or_stand_in(valid, in, i), s_inverse, kPointBits);
}

__global__ void __launch_bounds__(kPrepareThreads)
    known_prepare_kernel(SignatureArrays in, const std::uint32_t* key_indexes, KeySetArrays keys,
                         std::uint32_t count, bool low_s, SignatureScratch scratch) {
  const std::uint32_t i = blockIdx.x * kPrepareThreads + threadIdx.x;
  const bool inside = i < count;
  Signature signature{};
  Verdict verdict_here = verdict(SignatureStatus::kBadLength);
  if (inside && key_indexes[i] < keys.size) {
    signature = load_signature(in, i);
    const Verdict key = keys.verdicts[key_indexes[i]];
    const bool bad_length = key == verdict(SignatureStatus::kBadLength);
    verdict_here = bad_length ? key : check_scalars(signature, low_s);
    if (verdict_here == kVerdictOk) verdict_here = key;
  }
  const bool valid = verdict_here == kVerdictOk;
  if (inside) scratch.verdicts[i] = verdict_here;
  const curve::Uint256 s_inverse = inverse_mod_n(valid, signature.s);
  if (!inside) return;
  scratch.digits[i] =
      verify_digits(load_or_stand_in(valid, in, i), s_inverse, curve::KeyComb::kBits);
}

cudaError_t launch_recover_prepare(const SignatureArrays& in, const std::uint8_t* recovery_ids,
                                   std::uint32_t count, bool low_s, const SignatureScratch& scratch,
                                   cudaStream_t stream) {
  recover_prepare_kernel<<<blocks_for(count, kPrepareThreads), kPrepareThreads, 0, stream>>>(
      in, recovery_ids, count, low_s, scratch);
  return cudaGetLastError();
}

cudaError_t launch_verify_prepare(const SignatureArrays& in, const KeyArrays& keys,
                                  std::uint32_t count, bool low_s, const SignatureScratch& scratch,
                                  cudaStream_t stream) {
  verify_prepare_kernel<<<blocks_for(count, kPrepareThreads), kPrepareThreads, 0, stream>>>(
      in, keys, count, low_s, scratch);
  return cudaGetLastError();
}

cudaError_t launch_known_prepare(const SignatureArrays& in, const std::uint32_t* key_indexes,
                                 const KeySetArrays& keys, std::uint32_t count, bool low_s,
                                 const SignatureScratch& scratch, cudaStream_t stream) {
  known_prepare_kernel<<<blocks_for(count, kPrepareThreads), kPrepareThreads, 0, stream>>>(
      in, key_indexes, keys, count, low_s, scratch);
  return cudaGetLastError();
}

}  // namespace buri::accel::cuda
