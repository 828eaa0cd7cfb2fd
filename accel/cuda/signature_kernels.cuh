#pragma once

#include <cuda_runtime_api.h>

#include "accel/cuda/point_sum.cuh"
#include "accel/cuda/signature_output.cuh"

/// Launches of the signature kernels. Every pointer is device memory with one element per item;
/// every launch is asynchronous on `stream` and returns the launch error. A check is a sequence:
///
///   recover       recover_prepare   odd_multiples  window_sum  recover_finish
///   verify        verify_prepare    odd_multiples  window_sum  verify_finish
///   verify_known  known_prepare     comb_sum                   verify_finish
///
/// Items that a prepare kernel refuses go on as harmless stand-ins; their verdict stays.

namespace buri::accel::cuda {

/// The packed requests of a chunk.
struct SignatureArrays {
  const BigEndian256* digest;
  const BigEndian256* r;
  const BigEndian256* s;
};

/// What the kernels of one chunk hand to each other.
struct SignatureScratch {
  Verdict* verdicts;
  SumDigits* digits;
  Affine* points;        ///< R or Q; not used by known keys
  OddMultiples* tables;  ///< not used by known keys
  Jacobian* sums;
};

/// A packed key: what PublicKey holds after its first byte, zero-filled.
struct KeyArrays {
  const BigEndian256* x;
  const BigEndian256* y;
  const KeyForm* form;
};

/// A key set on the device.
struct KeySetArrays {
  const DeviceRow* rows;    ///< [size][KeyComb::kRows]
  const Verdict* verdicts;  ///< [size]: key_status
  std::uint32_t size;
};

cudaError_t launch_recover_prepare(const SignatureArrays& in, const std::uint8_t* recovery_ids,
                                   std::uint32_t count, bool low_s, const SignatureScratch& scratch,
                                   cudaStream_t stream);
cudaError_t launch_verify_prepare(const SignatureArrays& in, const KeyArrays& keys,
                                  std::uint32_t count, bool low_s, const SignatureScratch& scratch,
                                  cudaStream_t stream);
cudaError_t launch_known_prepare(const SignatureArrays& in, const std::uint32_t* key_indexes,
                                 const KeySetArrays& keys, std::uint32_t count, bool low_s,
                                 const SignatureScratch& scratch, cudaStream_t stream);
cudaError_t launch_odd_multiples(std::uint32_t count, const SignatureScratch& scratch,
                                 cudaStream_t stream);
cudaError_t launch_window_sum(const DeviceRow* generator_rows, std::uint32_t count,
                              const SignatureScratch& scratch, cudaStream_t stream);
cudaError_t launch_comb_sum(const DeviceRow* generator_rows, const KeySetArrays& keys,
                            const std::uint32_t* key_indexes, std::uint32_t count,
                            const SignatureScratch& scratch, cudaStream_t stream);
cudaError_t launch_recover_finish(std::uint32_t count, const SignatureScratch& scratch,
                                  RecoveredKey* keys, Verdict* verdicts, cudaStream_t stream);
cudaError_t launch_verify_finish(const SignatureArrays& in, std::uint32_t count,
                                 const SignatureScratch& scratch, Verdict* verdicts,
                                 cudaStream_t stream);

}  // namespace buri::accel::cuda
