#pragma once

#include "accel/curve/order.hpp"

/// Inverses modulo an odd prime by division steps (Bernstein and Yang, "Fast constant-time gcd
/// computation and modular inversion", 2019), about a tenth of the work of Fermat's exponentiation.
///
/// A step maps (delta, f, g), f odd, to (1 - delta, g, (g - f) / 2) if delta > 0 and g is odd, else
/// to (1 + delta, f, (g + (g mod 2) f) / 2). From f = m, g = a, 741 steps lead to g = 0 and f =
/// +-1. 62 steps depend on the low 62 bits alone; they are run on words and then applied at once as
/// a matrix, to (f, g) and, modulo m, to the multiples (d, e) of 1 / a that f and g stand for.
///
/// The steps come in two forms with the same result, because host and device want different loops.
/// Both take time that depends on the value: public data only.

namespace buri::accel::curve {

/// The group order n as a modulus of division steps.
struct OrderModulus {
  BURI_HOST_DEVICE static constexpr Uint256 value() { return group_order(); }
  /// -1 / n mod 2^62.
  static constexpr std::uint64_t kNegatedInverse = 0xb0dff665588b13f;
  BURI_HOST_DEVICE static constexpr Uint256 reduce(const Uint512& wide) {
    return reduce_wide_mod_n(wide);
  }
};

namespace division_steps {

inline constexpr unsigned kSteps = 62;
inline constexpr unsigned kLimbs = 5;
inline constexpr unsigned kMostRounds = 12;  // 12 * 62 >= 741
inline constexpr std::uint64_t kMask = (std::uint64_t{1} << kSteps) - 1;

__extension__ using Int128 = __int128;

/// sum of limb[i] * 2^(62 i); all limbs but the last are in [0, 2^62).
struct Signed310 {
  std::int64_t limb[kLimbs];
};

/// 2^62 (f', g') = (u f + v g, q f + r g); |u| + |v| and |q| + |r| are at most 2^62.
struct Matrix {
  std::int64_t u, v, q, r;
};

BURI_HOST_DEVICE constexpr Signed310 split(const Uint256& a) {
  const auto part = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits & kMask); };
  return {{part(a.limb[0]), part(a.limb[0] >> 62 | a.limb[1] << 2),
           part(a.limb[1] >> 60 | a.limb[2] << 4), part(a.limb[2] >> 58 | a.limb[3] << 6),
           part(a.limb[3] >> 56)}};
}

/// The lowest 64 bits.
BURI_HOST_DEVICE inline std::uint64_t low_word(const Signed310& a) {
  return static_cast<std::uint64_t>(a.limb[0]) | static_cast<std::uint64_t>(a.limb[1]) << 62;
}

/// (x a + y b + multiple * m) / 2^62. REQUIRES: that division is exact. Outlined: one thread runs
/// it, and inlined it would cost all threads of a kernel their registers.
template <class Modulus>
BURI_HOST_DEVICE BURI_OUTLINE Signed310 combine(std::int64_t x, const Signed310& a, std::int64_t y,
                                                const Signed310& b, std::int64_t multiple) {
  const Signed310 modulus = split(Modulus::value());
  Signed310 result;
  Int128 sum = 0;
#pragma unroll
  for (unsigned i = 0; i < kLimbs; ++i) {
    sum += Int128{x} * a.limb[i] + Int128{y} * b.limb[i];
    sum += Int128{multiple} * modulus.limb[i];
    if (i > 0) result.limb[i - 1] = static_cast<std::int64_t>(sum & kMask);
    sum >>= kSteps;
  }
  result.limb[kLimbs - 1] = static_cast<std::int64_t>(sum);
  return result;
}

/// (x a + y b) / 2^62 mod m: the multiple of m that makes it exact is added. Grows the absolute
/// value by at most m.
template <class Modulus>
BURI_HOST_DEVICE Signed310 combine_modulo(std::int64_t x, const Signed310& a, std::int64_t y,
                                          const Signed310& b) {
  const std::uint64_t low = static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(a.limb[0]) +
                            static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(b.limb[0]);
  const std::uint64_t multiple = low * Modulus::kNegatedInverse & kMask;
  return combine<Modulus>(x, a, y, b, static_cast<std::int64_t>(multiple));
}

BURI_HOST_DEVICE inline bool is_zero(const Signed310& a) {
  return (a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3] | a.limb[4]) == 0;
}

/// The residue in [0, m) of |a| <= 13 m: a + 16 m is positive and has at most 261 bits.
template <class Modulus>
BURI_HOST_DEVICE Uint256 reduce(const Signed310& a) {
  const Signed310 modulus = split(Modulus::value());
  std::uint64_t word[kLimbs];
  std::int64_t carry = 0;
#pragma unroll
  for (unsigned i = 0; i < kLimbs; ++i) {
    const Int128 sum = Int128{16} * modulus.limb[i] + a.limb[i] + carry;
    word[i] = static_cast<std::uint64_t>(sum) & kMask;
    carry = static_cast<std::int64_t>(sum >> kSteps);
  }
  return Modulus::reduce(
      {{word[0] | word[1] << 62, word[1] >> 2 | word[2] << 60, word[2] >> 4 | word[3] << 58,
        word[3] >> 6 | word[4] << 56, word[4] >> 8, 0, 0, 0}});
}

}  // namespace division_steps

/// One step at a time: the same few instructions for every value, as a device wants it.
struct PlainSteps {
  /// 62 steps on the low words of f and g.
  BURI_HOST_DEVICE static division_steps::Matrix run(std::int64_t& delta, std::uint64_t f,
                                                     std::uint64_t g) {
    std::uint64_t u = 1, v = 0, q = 0, r = 1;
#pragma unroll 1
    for (unsigned i = 0; i < division_steps::kSteps; ++i) {
      if ((g & 1) != 0) {
        if (delta > 0) {
          const std::uint64_t old_f = f, old_u = u, old_v = v;
          delta = -delta;
          f = g, g = 0 - old_f;
          u = q, q = 0 - old_u;
          v = r, r = 0 - old_v;
        }
        g += f, q += u, r += v;
      }
      ++delta;
      g >>= 1, u <<= 1, v <<= 1;
    }
    return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v),
            static_cast<std::int64_t>(q), static_cast<std::int64_t>(r)};
  }
};

/// 1 / a modulo a prime, and 0 for 0. REQUIRES: a < m.
template <class Modulus, class Steps>
BURI_HOST_DEVICE Uint256 invert_by_division_steps(const Uint256& a) {
  using namespace division_steps;
  Signed310 f = split(Modulus::value());
  Signed310 g = split(a);
  Signed310 d{};
  Signed310 e{{1, 0, 0, 0, 0}};
  std::int64_t delta = 1;
#pragma unroll 1
  for (unsigned round = 0; round < kMostRounds && !is_zero(g); ++round) {
    const Matrix m = Steps::run(delta, low_word(f), low_word(g));
    const Signed310 next_f = combine<Modulus>(m.u, f, m.v, g, 0);
    const Signed310 next_d = combine_modulo<Modulus>(m.u, d, m.v, e);
    g = combine<Modulus>(m.q, f, m.r, g, 0);
    e = combine_modulo<Modulus>(m.q, d, m.r, e);
    f = next_f;
    d = next_d;
  }
  const Uint256 inverse = reduce<Modulus>(d);
  if (f.limb[kLimbs - 1] >= 0 || curve::is_zero(inverse)) return inverse;
  Uint256 negated;
  sub_borrow(Modulus::value(), inverse, negated);
  return negated;
}

}  // namespace buri::accel::curve
