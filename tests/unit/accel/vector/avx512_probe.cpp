#include "accel/avx512/lanes.hpp"
#include "accel/cpu.hpp"
#include "tests/unit/accel/vector/make_probe.hpp"

namespace buri::accel::vector {

const Probe& avx512_probe() {
  static constexpr Probe kProbe = make_probe<avx512::Lanes>(
      "avx512", [] { return cpu_features().avx512_ifma; }, [] { return 0u; }, [](unsigned) {});
  return kProbe;
}

}  // namespace buri::accel::vector
