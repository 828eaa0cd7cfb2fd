#pragma once

#include <cstddef>
#include <cstdint>

#include "accel/signature.hpp"

/// The door between portable code and the AVX-512 IFMA unit: plain functions over plain memory.
/// REQUIRES of each: cpu_features().avx512_ifma. Thread-safe as long as no two calls share scratch
/// or results.

namespace buri::accel::avx512 {

/// Status of a signature for which the batch formulas met an exceptional pair of points (which
/// needs crafted input): the caller must decide it in another way.
inline constexpr auto kUndecided = static_cast<SignatureStatus>(0xff);

/// Tables and memory for a call.
struct KernelContext {
  const void* generator_rows;  ///< generator_rows()
  void* scratch;               ///< kernel_scratch_bytes(), aligned to 64
  LowS low_s;
};

/// A key set as the kernels read it. Results of requests for keys outside of it, or without rows,
/// are meaningless.
struct KernelKeys {
  const void* rows;        ///< KeySet::all_rows()
  std::size_t key_stride;  ///< bytes from key to key
  std::size_t count;       ///< at least 1
};

std::size_t kernel_scratch_bytes();

/// results[i].public_key and .status; addresses are left to the caller.
void recover(const KernelContext& context, const RecoverRequest* requests, std::size_t count,
             RecoverResult* results);
void verify(const KernelContext& context, const VerifyRequest* requests, std::size_t count,
            SignatureStatus* results);
void verify_known(const KernelContext& context, const KernelKeys& keys,
                  const KnownKeyRequest* requests, std::size_t count, SignatureStatus* results);

}  // namespace buri::accel::avx512
