#include "accel/avx512/backend.hpp"

#include "accel/avx512/kernels.hpp"
#include "accel/cpu.hpp"

namespace buri::accel::avx512 {

// avx512_hasher() checks that the processor has the instructions.
Avx512Backend::Avx512Backend() : VectorBackend(avx512_hasher(), kernels()) {}

bool Avx512Backend::is_supported() { return cpu_features().avx512_ifma; }

}  // namespace buri::accel::avx512
