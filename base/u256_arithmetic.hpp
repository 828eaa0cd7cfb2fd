#pragma once

#include <optional>

#include "base/u256.hpp"

/// Arithmetic of 256-bit unsigned integers that says when a result does not fit.

namespace buri {

/// a + b, nothing if it needs more than 256 bits.
std::optional<U256> checked_add(const U256& a, const U256& b);
/// a - b, nothing if b is larger.
std::optional<U256> checked_subtract(const U256& a, const U256& b);
/// a * b, nothing if it needs more than 256 bits.
std::optional<U256> checked_multiply(const U256& a, const U256& b);

}  // namespace buri
