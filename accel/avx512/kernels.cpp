#include "accel/avx512/kernels.hpp"

#include "accel/avx512/lanes.hpp"
#include "accel/vector/make_kernels.hpp"

namespace buri::accel::avx512 {

const vector::Kernels& kernels() {
  static constexpr vector::Kernels kKernels = vector::make_kernels<Lanes>();
  return kKernels;
}

}  // namespace buri::accel::avx512
