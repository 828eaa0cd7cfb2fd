#pragma once

#include <cstddef>
#include <cstdint>

#include "accel/signature.hpp"

/// The door between portable code and the units for wide registers: plain functions over plain
/// memory. Thread-safe as long as no two calls share scratch or results.

namespace buri::accel::vector {

/// Status of a signature for which the batch formulas met an exceptional pair of points (which
/// needs crafted input): the caller must decide it in another way.
inline constexpr auto kUndecided = static_cast<SignatureStatus>(0xff);

/// Tables and memory for a call.
struct KernelContext {
  const void* generator_rows;  ///< accel::generator_rows()
  void* scratch;               ///< Kernels::scratch_bytes, aligned to 64
  LowS low_s;
};

/// A key set as the kernels read it. Results of requests for keys outside of it, or without rows,
/// are meaningless.
struct KernelKeys {
  const void* rows;        ///< KeySet::all_rows()
  std::size_t key_stride;  ///< bytes from key to key
  std::size_t count;       ///< at least 1
};

/// The operations in one width of registers.
struct Kernels {
  std::size_t scratch_bytes;
  /// Sets results[i].public_key and .status; addresses are left to the caller.
  void (*recover)(const KernelContext& context, const RecoverRequest* requests, std::size_t count,
                  RecoverResult* results);
  void (*verify)(const KernelContext& context, const VerifyRequest* requests, std::size_t count,
                 SignatureStatus* results);
  void (*verify_known)(const KernelContext& context, const KernelKeys& keys,
                       const KnownKeyRequest* requests, std::size_t count,
                       SignatureStatus* results);
};

}  // namespace buri::accel::vector
