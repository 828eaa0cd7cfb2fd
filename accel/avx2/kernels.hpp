#pragma once

#include "accel/vector/kernels.hpp"

namespace buri::accel::avx2 {

/// Signatures in four lanes. REQUIRES: cpu_features().avx2 before any of its functions is called.
const vector::Kernels& kernels();

}  // namespace buri::accel::avx2
