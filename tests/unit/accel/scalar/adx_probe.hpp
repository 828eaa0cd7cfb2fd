#pragma once

#include <optional>
#include <string>

/// The checks of AdxField, in a unit of their own because that field is always compiled optimised.

namespace buri::accel::scalar {

/// Whether this processor can run AdxField.
bool adx_is_here();
/// The first property that AdxField breaks, if any. REQUIRES: adx_is_here().
std::optional<std::string> first_broken_adx_property();

}  // namespace buri::accel::scalar
