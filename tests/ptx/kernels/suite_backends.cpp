#include "tests/ptx/kernels/scheduled_device.hpp"
#include "tests/unit/accel/backends.hpp"

/// Puts the interpreted device under the signature suites of tests/unit/accel.

namespace buri::accel {

std::vector<std::unique_ptr<Backend>> test_backends() {
  std::vector<std::unique_ptr<Backend>> backends;
  backends.push_back(std::make_unique<ptx::ScheduledDevice>(ptx::test_schedules().front()));
  return backends;
}

}  // namespace buri::accel
