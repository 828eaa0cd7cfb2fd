#include "accel/avx2/lanes.hpp"
#include "accel/cpu.hpp"
#include "tests/unit/accel/vector/make_probe.hpp"

namespace buri::accel::vector {

const Probe& avx2_probe() {
  static constexpr Probe kProbe = make_probe<avx2::Lanes>(
      "avx2", [] { return cpu_features().avx2; },
      [] {
        const unsigned before = _mm_getcsr();
        _mm_setcsr(before | _MM_ROUND_TOWARD_ZERO);
        return before;
      },
      [](unsigned before) { _mm_setcsr(before); });
  return kProbe;
}

}  // namespace buri::accel::vector
