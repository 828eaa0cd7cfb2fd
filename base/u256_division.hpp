#pragma once

#include "base/u256.hpp"

/// Division of 256-bit words and what rests on it. Where a name says so, with the convention of the
/// EVM that a division by zero is zero (Ethereum yellow paper, appendix H.2).

namespace buri {

/// Quotient, rounded down, and remainder.
struct U256Division {
  U256 quotient;
  U256 remainder;
};
/// REQUIRES: divisor is not zero.
U256Division divide(const U256& dividend, const U256& divisor);

/// a / b rounded down, 0 if b is 0.
U256 quotient_or_zero(const U256& a, const U256& b);
/// a mod b, 0 if b is 0.
U256 remainder_or_zero(const U256& a, const U256& b);
/// a / b in two's complement, rounded toward zero; 0 if b is 0. -2^255 / -1 is -2^255.
U256 signed_quotient_or_zero(const U256& a, const U256& b);
/// The remainder of that division; it has the sign of a.
U256 signed_remainder_or_zero(const U256& a, const U256& b);
/// (a + b) mod modulus without overflow, 0 if modulus is 0.
U256 add_modulo(const U256& a, const U256& b, const U256& modulus);
/// (a * b) mod modulus without overflow, 0 if modulus is 0.
U256 multiply_modulo(const U256& a, const U256& b, const U256& modulus);
/// base^exponent modulo 2^256; 0^0 is 1.
U256 wrapping_power(const U256& base, const U256& exponent);

}  // namespace buri
