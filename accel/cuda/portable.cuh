#pragma once

#include <cstdint>

#include "accel/curve/host_device.hpp"

/// What device code needs so that a host compiler can build and test the very same source. Only
/// this file and the carry chains of limbs.cuh and folds.cuh look at __CUDA_ARCH__.

/// A table that device code indexes at run time lives in constant memory; the host's copy is plain.
#ifdef __CUDA_ARCH__
#define BURI_TABLE static __constant__ const
#else
#define BURI_TABLE static constexpr
#endif

namespace buri::accel::cuda {

BURI_HOST_DEVICE inline std::uint32_t byte_swap(std::uint32_t value) {
#ifdef __CUDA_ARCH__
  return __byte_perm(value, 0, 0x0123);
#else
  return __builtin_bswap32(value);
#endif
}

}  // namespace buri::accel::cuda
