#pragma once

#include "accel/vector/lanes.hpp"
#include "base/check.hpp"

/// The field of p = 2^256 - 2^32 - 977, one element per lane.
///
/// A value is the sum of limb[i] * 2^(52 i), i = 0..4, per lane. There are three forms:
///
///   Element  limb 0..3 in [0, 2^52), limb 4 in [0, 2^50): what a multiplication takes. It reads
///            only 52 bits of a limb, so nothing may be carried lazily here.
///   Sum      signed limbs, |limb| < 2^62: what reductions and additions give. Any number of sums
///            and differences are taken in this form, then one carry pass makes an Element.
///   Product  ten unsigned columns < 2^58 of weight 2^(52 i): one or more products, not reduced.
///            Products of one formula line are added here, so they share one reduction.
///
/// Two folds are used: 2^260 = kFold260 and 2^256 = kFold256 (mod p). Ranges are checked at run
/// time in debug builds. Nothing is constant time: all data is public.

namespace buri::accel::vector {

template <class L>
struct Element {
  L limb[5];
};
template <class L>
struct Sum {
  L limb[5];
};
template <class L>
struct Product {
  L column[10];
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
template <class L>
[[gnu::always_inline]] inline void check_range(const Element<L>& a) {
  if constexpr (kCheckRanges) {
    L excess = shift_right<50>(a.limb[4]);
    for (int i = 0; i < 4; ++i) excess = bit_or(excess, shift_right<52>(a.limb[i]));
    CHECK(zeros(excess) == kAllLanes<L>, "a field element left its range");
  }
}

/// Debug builds abort when a limb of `a` leaves the range of a Sum.
template <class L>
[[gnu::always_inline]] inline void check_range(const Sum<L>& a) {
  if constexpr (kCheckRanges) {
    const L bound = L::splat(std::uint64_t{1} << 62);
    LaneMask bad = 0;
    for (int i = 0; i < 5; ++i) {
      bad |= negatives(add(bound, a.limb[i])) | negatives(sub(bound, a.limb[i]));
    }
    CHECK(bad == 0, "a field sum left its range");
  }
}

template <class L>
[[gnu::always_inline]] inline Element<L> splat_element(const std::uint64_t (&limbs)[5]) {
  Element<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = L::splat(limbs[i]);
  return result;
}

template <class L>
[[gnu::always_inline]] inline Element<L> one_element() {
  return {{L::splat(1), L::zero(), L::zero(), L::zero(), L::zero()}};
}

template <class L>
[[gnu::always_inline]] inline Sum<L> widen(const Element<L>& a) {
  return {{a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]}};
}

/// a + b and a - b, limb by limb; the caller keeps |limb| < 2^62.
template <class L>
[[gnu::always_inline]] inline Sum<L> operator+(const Sum<L>& a, const Sum<L>& b) {
  Sum<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = add(a.limb[i], b.limb[i]);
  return result;
}
template <class L>
[[gnu::always_inline]] inline Sum<L> operator-(const Sum<L>& a, const Sum<L>& b) {
  Sum<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = sub(a.limb[i], b.limb[i]);
  return result;
}

/// a * 2^kBits, limb by limb.
template <unsigned kBits, class L>
[[gnu::always_inline]] inline Sum<L> scale(const Sum<L>& a) {
  Sum<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = shift_left<kBits>(a.limb[i]);
  return result;
}

template <class Value>
[[gnu::always_inline]] inline Value select(LaneMask mask, const Value& yes, const Value& no) {
  Value result;
  for (int i = 0; i < 5; ++i) result.limb[i] = select(mask, yes.limb[i], no.limb[i]);
  return result;
}

/// Moves what exceeds 52 bits of limbs 0..3 one limb up, lowest first. REQUIRES: every limb in
/// [0, 2^63).
template <class L>
[[gnu::always_inline]] inline Element<L> propagate(L l0, L l1, L l2, L l3, L l4) {
  const L mask = L::splat(kMask52);
  l1 = add(l1, shift_right<52>(l0));
  l2 = add(l2, shift_right<52>(l1));
  l3 = add(l3, shift_right<52>(l2));
  l4 = add(l4, shift_right<52>(l3));
  const Element<L> result{
      {bit_and(l0, mask), bit_and(l1, mask), bit_and(l2, mask), bit_and(l3, mask), l4}};
  check_range(result);
  return result;
}

/// The same for limbs of either sign. REQUIRES: what is moved into limb 4 does not leave it
/// negative.
template <class L>
[[gnu::always_inline]] inline Element<L> propagate_signed(L l0, L l1, L l2, L l3, L l4) {
  const L mask = L::splat(kMask52);
  l1 = add(l1, shift_right_signed<52>(l0));
  l2 = add(l2, shift_right_signed<52>(l1));
  l3 = add(l3, shift_right_signed<52>(l2));
  l4 = add(l4, shift_right_signed<52>(l3));
  const Element<L> result{
      {bit_and(l0, mask), bit_and(l1, mask), bit_and(l2, mask), bit_and(l3, mask), l4}};
  check_range(result);
  return result;
}

/// The Element congruent to a non-negative Sum. REQUIRES: every limb in [0, 2^62). The result is
/// below 2^256 + 2^220.
template <class L>
[[gnu::always_inline]] inline Element<L> carry(const Sum<L>& a) {
  check_range(a);
  const L top = shift_right<48>(a.limb[4]);
  const L l0 = add_short_product<kFold256>(a.limb[0], top);
  return propagate(l0, a.limb[1], a.limb[2], a.limb[3], bit_and(a.limb[4], L::splat(kMask48)));
}

/// The Element congruent to a Sum of either sign. REQUIRES: limb 4 > -(kMultiple - 1) * 2^48. The
/// result lies in (2^256 - 2^220, 2^257 + 2^220): one 2^256 stays in limb 4, so that a borrow from
/// the lower limbs cannot make it negative.
template <std::uint64_t kMultiple, class L>
[[gnu::always_inline]] inline Element<L> carry_signed(const Sum<L>& a) {
  check_range(a);
  // Adds kMultiple * p = kMultiple * 2^256 - kMultiple * kFold256, then folds all but one 2^256.
  const L top = add(shift_right_signed<48>(a.limb[4]), L::splat(kMultiple - 1));
  if constexpr (kCheckRanges) {
    CHECK(negatives(top) == 0, "a field sum is below the bound its carry was told");
  }
  const L l0 = add_short_product<kFold256>(sub(a.limb[0], L::splat(kMultiple * kFold256)), top);
  return propagate_signed(l0, a.limb[1], a.limb[2], a.limb[3],
                          and_or(a.limb[4], L::splat(kMask48), L::splat(kMask48 + 1)));
}

template <class L>
[[gnu::always_inline]] inline Product<L> empty_product() {
  Product<L> result;
  for (int i = 0; i < 10; ++i) result.column[i] = L::zero();
  return result;
}

/// `a` less what `lows` and `highs` additions of multiply_add to it were too much.
template <class L>
[[gnu::always_inline]] inline L without_bias(L a, std::uint64_t lows, std::uint64_t highs) {
  if constexpr (L::kLowBias == 0 && L::kHighBias == 0) {
    return a;
  } else {
    return sub(a, L::splat(lows * L::kLowBias + highs * L::kHighBias));
  }
}

/// `sum` less the biases of one whole product: column k has min(k + 1, 9 - k) low parts and as many
/// high ones as column k - 1 has low ones.
template <class L>
[[gnu::always_inline]] inline Product<L> without_bias(Product<L> sum) {
#pragma clang loop unroll(full)
  for (unsigned k = 0; k < 10; ++k) {
    const unsigned lows = k < 5 ? k + 1 : 9 - k;
    const unsigned highs = k < 6 ? k : 10 - k;
    sum.column[k] = without_bias(sum.column[k], lows, highs);
  }
  return sum;
}

/// sum + a * b (25 full products of limbs).
template <class L>
[[gnu::always_inline]] inline Product<L> add_product(Product<L> sum, const Element<L>& a,
                                                     const Element<L>& b) {
  check_range(a);
  check_range(b);
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 5; ++j) {
      multiply_add(sum.column[i + j], sum.column[i + j + 1], to_factor(a.limb[i]),
                   to_factor(b.limb[j]));
    }
  }
  return without_bias(sum);
}

