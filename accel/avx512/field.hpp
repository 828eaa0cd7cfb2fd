#pragma once

#include "accel/avx512/lanes.hpp"
#include "base/check.hpp"

/// The field of p = 2^256 - 2^32 - 977, eight elements at a time.
///
/// A value is the sum of limb[i] * 2^(52 i), i = 0..4, per lane. There are three forms:
///
///   Element  limb 0..3 in [0, 2^52), limb 4 in [0, 2^50): what a multiplication takes. vpmadd52
///            reads only 52 bits of a limb, so nothing may be carried lazily here.
///   Sum      signed limbs, |limb| < 2^62: what reductions and additions give. Any number of sums
///            and differences are taken in this form, then one carry pass makes an Element.
///   Product  ten unsigned columns < 2^58 of weight 2^(52 i): one or more products, not reduced.
///            Products of one formula line are added here, so they share one reduction.
///
/// Two folds are used: 2^260 = kFold260 and 2^256 = kFold256 (mod p). Ranges are checked at run
/// time in debug builds. Nothing is constant time: all data is public.

namespace buri::accel::avx512 {

struct Element {
  Lanes limb[5];
};
struct Sum {
  Lanes limb[5];
};
struct Product {
  Lanes column[10];
};

inline constexpr std::uint64_t kMask52 = (std::uint64_t{1} << 52) - 1;
inline constexpr std::uint64_t kMask48 = (std::uint64_t{1} << 48) - 1;
inline constexpr std::uint64_t kFold256 = 0x1000003d1;
inline constexpr std::uint64_t kFold260 = kFold256 << 4;
inline constexpr std::uint64_t kFieldPrime[5] = {0xffffefffffc2f, kMask52, kMask52, kMask52,
                                                 kMask48};

#ifdef NDEBUG
inline constexpr bool kCheckRanges = false;
#else
inline constexpr bool kCheckRanges = true;
#endif

/// Debug builds abort when a limb of `a` leaves the range of an Element.
[[gnu::always_inline]] inline void check_range(const Element& a) {
  if constexpr (kCheckRanges) {
    Lanes excess = shift_right<50>(a.limb[4]);
    for (int i = 0; i < 4; ++i) excess = bit_or(excess, shift_right<52>(a.limb[i]));
    CHECK(_mm512_test_epi64_mask(excess, excess) == 0, "a field element left its range");
  }
}

/// Debug builds abort when a limb of `a` leaves the range of a Sum.
[[gnu::always_inline]] inline void check_range(const Sum& a) {
  if constexpr (kCheckRanges) {
    LaneMask bad = 0;
    for (int i = 0; i < 5; ++i) {
      bad |= _mm512_cmpgt_epi64_mask(_mm512_abs_epi64(a.limb[i]), splat(std::uint64_t{1} << 62));
    }
    CHECK(bad == 0, "a field sum left its range");
  }
}

[[gnu::always_inline]] inline Element splat_element(const std::uint64_t (&limbs)[5]) {
  Element result;
  for (int i = 0; i < 5; ++i) result.limb[i] = splat(limbs[i]);
  return result;
}

[[gnu::always_inline]] inline Element one_element() {
  return {{splat(1), zero_lanes(), zero_lanes(), zero_lanes(), zero_lanes()}};
}

[[gnu::always_inline]] inline Sum widen(const Element& a) {
  return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}

/// a + b and a - b, limb by limb; the caller keeps |limb| < 2^62.
[[gnu::always_inline]] inline Sum operator+(const Sum& a, const Sum& b) {
  Sum result;
  for (int i = 0; i < 5; ++i) result.limb[i] = add(a.limb[i], b.limb[i]);
  return result;
}
[[gnu::always_inline]] inline Sum operator-(const Sum& a, const Sum& b) {
  Sum result;
  for (int i = 0; i < 5; ++i) result.limb[i] = sub(a.limb[i], b.limb[i]);
  return result;
}

/// a * 2^kBits, limb by limb.
template <unsigned kBits>
[[gnu::always_inline]] inline Sum scale(const Sum& a) {
  Sum result;
  for (int i = 0; i < 5; ++i) result.limb[i] = shift_left<kBits>(a.limb[i]);
  return result;
}

template <class Value>
[[gnu::always_inline]] inline Value select(LaneMask mask, const Value& yes, const Value& no) {
  Value result;
  for (int i = 0; i < 5; ++i) result.limb[i] = select(mask, yes.limb[i], no.limb[i]);
  return result;
}

/// Moves what exceeds 52 bits of limbs 0..3 one limb up, lowest first.
[[gnu::always_inline]] inline Element propagate(Lanes l0, Lanes l1, Lanes l2, Lanes l3, Lanes l4) {
  const Lanes mask = splat(kMask52);
  l1 = add(l1, shift_right_signed<52>(l0));
  l2 = add(l2, shift_right_signed<52>(l1));
  l3 = add(l3, shift_right_signed<52>(l2));
  l4 = add(l4, shift_right_signed<52>(l3));
  const Element result{
      {bit_and(l0, mask), bit_and(l1, mask), bit_and(l2, mask), bit_and(l3, mask), l4}};
  check_range(result);
  return result;
}

/// The Element congruent to a non-negative Sum. REQUIRES: every limb in [0, 2^62). The result is
/// below 2^256 + 2^220.
[[gnu::always_inline]] inline Element carry(const Sum& a) {
  check_range(a);
  const Lanes top = shift_right<48>(a.limb[4]);
  const Lanes l0 = add_low_product(a.limb[0], top, splat(kFold256));
  return propagate(l0, a.limb[1], a.limb[2], a.limb[3], bit_and(a.limb[4], splat(kMask48)));
}

/// The Element congruent to a Sum of either sign. REQUIRES: limb 4 > -(kMultiple - 1) * 2^48. The
/// result lies in (2^256 - 2^220, 2^257 + 2^220): one 2^256 stays in limb 4, so that a borrow from
/// the lower limbs cannot make it negative.
template <std::uint64_t kMultiple>
[[gnu::always_inline]] inline Element carry_signed(const Sum& a) {
  check_range(a);
  // Adds kMultiple * p = kMultiple * 2^256 - kMultiple * kFold256, then folds all but one 2^256.
  const Lanes top = add(shift_right_signed<48>(a.limb[4]), splat(kMultiple - 1));
  if constexpr (kCheckRanges) {
    CHECK(_mm512_movepi64_mask(top) == 0, "a field sum is below the bound its carry was told");
  }
  const Lanes l0 =
      add_low_product(sub(a.limb[0], splat(kMultiple * kFold256)), top, splat(kFold256));
  return propagate(l0, a.limb[1], a.limb[2], a.limb[3],
                   and_or(a.limb[4], splat(kMask48), splat(kMask48 + 1)));
}

[[gnu::always_inline]] inline Product empty_product() {
  Product result;
  for (int i = 0; i < 10; ++i) result.column[i] = zero_lanes();
  return result;
}

/// sum + a * b (50 vpmadd52).
[[gnu::always_inline]] inline Product add_product(Product sum, const Element& a, const Element& b) {
  check_range(a);
  check_range(b);
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 5; ++j) {
      sum.column[i + j] = add_low_product(sum.column[i + j], a.limb[i], b.limb[j]);
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < 5; ++j) {
      sum.column[i + j + 1] = add_high_product(sum.column[i + j + 1], a.limb[i], b.limb[j]);
    }
  }
  return sum;
}

