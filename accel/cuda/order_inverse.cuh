#pragma once

#include "accel/cuda/portable.cuh"
#include "accel/curve/order.hpp"

/// Inverses modulo the group order by division steps (Bernstein and Yang, "Fast constant-time gcd
/// computation and modular inversion", 2019, in its plain form): about a tenth of the instructions
/// of Fermat's exponentiation, which matters because one thread of a block runs it while the others
/// wait.
///
/// A step maps (delta, f, g), f odd, to (1 - delta, g, (g - f) / 2) if delta > 0 and g is odd, else
/// to (1 + delta, f, (g + (g mod 2) f) / 2). From f = n, g = a, 741 steps lead to g = 0 and f =
/// +-1. 62 steps depend on the low 62 bits alone; they are run on words and then applied at once as
/// a matrix, to (f, g) and, modulo n, to the multiples (d, e) of 1 / a that f and g stand for.

namespace buri::accel::cuda {

namespace divsteps {

inline constexpr unsigned kSteps = 62;
inline constexpr unsigned kLimbs = 5;
inline constexpr unsigned kMostRounds = 12;  // 12 * 62 >= 741
inline constexpr std::uint64_t kMask = (std::uint64_t{1} << kSteps) - 1;
/// -1 / n mod 2^62.
inline constexpr std::uint64_t kNegatedInverse = 0xb0dff665588b13f;

__extension__ using Int128 = __int128;

/// sum of limb[i] * 2^(62 i); all limbs but the last are in [0, 2^62).
struct Signed310 {
  std::int64_t limb[kLimbs];
};

/// 2^62 (f', g') = (u f + v g, q f + r g); |u| + |v| and |q| + |r| are at most 2^62.
struct Matrix {
  std::int64_t u, v, q, r;
};

BURI_HOST_DEVICE inline Signed310 split(const curve::Uint256& a) {
  const auto part = [](std::uint64_t bits) { return static_cast<std::int64_t>(bits & kMask); };
  return {{part(a.limb[0]), part(a.limb[0] >> 62 | a.limb[1] << 2),
           part(a.limb[1] >> 60 | a.limb[2] << 4), part(a.limb[2] >> 58 | a.limb[3] << 6),
           part(a.limb[3] >> 56)}};
}

/// 62 steps on the low words of f and g.
BURI_HOST_DEVICE inline Matrix run_steps(std::int64_t& delta, std::uint64_t f, std::uint64_t g) {
  std::uint64_t u = 1, v = 0, q = 0, r = 1;
#pragma unroll 1
  for (unsigned i = 0; i < kSteps; ++i) {
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
  return {static_cast<std::int64_t>(u), static_cast<std::int64_t>(v), static_cast<std::int64_t>(q),
          static_cast<std::int64_t>(r)};
}

/// (x a + y b + multiple * n) / 2^62. REQUIRES: that division is exact. Outlined: one thread runs
/// it, and inlined it would cost all threads of a kernel their registers.
BURI_HOST_DEVICE BURI_OUTLINE inline Signed310 combine(std::int64_t x, const Signed310& a,
                                                       std::int64_t y, const Signed310& b,
                                                       std::int64_t multiple) {
  const Signed310 order = split(curve::group_order());
  Signed310 result;
  Int128 sum = 0;
#pragma unroll
  for (unsigned i = 0; i < kLimbs; ++i) {
    sum += Int128{x} * a.limb[i] + Int128{y} * b.limb[i];
    sum += Int128{multiple} * order.limb[i];
    if (i > 0) result.limb[i - 1] = static_cast<std::int64_t>(sum & kMask);
    sum >>= kSteps;
  }
  result.limb[kLimbs - 1] = static_cast<std::int64_t>(sum);
  return result;
}

/// (x a + y b) / 2^62 mod n: the multiple of n that makes it exact is added. Grows the absolute
/// value by at most n.
BURI_HOST_DEVICE inline Signed310 combine_mod_n(std::int64_t x, const Signed310& a, std::int64_t y,
                                                const Signed310& b) {
  const std::uint64_t low = static_cast<std::uint64_t>(x) * static_cast<std::uint64_t>(a.limb[0]) +
                            static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(b.limb[0]);
  return combine(x, a, y, b, static_cast<std::int64_t>(low * kNegatedInverse & kMask));
}

BURI_HOST_DEVICE inline bool is_zero(const Signed310& a) {
  return (a.limb[0] | a.limb[1] | a.limb[2] | a.limb[3] | a.limb[4]) == 0;
}

/// The residue in [0, n) of |a| <= 13 n: a + 16 n is positive and has at most 261 bits.
BURI_HOST_DEVICE inline curve::Uint256 reduce(const Signed310& a) {
  const Signed310 order = split(curve::group_order());
  std::uint64_t word[kLimbs];
  std::int64_t carry = 0;
#pragma unroll
  for (unsigned i = 0; i < kLimbs; ++i) {
    const Int128 sum = Int128{16} * order.limb[i] + a.limb[i] + carry;
    word[i] = static_cast<std::uint64_t>(sum) & kMask;
    carry = static_cast<std::int64_t>(sum >> kSteps);
  }
  return curve::reduce_wide_mod_n(
      {{word[0] | word[1] << 62, word[1] >> 2 | word[2] << 60, word[2] >> 4 | word[3] << 58,
        word[3] >> 6 | word[4] << 56, word[4] >> 8, 0, 0, 0}});
}

}  // namespace divsteps

/// 1 / a mod n for 0 < a < n. Public data only: its time depends on a.
BURI_HOST_DEVICE inline curve::Uint256 invert_by_divsteps(const curve::Uint256& a) {
  using divsteps::Signed310;
  Signed310 f = divsteps::split(curve::group_order());
  Signed310 g = divsteps::split(a);
  Signed310 d{};
  Signed310 e{{1, 0, 0, 0, 0}};
  std::int64_t delta = 1;
#pragma unroll 1
  for (unsigned round = 0; round < divsteps::kMostRounds && !divsteps::is_zero(g); ++round) {
    const divsteps::Matrix m = divsteps::run_steps(
        delta, static_cast<std::uint64_t>(f.limb[0]) | static_cast<std::uint64_t>(f.limb[1]) << 62,
        static_cast<std::uint64_t>(g.limb[0]) | static_cast<std::uint64_t>(g.limb[1]) << 62);
    const Signed310 next_f = divsteps::combine(m.u, f, m.v, g, 0);
    const Signed310 next_d = divsteps::combine_mod_n(m.u, d, m.v, e);
    g = divsteps::combine(m.q, f, m.r, g, 0);
    e = divsteps::combine_mod_n(m.q, d, m.r, e);
    f = next_f;
    d = next_d;
  }
  const curve::Uint256 inverse = divsteps::reduce(d);
  return f.limb[divsteps::kLimbs - 1] < 0 ? curve::negate_mod_n(inverse) : inverse;
}

}  // namespace buri::accel::cuda
