#pragma once

#include <memory>
#include <vector>

#include "accel/backend.hpp"

/// The backends that the suites run over. A backend that this machine cannot run is left out.

namespace buri::accel {

/// Every backend that computes signatures, most trusted first; a new backend adds itself here.
std::vector<std::unique_ptr<Backend>> test_backends();

}  // namespace buri::accel
