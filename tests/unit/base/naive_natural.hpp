#pragma once

#include <algorithm>
#include <random>

#include "base/u256.hpp"

/// Natural numbers of any size, digit by digit in base 2: the slow reference that the 256-bit words
/// are compared with.

namespace buri {

/// Binary digits, least significant first, without leading zeros.
using NaiveNatural = std::vector<std::uint8_t>;

inline NaiveNatural trimmed(NaiveNatural digits) {
  while (!digits.empty() && digits.back() == 0) digits.pop_back();
  return digits;
}
inline std::uint8_t digit(const NaiveNatural& a, std::size_t index) {
  return index < a.size() ? a[index] : std::uint8_t{0};
}
inline NaiveNatural to_naive(const U256& a) {
  NaiveNatural digits(256);
  for (std::size_t i = 0; i < 256; ++i) {
    digits[i] = static_cast<std::uint8_t>(a.limbs[i / 64] >> (i % 64) & 1);
  }
  return trimmed(digits);
}
/// The value modulo 2^256.
inline U256 to_word(const NaiveNatural& a) {
  U256 value;
  for (std::size_t i = 0; i < 256; ++i) {
    value.limbs[i / 64] |= std::uint64_t{digit(a, i)} << (i % 64);
  }
  return value;
}
inline bool naive_less(const NaiveNatural& a, const NaiveNatural& b) {
  for (std::size_t i = std::max(a.size(), b.size()); i-- > 0;) {
    if (digit(a, i) != digit(b, i)) return digit(a, i) < digit(b, i);
  }
  return false;
}
inline NaiveNatural naive_add(const NaiveNatural& a, const NaiveNatural& b) {
  NaiveNatural sum(std::max(a.size(), b.size()) + 1);
  int carry = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    carry += digit(a, i) + digit(b, i);
    sum[i] = static_cast<std::uint8_t>(carry & 1);
    carry >>= 1;
  }
  return trimmed(sum);
}
/// REQUIRES: b <= a.
inline NaiveNatural naive_subtract(const NaiveNatural& a, const NaiveNatural& b) {
  NaiveNatural difference(a.size());
  int borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int value = a[i] - digit(b, i) - borrow;
    difference[i] = static_cast<std::uint8_t>(value & 1);
    borrow = value < 0 ? 1 : 0;
  }
  return trimmed(difference);
}
inline NaiveNatural naive_multiply(const NaiveNatural& a, const NaiveNatural& b) {
  NaiveNatural product;
  NaiveNatural shifted = a;
  for (const std::uint8_t bit : b) {
    if (bit != 0) product = naive_add(product, shifted);
    shifted.insert(shifted.begin(), 0);
  }
  return product;
}
/// REQUIRES: b is not zero.
inline NaiveNatural naive_remainder(const NaiveNatural& a, const NaiveNatural& b) {
  NaiveNatural rest;
  for (std::size_t i = a.size(); i-- > 0;) {
    rest.insert(rest.begin(), a[i]);
    rest = trimmed(rest);
    if (!naive_less(rest, b)) rest = naive_subtract(rest, b);
  }
  return rest;
}

/// A value whose limbs are zero, all ones, lone bits or random: where carries and borrows run.
inline U256 awkward_word(std::mt19937_64& random) {
  U256 value;
  const std::size_t limbs = random() % 5;
  for (std::size_t i = 0; i < limbs; ++i) {
    const std::uint64_t bits = random();
    switch (random() % 5) {
      case 0:
        value.limbs[i] = 0;
        break;
      case 1:
        value.limbs[i] = ~std::uint64_t{0};
        break;
      case 2:
        value.limbs[i] = std::uint64_t{1} << (bits % 64);
        break;
      case 3:
        value.limbs[i] = ~(std::uint64_t{1} << (bits % 64));
        break;
      default:
        value.limbs[i] = bits;
    }
  }
  return value;
}

}  // namespace buri
