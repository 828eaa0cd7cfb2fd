#include "accel/cuda/point.cuh"

// One and five of each field and point operation in a row, from the headers that the shipped
// kernels are made of: their difference is four operations without loads and stores. Nothing calls
// these kernels; sass-measure reads their machine code.

namespace buri::ptx::sass {
namespace {

using Field = accel::cuda::DeviceField;
using Element = Field::Element;
using Affine = accel::cuda::Affine;
using Jacobian = accel::cuda::Jacobian;

/// The bounds of the shipped sums: blocks of 128 threads, four on a multiprocessor. Additions in a
/// row keep their summand in registers, where the sums load another, and so get some more.
constexpr unsigned kThreads = 128;
constexpr unsigned kBlocks = 4;
constexpr unsigned kAddBlocks = 3;

template <unsigned kCount>
__device__ void multiply(Element* values) {
  Element a = values[threadIdx.x];
  const Element b = values[threadIdx.x + kThreads];
#pragma unroll
  for (unsigned i = 0; i < kCount; ++i) a = Field::mul(a, b);
  values[threadIdx.x] = a;
}

template <unsigned kCount>
__device__ void square(Element* values) {
  Element a = values[threadIdx.x];
#pragma unroll
  for (unsigned i = 0; i < kCount; ++i) a = Field::sqr(a);
  values[threadIdx.x] = a;
}

template <unsigned kCount>
__device__ void double_points(Jacobian* points) {
  Jacobian p = points[threadIdx.x];
#pragma unroll
  for (unsigned i = 0; i < kCount; ++i) p = accel::cuda::double_negated(p);
  points[threadIdx.x] = p;
}

template <unsigned kCount>
__device__ void add_points(Jacobian* points, const Affine* summands) {
  Jacobian p = points[threadIdx.x];
  const Affine q = summands[threadIdx.x];
#pragma unroll
  for (unsigned i = 0; i < kCount; ++i) p = accel::cuda::add_negated(p, q);
  points[threadIdx.x] = p;
}

}  // namespace

__global__ void __launch_bounds__(kThreads, kBlocks) probe_mul_1(Element* v) { multiply<1>(v); }
__global__ void __launch_bounds__(kThreads, kBlocks) probe_mul_5(Element* v) { multiply<5>(v); }
__global__ void __launch_bounds__(kThreads, kBlocks) probe_sqr_1(Element* v) { square<1>(v); }
__global__ void __launch_bounds__(kThreads, kBlocks) probe_sqr_5(Element* v) { square<5>(v); }
__global__ void __launch_bounds__(kThreads, kBlocks) probe_double_1(Jacobian* p) {
  double_points<1>(p);
}
__global__ void __launch_bounds__(kThreads, kBlocks) probe_double_5(Jacobian* p) {
  double_points<5>(p);
}
__global__ void __launch_bounds__(kThreads, kAddBlocks) probe_add_1(Jacobian* p, const Affine* q) {
  add_points<1>(p, q);
}
__global__ void __launch_bounds__(kThreads, kAddBlocks) probe_add_5(Jacobian* p, const Affine* q) {
  add_points<5>(p, q);
}

}  // namespace buri::ptx::sass
