#include <optional>
#include <string>

#include "accel/scalar/adx_field.hpp"
#include "accel/scalar/portable_field.hpp"
#include "tests/unit/accel/curve/field_properties.hpp"

/// Compiled once per mutant against a copy of the arithmetic with one line changed. BURI_MUTANT is
/// its name; the namespaces curve and scalar are renamed on the command line so that all copies fit
/// into one program.

namespace buri::accel::mutants {

std::optional<std::string> BURI_MUTANT(bool adx_is_here);

std::optional<std::string> BURI_MUTANT(bool adx_is_here) {
  using Portable = scalar::PortableField;
  using Adx = scalar::AdxField;
  if (const auto broken = curve::first_broken_order_property()) return broken;
  if (const auto broken = curve::FieldProperties<Portable>::first_broken()) return broken;
  if (const auto broken = curve::first_broken_formula<Portable>()) return broken;
  if (!adx_is_here) return std::nullopt;
  if (const auto broken = curve::FieldProperties<Adx>::first_broken()) return broken;
  return curve::first_broken_formula<Adx>();
}

}  // namespace buri::accel::mutants
