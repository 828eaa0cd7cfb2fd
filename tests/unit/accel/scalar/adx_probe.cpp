#include "tests/unit/accel/scalar/adx_probe.hpp"

#include "accel/cpu.hpp"
#include "accel/scalar/adx_field.hpp"
#include "tests/unit/accel/curve/field_properties.hpp"

namespace buri::accel::scalar {

bool adx_is_here() { return cpu_features().bmi2_adx; }

std::optional<std::string> first_broken_adx_property() {
  if (const auto broken = curve::FieldProperties<AdxField>::first_broken()) return broken;
  return curve::first_broken_formula<AdxField>();
}

}  // namespace buri::accel::scalar
