#include "accel/cuda/hash_kernels.cuh"

#include "accel/cuda/launch.cuh"

// One thread per message; one thread per pair of nodes, the levels of a block meeting in shared
// memory.

namespace buri::accel::cuda {
namespace {

constexpr unsigned kHashThreads = 128;
constexpr unsigned kTreeThreads = 1u << (kTreeLevelsPerLaunch - 1);

__device__ void store(DeviceHash& target, const std::uint64_t (&digest)[kHashWords64]) {
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i) target.words[i] = digest[i];
}

__device__ void load(const DeviceHash& source, std::uint64_t (&digest)[kHashWords64]) {
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i) digest[i] = source.words[i];
}

__device__ void store(DeviceHash& target, const std::uint32_t (&digest)[kHashWords32]) {
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i)
    target.words[i] =
        byte_swap(digest[2 * i]) | static_cast<std::uint64_t>(byte_swap(digest[2 * i + 1])) << 32;
}

__device__ void load(const DeviceHash& source, std::uint32_t (&digest)[kHashWords32]) {
#pragma unroll
  for (unsigned i = 0; i < kHashWords64; ++i) {
    digest[2 * i] = byte_swap(static_cast<std::uint32_t>(source.words[i]));
    digest[2 * i + 1] = byte_swap(static_cast<std::uint32_t>(source.words[i] >> 32));
  }
}

struct KeccakPair {
  using Words = std::uint64_t[kHashWords64];
  static __device__ void hash(const DeviceHash& left, const DeviceHash& right, DeviceHash& parent) {
    Words l, r, digest;
    load(left, l);
    load(right, r);
    keccak256_pair(l, r, digest);
    store(parent, digest);
  }
};

struct Sha256Pair {
  using Words = std::uint32_t[kHashWords32];
  static __device__ void hash(const DeviceHash& left, const DeviceHash& right, DeviceHash& parent) {
    Words l, r, digest;
    load(left, l);
    load(right, r);
    sha256_inner_node(l, r, digest);
    store(parent, digest);
  }
};

/// Halves the `width` nodes of `level` in place, `levels` times; thread i owns pair i. Each level
/// is read whole before any of it is overwritten. Result in level[0].
template <class Pair>
__device__ void fold(DeviceHash* level, unsigned width, unsigned levels) {
  const unsigned i = threadIdx.x;
  for (unsigned done = 0; done < levels; ++done) {
    const unsigned parents = (width + 1) / 2;
    DeviceHash parent;
    __syncthreads();
    if (i < parents) {
      if (2 * i + 1 < width) {
        Pair::hash(level[2 * i], level[2 * i + 1], parent);
      } else {
        parent = level[2 * i];
      }
    }
    __syncthreads();
    if (i < parents) level[i] = parent;
    width = parents;
  }
}

}  // namespace

// Kernels have external linkage so that their names do not depend on where the file lies.

__global__ void __launch_bounds__(kHashThreads)
    keccak256_kernel(const std::uint64_t* arena, const MessageSlot* slots, std::uint32_t count,
                     DeviceHash* digests) {
  const std::uint32_t i = blockIdx.x * kHashThreads + threadIdx.x;
  if (i >= count) return;
  std::uint64_t digest[kHashWords64];
  keccak256(arena + slots[i].first_word64, slots[i].bytes, digest);
  store(digests[i], digest);
}

__global__ void __launch_bounds__(kHashThreads)
    sha256_kernel(const std::uint64_t* arena, const MessageSlot* slots, std::uint32_t count,
                  DeviceHash* digests) {
  const std::uint32_t i = blockIdx.x * kHashThreads + threadIdx.x;
  if (i >= count) return;
  std::uint32_t digest[kHashWords32];
  sha256(reinterpret_cast<const std::uint32_t*>(arena + slots[i].first_word64), slots[i].bytes,
         digest);
  store(digests[i], digest);
}

__global__ void __launch_bounds__(kTreeThreads)
    checkpoint_levels_kernel(const DeviceHash* nodes, std::uint32_t count, unsigned levels,
                             DeviceHash padding, DeviceHash* parents) {
  __shared__ DeviceHash level[2 * kTreeThreads];
  const unsigned width = 1u << levels;
  const std::uint32_t first = blockIdx.x * width;
  for (unsigned i = threadIdx.x; i < width; i += kTreeThreads)
    level[i] = first + i < count ? nodes[first + i] : padding;
  fold<KeccakPair>(level, width, levels);
  if (threadIdx.x == 0) parents[blockIdx.x] = level[0];
}

__global__ void __launch_bounds__(kTreeThreads)
    rfc6962_levels_kernel(const DeviceHash* nodes, std::uint32_t count, unsigned levels,
                          DeviceHash* parents) {
  __shared__ DeviceHash level[2 * kTreeThreads];
  const std::uint32_t first = blockIdx.x << levels;
  const std::uint32_t left = count - first;
  const unsigned width = left < (1u << levels) ? left : 1u << levels;
  for (unsigned i = threadIdx.x; i < width; i += kTreeThreads) level[i] = nodes[first + i];
  fold<Sha256Pair>(level, width, levels);
  if (threadIdx.x == 0) parents[blockIdx.x] = level[0];
}

cudaError_t launch_keccak256(const std::uint64_t* arena, const MessageSlot* slots,
                             std::uint32_t count, DeviceHash* digests, cudaStream_t stream) {
  keccak256_kernel<<<blocks_for(count, kHashThreads), kHashThreads, 0, stream>>>(arena, slots,
                                                                                 count, digests);
  return cudaGetLastError();
}

cudaError_t launch_sha256(const std::uint64_t* arena, const MessageSlot* slots, std::uint32_t count,
                          DeviceHash* digests, cudaStream_t stream) {
  sha256_kernel<<<blocks_for(count, kHashThreads), kHashThreads, 0, stream>>>(arena, slots, count,
                                                                              digests);
  return cudaGetLastError();
}

cudaError_t launch_checkpoint_levels(const DeviceHash* nodes, std::uint32_t count, unsigned levels,
                                     DeviceHash padding, DeviceHash* parents, cudaStream_t stream) {
  checkpoint_levels_kernel<<<blocks_for(count, 1u << levels), kTreeThreads, 0, stream>>>(
      nodes, count, levels, padding, parents);
  return cudaGetLastError();
}

cudaError_t launch_rfc6962_levels(const DeviceHash* nodes, std::uint32_t count, unsigned levels,
                                  DeviceHash* parents, cudaStream_t stream) {
  rfc6962_levels_kernel<<<blocks_for(count, 1u << levels), kTreeThreads, 0, stream>>>(
      nodes, count, levels, parents);
  return cudaGetLastError();
}

}  // namespace buri::accel::cuda
