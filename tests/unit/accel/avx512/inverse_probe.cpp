#include "accel/avx512/inverse.hpp"
#include "accel/avx512/root.hpp"
#include "tests/unit/accel/avx512/probe_lanes.hpp"

namespace buri::accel::avx512 {

namespace {

using Numbers = ProbeNumbers;

constexpr unsigned kMostRoots = 4;

constexpr InverseProbe kProbe = {
    .invert = [](const Numbers& a,
                 Numbers& result) { store_probe(invert(load_probe<Element>(a)), result); },
    .order_invert =
        [](const Numbers& a, Numbers& result) {
          store_probe(invert(load_probe<OrderElement>(a)), result);
        },
    .square_roots =
        [](Numbers* values, unsigned count) {
          CHECK(count <= kMostRoots, "the probe takes a few values only");
          Element elements[kMostRoots];
          for (unsigned i = 0; i < count; ++i) elements[i] = load_probe<Element>(values[i]);
          square_roots(elements, count);
          for (unsigned i = 0; i < count; ++i) store_probe(elements[i], values[i]);
        },
};

}  // namespace

const InverseProbe& inverse_probe() { return kProbe; }

}  // namespace buri::accel::avx512
