#include "accel/avx2/backend.hpp"

#include "accel/avx2/kernels.hpp"
#include "accel/cpu.hpp"

namespace buri::accel::avx2 {

// avx2_hasher() checks that the processor has the instructions.
Avx2Backend::Avx2Backend() : VectorBackend(avx2_hasher(), kernels()) {}

bool Avx2Backend::is_supported() { return cpu_features().avx2; }

}  // namespace buri::accel::avx2
