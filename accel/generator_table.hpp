#pragma once

#include <span>

#include "accel/curve/comb.hpp"

namespace buri::accel {

/// The GeneratorComb::kRows rows of the generator's comb. Built at the first call (milliseconds),
/// kept for the life of the process. Thread-safe.
std::span<const AffineRow> generator_rows();

}  // namespace buri::accel