/// a * a (15 full products): those off the diagonal once, doubled, then the diagonal.
template <class L>
[[gnu::always_inline]] inline Product<L> square_product(const Element<L>& a) {
  check_range(a);
  Product<L> sum = empty_product<L>();
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; ++i) {
#pragma clang loop unroll(full)
    for (int j = i + 1; j < 5; ++j) {
      multiply_add(sum.column[i + j], sum.column[i + j + 1], to_factor(a.limb[i]),
                   to_factor(a.limb[j]));
    }
  }
#pragma clang loop unroll(full)
  for (int i = 1; i < 9; ++i) sum.column[i] = add(sum.column[i], sum.column[i]);
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    multiply_add(sum.column[2 * i], sum.column[2 * i + 1], to_factor(a.limb[i]),
                 to_factor(a.limb[i]));
  }
  return without_bias(sum);
}

/// Folds columns 5..9 onto 0..4 and returns what still exceeds 2^260, as a multiple of 2^260 below
/// 2^34. Only the low 52 bits of a column enter a product, so the columns are carried, not masked.
template <class L>
[[gnu::always_inline]] inline L fold_high_columns(Product<L>& a) {
#pragma clang loop unroll(full)
  for (int i = 5; i < 9; ++i) {
    a.column[i + 1] = add(a.column[i + 1], shift_right<52>(a.column[i]));
  }
  if constexpr (kCheckRanges) {
    CHECK(zeros(shift_right<50>(a.column[9])) == kAllLanes<L>,
          "the top column of a product overflowed");
  }
  const auto fold = to_factor(L::splat(kFold260));
  L above = L::zero();
#pragma clang loop unroll(full)
  for (int i = 0; i < 5; ++i) {
    L& next = i < 4 ? a.column[i + 1] : above;
    multiply_add(a.column[i], next, low_factor(a.column[i + 5]), fold);
    a.column[i] = without_bias(a.column[i], 1, i > 0 ? 1 : 0);
  }
  return without_bias(above, 0, 1);
}

