#pragma once

#include "accel/avx512/order.hpp"
#include "tests/unit/accel/avx512/probe.hpp"

/// Between the memory of the probes and registers; for the probes' own AVX-512 units only.

namespace buri::accel::avx512 {

template <class Value>
[[gnu::always_inline]] inline Value load_probe(const ProbeNumbers& numbers) {
  Value result;
  for (int i = 0; i < 5; ++i) result.limb[i] = load(numbers.limb[i]);
  return result;
}

template <class Value>
[[gnu::always_inline]] inline void store_probe(const Value& value, ProbeNumbers& numbers) {
  for (int i = 0; i < 5; ++i) store(numbers.limb[i], value.limb[i]);
}

}  // namespace buri::accel::avx512
