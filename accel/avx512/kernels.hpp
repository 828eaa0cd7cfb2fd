#pragma once

#include "accel/vector/kernels.hpp"

namespace buri::accel::avx512 {

/// Signatures in eight lanes. REQUIRES: cpu_features().avx512_ifma before any of its functions is
/// called.
const vector::Kernels& kernels();

}  // namespace buri::accel::avx512
