#include "tests/unit/accel/backends.hpp"

#include <cstdio>

#include "accel/avx2/backend.hpp"
#include "accel/avx512/backend.hpp"
#include "accel/scalar/backend.hpp"

namespace buri::accel {

std::vector<std::unique_ptr<Backend>> test_backends() {
  using scalar::ScalarBackend;
  std::vector<std::unique_ptr<Backend>> backends;
  backends.push_back(std::make_unique<ScalarBackend>(ScalarBackend::Arithmetic::kPortable));
  backends.push_back(std::make_unique<ScalarBackend>());
  if (avx2::Avx2Backend::is_supported()) {
    backends.push_back(std::make_unique<avx2::Avx2Backend>());
  } else {
    std::puts("skipped: the avx2 backend, as this processor has no AVX2");
  }
  if (avx512::Avx512Backend::is_supported()) {
    backends.push_back(std::make_unique<avx512::Avx512Backend>());
  } else {
    std::puts("skipped: the avx512 backend, as this processor has no AVX-512 IFMA");
  }
  return backends;
}

}  // namespace buri::accel
