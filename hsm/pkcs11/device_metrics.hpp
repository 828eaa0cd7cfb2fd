#pragma once

#include <string>
#include <string_view>

#include "base/metrics.hpp"
#include "hsm/pkcs11/signing_device.hpp"

/// What a device and its workers count.

namespace buri::hsm::pkcs11 {

/// Instruments of one device.
struct DeviceMetrics {
  DeviceMetrics(Metrics& registry, const std::string& device);

  Counter& starts;
  Counter& kills;
  Gauge& ready;
  Histogram& total_seconds;   ///< from sending to the checked signature
  Histogram& device_seconds;  ///< inside the module's signing calls

  /// Signatures by purpose, failures by fault, ladder steps by name.
  Counter& signatures(SigningPurpose purpose);
  Counter& failures(SigningFault fault);
  Counter& steps(std::string_view step);

 private:
  Metrics& registry_;
  std::string device_;
};

}  // namespace buri::hsm::pkcs11