/// a * a (30 vpmadd52): the products off the diagonal once, doubled, then the diagonal.
[[gnu::always_inline]] inline Product square_product(const Element& a) {
  check_range(a);
  Product sum = empty_product();
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i) {
#pragma clang loop unroll(full)
    for (int j = i + 1; j < 5; ++j) {
      sum.column[i + j] = add_low_product(sum.column[i + j], a.limb[i], a.limb[j]);
      sum.column[i + j + 1] = add_high_product(sum.column[i + j + 1], a.limb[i], a.limb[j]);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 1; i < 9; ++i) sum.column[i] = add(sum.column[i], sum.column[i]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    sum.column[2 * i] = add_low_product(sum.column[2 * i], a.limb[i], a.limb[i]);
    sum.column[2 * i + 1] = add_high_product(sum.column[2 * i + 1], a.limb[i], a.limb[i]);
  }
  return sum;
}

/// Folds columns 5..9 onto 0..4 and returns what still exceeds 2^260, as a multiple of 2^260 below
/// 2^34. Only the low 52 bits of a column enter a product, so the columns are carried, not masked.
[[gnu::always_inline]] inline Lanes fold_high_columns(Product& a) {
#pragma clang loop unroll(full)
  for (int i = 5; i < 9; ++i) {
    a.column[i + 1] = add(a.column[i + 1], shift_right<52>(a.column[i]));
  }
  if constexpr (kCheckRanges) {
    const Lanes excess = shift_right<50>(a.column[9]);
    CHECK(_mm512_test_epi64_mask(excess, excess) == 0, "the top column of a product overflowed");
  }
  const Lanes fold = splat(kFold260);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i) {
    a.column[i] = add_low_product(a.column[i], a.column[i + 5], fold);
    a.column[i + 1] = add_high_product(a.column[i + 1], a.column[i + 5], fold);
  }
  a.column[4] = add_low_product(a.column[4], a.column[9], fold);
  return add_high_product(zero_lanes(), a.column[9], fold);
}

