#pragma once

#include <cstddef>
#include <cstdint>

/// The contract between the arithmetic of this room and a processor's wide registers. Lane i of a
/// register belongs to signature i of a group.
///
/// The room is templates over L, a register of 64-bit lanes: accel/avx512/lanes.hpp and
/// accel/avx2/lanes.hpp. Each is compiled once per L in a unit with that processor's flags; that
/// unit is included by no portable one, and everything here that may become a function has L among
/// its template arguments: a copy that the linker could hand to portable code, or to another unit,
/// might use instructions the processor does not have. For the same reason no std:: template is
/// instantiated here.
///
/// L has kCount lanes (4 or 8), of which the processor has kRegisters, splat(word), zero(),
/// load(aligned), and these functions, found by their arguments:
///
/// | function                           | gives, per lane                                    |
/// |------------------------------------|----------------------------------------------------|
/// | store(aligned, a)                  | a in memory aligned to its size                    |
/// | add, sub, bit_and, bit_or, bit_xor | modulo 2^64; bit by bit                            |
/// | and_or(a, b, c), or_and(a, b, c)   | (a and b) or c; (a or b) and c                     |
/// | shift_left<K>, shift_right<K>      | zeros come in                                      |
/// | shift_right_signed<K>              | copies of the sign come in                         |
/// | shift_left_by, shift_right_by      | (a, k), the same k for all lanes                   |
/// | zeros(a), negatives(a)             | mask of the lanes that are 0; that have bit 63 set |
/// | select(mask, yes, no)              | yes in the lanes of mask, no elsewhere             |
/// | negate_where(mask, a)              | -a in the lanes of mask, a elsewhere               |
/// | xor_where(mask, a, b)              | a ^ b in the lanes of mask, a elsewhere            |
/// | to_factor(a)                       | a as L::Factor, REQUIRES: a < 2^52                 |
/// | low_factor(a)                      | a mod 2^52 as L::Factor                            |
/// | multiply_add(low, high, f, g)      | low += kLowBias + f g mod 2^52,                    |
/// |                                    | high += kHighBias + floor(f g / 2^52)              |
/// | add_low_product(sum, a, b)         | sum + a b mod 2^52, of the low 52 bits of a and b  |
/// | add_high_product(sum, a, b)        | sum + floor(a b / 2^52), of the same               |
/// | add_short_product<K>(sum, a)       | sum + a K, REQUIRES: a < 2^19, a K < 2^52          |
/// | exchange<D>(a)                     | lane i ^ D; D a power of two below kCount          |
/// | first_lane(a)                      | lane 0 as a word                                   |
/// | reverse_bytes(a)                   | the eight bytes in reverse                         |
/// | load_transposed(rows, words)       | words[j] lane i = word j of the 64 bytes at rows[i] |
/// | store_transposed(words, rows, n)   | the reverse: row i at rows + n i; both aligned to 64 |

namespace buri::accel::vector {

/// Bit i stands for lane i; bits from kCount on are 0.
using LaneMask = std::uint8_t;

template <class L>
inline constexpr LaneMask kAllLanes = static_cast<LaneMask>((1u << L::kCount) - 1);

/// The lanes that are not in `mask`.
template <class L>
[[gnu::always_inline]] inline LaneMask other_lanes(LaneMask mask) {
  return static_cast<LaneMask>(mask ^ kAllLanes<L>);
}

}  // namespace buri::accel::vector
