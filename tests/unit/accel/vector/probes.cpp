#include <cstdio>

#include "tests/unit/accel/vector/probe.hpp"

namespace buri::accel::vector {

std::vector<const Probe*> supported_probes() {
  std::vector<const Probe*> supported;
  for (const Probe* probe : {&avx2_probe(), &avx512_probe()}) {
    if (probe->is_supported()) {
      supported.push_back(probe);
    } else {
      std::printf("skipped: the lanes of %s, which this processor lacks\n", probe->name);
    }
  }
  if (supported.empty()) std::puts("this processor has no wide registers");
  return supported;
}

}  // namespace buri::accel::vector