/// The Sum congruent to a Product; every limb in [0, 2^58).
[[gnu::always_inline]] inline Sum reduce(Product a) {
  const Lanes above = fold_high_columns(a);
  const Lanes fold = splat(kFold260);
  return {{add_low_product(a.column[0], above, fold), add_high_product(a.column[1], above, fold),
           a.column[2], a.column[3], a.column[4]}};
}

/// The Element congruent to a Product, one vpmadd52 cheaper than carry(reduce(a)).
[[gnu::always_inline]] inline Element reduce_and_carry(Product a) {
  const Lanes above = fold_high_columns(a);
  const Lanes fold = splat(kFold256);
  const Lanes top = add(shift_left<4>(above), shift_right<48>(a.column[4]));
  return propagate(add_low_product(a.column[0], top, fold),
                   add_high_product(a.column[1], top, fold), a.column[2], a.column[3],
                   bit_and(a.column[4], splat(kMask48)));
}

[[gnu::always_inline]] inline Sum multiply_wide(const Element& a, const Element& b) {
  return reduce(add_product(empty_product(), a, b));
}
[[gnu::always_inline]] inline Sum square_wide(const Element& a) {
  return reduce(square_product(a));
}
[[gnu::always_inline]] inline Element multiply(const Element& a, const Element& b) {
  return reduce_and_carry(add_product(empty_product(), a, b));
}
[[gnu::always_inline]] inline Element square(const Element& a) {
  return reduce_and_carry(square_product(a));
}

/// The same residue in [0, p), limb 4 below 2^48.
inline Element normalize(const Element& a) {
  const Element once = carry(widen(a));
  // once < 2^256 + 2^220 < 2p: subtract p if once + kFold256 reaches 2^256.
  const Element plus = propagate(add(once.limb[0], splat(kFold256)), once.limb[1], once.limb[2],
                                 once.limb[3], once.limb[4]);
  const Lanes carry_out = shift_right<48>(plus.limb[4]);
  const LaneMask reaches = _mm512_test_epi64_mask(carry_out, carry_out);
  Element result = select(reaches, plus, once);
  result.limb[4] = bit_and(result.limb[4], splat(kMask48));
  return result;
}

/// Lanes where a is 0 modulo p.
inline LaneMask is_zero(const Element& a) {
  const Element reduced = normalize(a);
  Lanes any = reduced.limb[0];
  for (int i = 1; i < 5; ++i) any = bit_or(any, reduced.limb[i]);
  return _mm512_testn_epi64_mask(any, any);
}

/// Lanes where a and b are congruent.
inline LaneMask is_equal(const Element& a, const Element& b) {
  return is_zero(carry_signed<8>(widen(a) - widen(b)));
}

/// Lanes where the residue in [0, p) is odd.
inline LaneMask is_odd(const Element& a) {
  return _mm512_test_epi64_mask(normalize(a).limb[0], splat(1));
}

/// -a.
[[gnu::always_inline]] inline Element negate(const Element& a) {
  const Sum zero{{zero_lanes(), zero_lanes(), zero_lanes(), zero_lanes(), zero_lanes()}};
  return carry_signed<8>(zero - widen(a));
}

/// Four little-endian words of a value below 2^256 to limbs, and back.
[[gnu::always_inline]] inline Element from_words(const Lanes words[4]) {
  const Lanes mask = splat(kMask52);
  return {{bit_and(words[0], mask),
           or_and(shift_right<52>(words[0]), shift_left<12>(words[1]), mask),
           or_and(shift_right<40>(words[1]), shift_left<24>(words[2]), mask),
           or_and(shift_right<28>(words[2]), shift_left<36>(words[3]), mask),
           shift_right<16>(words[3])}};
}
/// REQUIRES: a is normalized.
[[gnu::always_inline]] inline void to_words(const Element& a, Lanes words[4]) {
  words[0] = bit_or(a.limb[0], shift_left<52>(a.limb[1]));
  words[1] = bit_or(shift_right<12>(a.limb[1]), shift_left<40>(a.limb[2]));
  words[2] = bit_or(shift_right<24>(a.limb[2]), shift_left<28>(a.limb[3]));
  words[3] = bit_or(shift_right<36>(a.limb[3]), shift_left<16>(a.limb[4]));
}

}  // namespace buri::accel::avx512
