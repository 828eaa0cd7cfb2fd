#pragma once

#include <bit>
#include <cstring>

#include "base/u256.hpp"

/// Operations on 256-bit words that never fail: modulo 2^256, bit by bit, and in two's complement.
/// Inline, because an interpreter runs them in place. Source: Ethereum yellow paper, appendix H.2.

namespace buri {

inline bool is_zero(const U256& a) {
  return (a.limbs[0] | a.limbs[1] | a.limbs[2] | a.limbs[3]) == 0;
}
/// The top bit: the sign in two's complement.
inline bool is_negative(const U256& a) { return (a.limbs[3] >> 63) != 0; }
/// Whether the value is below 2^64.
inline bool fits_uint64(const U256& a) { return (a.limbs[1] | a.limbs[2] | a.limbs[3]) == 0; }

/// a + b modulo 2^256.
inline U256 wrapping_add(const U256& a, const U256& b) {
  U256 sum;
  unsigned char carry = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned __int128 limb = static_cast<unsigned __int128>(a.limbs[i]) + b.limbs[i] + carry;
    sum.limbs[i] = static_cast<std::uint64_t>(limb);
    carry = static_cast<unsigned char>(limb >> 64);
  }
  return sum;
}

/// a - b modulo 2^256.
inline U256 wrapping_subtract(const U256& a, const U256& b) {
  U256 difference;
  unsigned char borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned __int128 limb = static_cast<unsigned __int128>(a.limbs[i]) - b.limbs[i] - borrow;
    difference.limbs[i] = static_cast<std::uint64_t>(limb);
    borrow = static_cast<unsigned char>(limb >> 64 & 1);
  }
  return difference;
}

/// a * b modulo 2^256.
inline U256 wrapping_multiply(const U256& a, const U256& b) {
  using Wide = unsigned __int128;
  U256 product;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; i + j < 4; ++j) {
      const Wide part = static_cast<Wide>(a.limbs[j]) * b.limbs[i] + product.limbs[i + j] + carry;
      product.limbs[i + j] = static_cast<std::uint64_t>(part);
      carry = static_cast<std::uint64_t>(part >> 64);
    }
  }
  return product;
}

/// -a modulo 2^256.
inline U256 wrapping_negate(const U256& a) { return wrapping_subtract(U256{}, a); }

/// a < b of unsigned values.
inline bool less(const U256& a, const U256& b) {
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned __int128 limb = static_cast<unsigned __int128>(a.limbs[i]) - b.limbs[i] - borrow;
    borrow = static_cast<std::uint64_t>(limb >> 64) & 1;
  }
  return borrow != 0;
}
/// a < b in two's complement.
inline bool signed_less(const U256& a, const U256& b) {
  return is_negative(a) != is_negative(b) ? is_negative(a) : less(a, b);
}

inline U256 bit_and(const U256& a, const U256& b) {
  return {{a.limbs[0] & b.limbs[0], a.limbs[1] & b.limbs[1], a.limbs[2] & b.limbs[2],
           a.limbs[3] & b.limbs[3]}};
}
inline U256 bit_or(const U256& a, const U256& b) {
  return {{a.limbs[0] | b.limbs[0], a.limbs[1] | b.limbs[1], a.limbs[2] | b.limbs[2],
           a.limbs[3] | b.limbs[3]}};
}
inline U256 bit_xor(const U256& a, const U256& b) {
  return {{a.limbs[0] ^ b.limbs[0], a.limbs[1] ^ b.limbs[1], a.limbs[2] ^ b.limbs[2],
           a.limbs[3] ^ b.limbs[3]}};
}
inline U256 bit_not(const U256& a) {
  return {{~a.limbs[0], ~a.limbs[1], ~a.limbs[2], ~a.limbs[3]}};
}

/// The 64 bits of `a` from bit 64 * index + shift on; limbs outside the value are `fill`.
/// REQUIRES: shift < 64.
inline std::uint64_t shifted_limb(const U256& a, std::size_t index, unsigned shift,
                                  std::uint64_t fill) {
  const std::uint64_t low = index < 4 ? a.limbs[index] : fill;
  const std::uint64_t high = index + 1 < 4 ? a.limbs[index + 1] : fill;
  return shift == 0 ? low : low >> shift | high << (64 - shift);
}

/// a * 2^count modulo 2^256; 0 from 256 on.
inline U256 shift_left(const U256& a, std::uint64_t count) {
  U256 result;
  if (count >= 256) return result;
  const std::size_t limbs = count / 64;
  const unsigned bits = static_cast<unsigned>(count % 64);
  for (std::size_t i = limbs; i < 4; ++i) {
    const std::uint64_t high = a.limbs[i - limbs];
    const std::uint64_t low = i > limbs ? a.limbs[i - limbs - 1] : 0;
    result.limbs[i] = bits == 0 ? high : high << bits | low >> (64 - bits);
  }
  return result;
}
/// a / 2^count rounded down; 0 from 256 on.
inline U256 shift_right(const U256& a, std::uint64_t count) {
  U256 result;
  if (count >= 256) return result;
  for (std::size_t i = 0; i < 4; ++i) {
    result.limbs[i] = shifted_limb(a, i + count / 64, static_cast<unsigned>(count % 64), 0);
  }
  return result;
}
/// The same in two's complement: the sign fills from the left.
inline U256 shift_right_signed(const U256& a, std::uint64_t count) {
  const std::uint64_t fill = is_negative(a) ? ~std::uint64_t{0} : 0;
  U256 result{{fill, fill, fill, fill}};
  if (count >= 256) return result;
  for (std::size_t i = 0; i < 4; ++i) {
    result.limbs[i] = shifted_limb(a, i + count / 64, static_cast<unsigned>(count % 64), fill);
  }
  return result;
}

/// Byte number `index` counted from the most significant one; 0 from index 32 on.
inline std::uint8_t byte_at(const U256& a, std::uint64_t index) {
  if (index >= 32) return 0;
  const std::size_t from_right = 31 - static_cast<std::size_t>(index);
  return static_cast<std::uint8_t>(a.limbs[from_right / 8] >> (8 * (from_right % 8)));
}
/// Widens a two's complement value of index + 1 bytes to 32; unchanged from index 31 on.
inline U256 sign_extend(const U256& a, std::uint64_t index) {
  if (index >= 31) return a;
  const std::uint64_t unused_bits = 8 * (31 - index);
  return shift_right_signed(shift_left(a, unused_bits), unused_bits);
}
/// The number of bits without leading zeros; 0 for 0.
inline unsigned bit_width(const U256& a) {
  for (std::size_t i = 4; i-- > 0;) {
    if (a.limbs[i] != 0) {
      return static_cast<unsigned>(64 * i) + static_cast<unsigned>(std::bit_width(a.limbs[i]));
    }
  }
  return 0;
}

/// Reads 32 big-endian bytes. No alignment is needed.
inline U256 load_word(const std::uint8_t* bytes) {
  U256 value;
  for (std::size_t i = 0; i < 4; ++i) {
    std::uint64_t limb = 0;
    std::memcpy(&limb, bytes + 24 - 8 * i, sizeof limb);
    value.limbs[i] = __builtin_bswap64(limb);
  }
  return value;
}
/// Writes 32 big-endian bytes. No alignment is needed.
inline void store_word(const U256& value, std::uint8_t* bytes) {
  for (std::size_t i = 0; i < 4; ++i) {
    const std::uint64_t limb = __builtin_bswap64(value.limbs[i]);
    std::memcpy(bytes + 24 - 8 * i, &limb, sizeof limb);
  }
}

}  // namespace buri
