#pragma once

#include <cuda_runtime_api.h>

#include "accel/cuda/point.cuh"
#include "accel/curve/division_steps.hpp"

/// One inversion for a whole block (Montgomery's trick as a tree): products go up a heap in shared
/// memory, its root is inverted by one thread, inverses come down again. Three multiplications a
/// value, most of them in the widest levels.

namespace buri::accel::cuda {

/// Inverses mod p.
struct FieldInverse {
  using Value = FieldElement;
  static __device__ Value multiply(const Value& a, const Value& b) {
    return DeviceField::mul(a, b);
  }
  static __device__ Value invert(const Value& a) { return curve::invert<DeviceField>(a); }
};

/// Inverses mod n.
struct OrderInverse {
  using Value = curve::Uint256;
  static __device__ Value multiply(const Value& a, const Value& b) {
    return curve::mul_mod_n(a, b);
  }
  static __device__ Value invert(const Value& a) {
    return curve::invert_by_division_steps<curve::OrderModulus, curve::PlainSteps>(a);
  }
};

/// The inverse of every thread's value. Called by all kThreads threads of the block, kThreads a
/// power of two; `heap` is shared memory of 2 * kThreads values. No value may be zero.
template <class Inverse, unsigned kThreads>
__device__ typename Inverse::Value block_inverse(const typename Inverse::Value& value,
                                                 typename Inverse::Value* heap) {
  const unsigned thread = threadIdx.x;
  heap[kThreads + thread] = value;
#pragma unroll 1
  for (unsigned width = kThreads / 2; width > 0; width /= 2) {
    __syncthreads();
    const unsigned node = width + thread;
    if (thread < width) heap[node] = Inverse::multiply(heap[2 * node], heap[2 * node + 1]);
  }
  __syncthreads();
  if (thread == 0) heap[1] = Inverse::invert(heap[1]);
#pragma unroll 1
  for (unsigned width = 1; width < kThreads; width *= 2) {
    __syncthreads();
    const unsigned node = width + thread;
    if (thread < width) {
      const typename Inverse::Value inverse = heap[node];
      const typename Inverse::Value left = heap[2 * node];
      heap[2 * node] = Inverse::multiply(inverse, heap[2 * node + 1]);
      heap[2 * node + 1] = Inverse::multiply(inverse, left);
    }
  }
  __syncthreads();
  return heap[kThreads + thread];
}

}  // namespace buri::accel::cuda
