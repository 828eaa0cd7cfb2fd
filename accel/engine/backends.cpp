#include "accel/engine/parts.hpp"
#include "accel/scalar/backend.hpp"

/// The one place that knows every backend by its class.

namespace buri::accel::engine {

Parts available_parts(const EngineOptions&) {
  Parts parts;
  parts.backends.push_back({std::make_shared<scalar::ScalarBackend>(), nullptr});
  return parts;
}

}  // namespace buri::accel::engine