/// The Sum congruent to a Product; every limb in [0, 2^58).
template <class L>
[[gnu::always_inline]] inline Sum<L> reduce(Product<L> a) {
  const L above = fold_high_columns(a);
  multiply_add(a.column[0], a.column[1], to_factor(above), to_factor(L::splat(kFold260)));
  return {{without_bias(a.column[0], 1, 0), without_bias(a.column[1], 0, 1), a.column[2],
           a.column[3], a.column[4]}};
}

/// The Element congruent to a Product, one product of limbs cheaper than carry(reduce(a)).
template <class L>
[[gnu::always_inline]] inline Element<L> reduce_and_carry(Product<L> a) {
  const L above = fold_high_columns(a);
  const L top = add(shift_left<4>(above), shift_right<48>(a.column[4]));
  multiply_add(a.column[0], a.column[1], to_factor(top), to_factor(L::splat(kFold256)));
  return propagate(without_bias(a.column[0], 1, 0), without_bias(a.column[1], 0, 1), a.column[2],
                   a.column[3], bit_and(a.column[4], L::splat(kMask48)));
}

template <class L>
[[gnu::always_inline]] inline Sum<L> multiply_wide(const Element<L>& a, const Element<L>& b) {
  return reduce(add_product(empty_product<L>(), a, b));
}
template <class L>
[[gnu::always_inline]] inline Sum<L> square_wide(const Element<L>& a) {
  return reduce(square_product(a));
}
template <class L>
[[gnu::always_inline]] inline Element<L> multiply(const Element<L>& a, const Element<L>& b) {
  return reduce_and_carry(add_product(empty_product<L>(), a, b));
}
template <class L>
[[gnu::always_inline]] inline Element<L> square(const Element<L>& a) {
  return reduce_and_carry(square_product(a));
}

/// The same residue in [0, p), limb 4 below 2^48.
template <class L>
inline Element<L> normalize(const Element<L>& a) {
  const Element<L> once = carry(widen(a));
  // once < 2^256 + 2^220 < 2p: subtract p if once + kFold256 reaches 2^256.
  const Element<L> plus = propagate(add(once.limb[0], L::splat(kFold256)), once.limb[1],
                                    once.limb[2], once.limb[3], once.limb[4]);
  const L carry_out = shift_right<48>(plus.limb[4]);
  Element<L> result = select(zeros(carry_out), once, plus);
  result.limb[4] = bit_and(result.limb[4], L::splat(kMask48));
  return result;
}

/// Lanes where a is 0 modulo p.
template <class L>
inline LaneMask is_zero(const Element<L>& a) {
  const Element<L> reduced = normalize(a);
  L any = reduced.limb[0];
  for (int i = 1; i < 5; ++i) any = bit_or(any, reduced.limb[i]);
  return zeros(any);
}

/// Lanes where a and b are congruent.
template <class L>
inline LaneMask is_equal(const Element<L>& a, const Element<L>& b) {
  return is_zero(carry_signed<8>(widen(a) - widen(b)));
}

/// Lanes where the residue in [0, p) is odd.
template <class L>
inline LaneMask is_odd(const Element<L>& a) {
  return other_lanes<L>(zeros(bit_and(normalize(a).limb[0], L::splat(1))));
}

/// -a.
template <class L>
[[gnu::always_inline]] inline Element<L> negate(const Element<L>& a) {
  const Sum<L> zero{{L::zero(), L::zero(), L::zero(), L::zero(), L::zero()}};
  return carry_signed<8>(zero - widen(a));
}

/// Four little-endian words of a value below 2^256 to limbs, and back.
template <class L>
[[gnu::always_inline]] inline Element<L> from_words(const L words[4]) {
  const L mask = L::splat(kMask52);
  return {{bit_and(words[0], mask),
           or_and(shift_right<52>(words[0]), shift_left<12>(words[1]), mask),
           or_and(shift_right<40>(words[1]), shift_left<24>(words[2]), mask),
           or_and(shift_right<28>(words[2]), shift_left<36>(words[3]), mask),
           shift_right<16>(words[3])}};
}
/// REQUIRES: a is normalized.
template <class L>
[[gnu::always_inline]] inline void to_words(const Element<L>& a, L words[4]) {
  words[0] = bit_or(a.limb[0], shift_left<52>(a.limb[1]));
  words[1] = bit_or(shift_right<12>(a.limb[1]), shift_left<40>(a.limb[2]));
  words[2] = bit_or(shift_right<24>(a.limb[2]), shift_left<28>(a.limb[3]));
  words[3] = bit_or(shift_right<36>(a.limb[3]), shift_left<16>(a.limb[4]));
}

}  // namespace buri::accel::vector
