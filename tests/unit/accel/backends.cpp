#include "tests/unit/accel/backends.hpp"

#include "accel/scalar/backend.hpp"

namespace buri::accel {

std::vector<std::unique_ptr<Backend>> test_backends() {
  using scalar::ScalarBackend;
  std::vector<std::unique_ptr<Backend>> backends;
  backends.push_back(std::make_unique<ScalarBackend>(ScalarBackend::Arithmetic::kPortable));
  backends.push_back(std::make_unique<ScalarBackend>());
  return backends;
}

}  // namespace buri::accel
