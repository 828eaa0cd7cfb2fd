#include "accel/cuda/backend.hpp"

#include <gtest/gtest.h>

#include "accel/scalar/backend.hpp"

namespace buri::accel::cuda {
namespace {

// With the real runtime, on any machine.
TEST(OpenDevices, GivesABackendOrAReason) {
  const Devices found = open_devices({.exact = std::make_shared<scalar::ScalarBackend>()});
  EXPECT_NE(found.backends.empty(), found.reason.empty()) << found.reason;
  for (const auto& backend : found.backends) {
    EXPECT_TRUE(backend->is_device());
    EXPECT_EQ(backend->name().substr(0, 5), "cuda:");
    EXPECT_FALSE(backend->description().empty());
  }
}

}  // namespace
}  // namespace buri::accel::cuda
