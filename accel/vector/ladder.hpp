#pragma once

#include "accel/vector/batch.hpp"
#include "accel/vector/gather.hpp"

/// u1 * G + u2 * P for points P met for the first time: what recover and verify spend their time
/// on.
///
/// u2 = first + second * lambda, each half in 26 odd digits of 5 bits. Everything that is not a
/// doubling is done with affine additions that share inversions across the tile:
///   1. the odd multiples P .. 31P, and in the same five steps the 22 comb rows of u1 * G;
///   2. for each of the 26 windows, one sum of the two halves' points;
///   3. Horner's rule over the 26 sums: 125 doublings and 25 mixed additions;
///   4. one mixed addition of u1 * G.

namespace buri::accel::vector {

inline constexpr unsigned kLadderWindowBits = 5;
inline constexpr unsigned kLadderWindows = 26;
inline constexpr unsigned kLadderBits = kLadderWindowBits * kLadderWindows;
inline constexpr unsigned kLadderRows = 1u << (kLadderWindowBits - 1);

/// One group on its way through the ladder. The caller sets the first part.
template <class L>
struct alignas(64) LadderGroup {
  OrderElement<L> u1;
  OrderElement<L> u2;
  LaneMask negate_u1;       ///< lanes that want u2 * P - u1 * G
  LaneMask exceptions;      ///< in: 0; out: lanes whose result is meaningless
  AffinePoint<L> point;     ///< P
  JacobianPoint<L> result;  ///< z = 0 where a mixed addition met an exception

  AffinePoint<L> odd[kLadderRows];  ///< (2 i + 1) P
  AffinePoint<L> even[4];           ///< 2P, 4P, 8P, 16P
  alignas(64) std::uint8_t rows[kLadderRows][L::kCount][64];
  AffinePoint<L> left[kLadderWindows];
  AffinePoint<L> right[kLadderWindows];
  AffinePoint<L> generator[2 * curve::GeneratorComb::kWindows];
};

/// The most additions that one step of the ladder makes for a group.
inline constexpr unsigned kLadderAdditions = kLadderWindows;

namespace detail {

using Comb = curve::GeneratorComb;

/// Steps 1.1 to 1.5 of the table: with 2^k P from the step before, 2^k P + every odd multiple below
/// 2^k P, and 2^(k + 1) P.
template <class L>
void push_odd_multiples(AdditionList<L>& list, LadderGroup<L>& group, unsigned step) {
  if (step == 0) {
    group.odd[0] = group.point;
    list.push(&group.even[0], &group.odd[0], &group.odd[0], &group.exceptions);
    return;
  }
  const AffinePoint<L>* power = &group.even[step - 1];
  const unsigned known = 1u << (step - 1);
  for (unsigned i = 0; i < known; ++i) {
    list.push(&group.odd[known + i], power, &group.odd[i], &group.exceptions);
  }
  if (step < 4) list.push(&group.even[step], power, power, &group.exceptions);
}

/// Where the comb's points of u1 lie: the first half's windows, then the second half's.
template <class L>
void find_generator_rows(const LadderGroup<L>& group, const void* generator_rows,
                         RowAddresses<L>* addresses) {
  const L table = L::splat(reinterpret_cast<std::uintptr_t>(generator_rows));
  const LaneSplit<L> split = split_odd(group.u1, Comb::kBits);
  find_comb_rows<Comb>(split.first, table, group.negate_u1, addresses);
  find_comb_rows<Comb>(split.second, table, group.negate_u1, addresses + Comb::kWindows);
}

/// Loads the comb's points of all groups; one group's rows are fetched while another's are loaded.
template <class L>
void look_up_generator(LadderGroup<L>* groups, unsigned count, const void* generator_rows) {
  constexpr unsigned kRows = 2 * Comb::kWindows;
  RowAddresses<L> addresses[2][kRows];
  for (unsigned g = 0; g <= count; ++g) {
    if (g < count) find_generator_rows(groups[g], generator_rows, addresses[g % 2]);
    for (unsigned i = 0; i < kRows; ++i) {
      if (g < count) addresses[g % 2][i].prefetch();
      if (g > 0) groups[g - 1].generator[i] = addresses[(g - 1) % 2][i].load();
    }
  }
}

/// `left` is what one level of both halves' trees starts from. Four levels leave one point each, a
/// fifth joins them. Returns the next level's size.
template <class L>
unsigned push_generator_level(AdditionList<L>& list, LadderGroup<L>& group, unsigned left) {
  AffinePoint<L>* second = group.generator + Comb::kWindows;
  if (left > 1) {
    push_level(list, second, left, &group.exceptions);
    return push_level(list, group.generator, left, &group.exceptions);
  }
  apply_endomorphism(*second);
  list.push(group.generator, group.generator, second, &group.exceptions);
  return 0;
}

/// Steps 1: odd multiples and u1 * G together.
template <class L>
void run_tables(LadderGroup<L>* groups, unsigned count, AdditionList<L>& list) {
  unsigned left = Comb::kWindows;
  for (unsigned step = 0; step < 5; ++step) {
    unsigned next = 0;
    for (unsigned g = 0; g < count; ++g) {
      push_odd_multiples(list, groups[g], step);
      next = push_generator_level(list, groups[g], left);
    }
    list.run();
    left = next;
  }
  static_assert(next_level(next_level(next_level(next_level(Comb::kWindows)))) == 1);
}

/// Step 2: the points of both halves, ready to be added. A doubling gives the opposite of the
/// double, so five turn the sign: every other window is negated beforehand.
template <class L>
void push_windows(AdditionList<L>& list, LadderGroup<L>& group) {
  for (unsigned i = 0; i < kLadderRows; ++i) {
    store_rows(group.odd[i], group.rows[i][0], 64);
  }
  const LaneSplit<L> split = split_odd(group.u2, kLadderBits);
  alignas(64) std::uint64_t tables[L::kCount];
  for (unsigned lane = 0; lane < L::kCount; ++lane) {
    tables[lane] = reinterpret_cast<std::uintptr_t>(group.rows[0][lane]);
  }
  const L table = L::load(tables);
  constexpr unsigned kRowShift = L::kCount == 8 ? 9 : 8;
  static_assert(sizeof group.rows[0] == 1u << kRowShift);
  for (unsigned w = 0; w < kLadderWindows; ++w) {
    const unsigned position = kLadderWindowBits * w;
    const LaneMask flip = w % 2 == 0 ? 0 : kAllLanes<L>;
    group.left[w] = look_up<kRowShift>(split.first.at(position, kLadderWindowBits), table, flip);
    group.right[w] = look_up<kRowShift>(split.second.at(position, kLadderWindowBits), table, flip);
    apply_endomorphism(group.right[w]);
    list.push(&group.left[w], &group.left[w], &group.right[w], &group.exceptions);
  }
}

template <class L>
[[gnu::always_inline]] inline JacobianPoint<L> add_point(const JacobianPoint<L>& sum,
                                                         const AffinePoint<L>& point) {
  return add_mixed(sum, point.x, carry_signed<1u << 14>(point.y));
}

/// Steps 3 and 4 for kWidth groups in step: each hides the other's latencies. For registers that
/// hold the points of all of them.
template <unsigned kWidth, class L>
void horner_in_step(LadderGroup<L>* groups) {
  JacobianPoint<L> sum[kWidth];
  for (unsigned g = 0; g < kWidth; ++g) sum[g] = to_jacobian(groups[g].left[kLadderWindows - 1]);
  for (unsigned w = kLadderWindows - 1; w > 0; --w) {
    for (unsigned i = 0; i < kLadderWindowBits; ++i) {
      for (unsigned g = 0; g < kWidth; ++g) sum[g] = negated_double(sum[g]);
    }
    for (unsigned g = 0; g < kWidth; ++g) sum[g] = add_point(sum[g], groups[g].left[w - 1]);
  }
  for (unsigned g = 0; g < kWidth; ++g) {
    groups[g].result = add_point(sum[g], groups[g].generator[0]);
  }
}

/// As many negated doublings of one group's sum as a window has bits.
template <class L>
[[gnu::noinline]] void double_by_window(JacobianPoint<L>& sum) {
#pragma clang loop unroll(disable)
  for (unsigned i = 0; i < kLadderWindowBits; ++i) sum = negated_double(sum);
}

/// sum += point.
template <class L>
[[gnu::noinline]] void add_to(JacobianPoint<L>& sum, const AffinePoint<L>& point) {
  sum = add_point(sum, point);
}

/// Steps 3 and 4, a window at a time: all groups go through one formula before any goes through the
/// other. For formulas so long that the innermost instruction cache holds only one.
template <class L>
void horner_in_turn(LadderGroup<L>* groups, unsigned count) {
  // A load waits for an older store that agrees with it in the low twelve bits of the address. The
  // alignment keeps the stack frames below, full of spilled registers, at one distance from the
  // constants and the points, whatever stack the caller has: a recovery takes 12.0 microseconds
  // always instead of 12.0 to 13.8.
  alignas(4096) JacobianPoint<L> sums[kTileGroups<L>];
  for (unsigned g = 0; g < count; ++g) sums[g] = to_jacobian(groups[g].left[kLadderWindows - 1]);
  for (unsigned w = kLadderWindows - 1; w > 0; --w) {
    for (unsigned g = 0; g < count; ++g) double_by_window(sums[g]);
    for (unsigned g = 0; g < count; ++g) add_to(sums[g], groups[g].left[w - 1]);
  }
  for (unsigned g = 0; g < count; ++g) {
    add_to(sums[g], groups[g].generator[0]);
    groups[g].result = sums[g];
  }
}

}  // namespace detail

/// Fills `result` and `exceptions` of groups[0, count). `generator_rows` is the comb of
/// accel/generator_table.hpp.
template <class L>
[[gnu::noinline]] void run_ladder(LadderGroup<L>* groups, unsigned count,
                                  const void* generator_rows, AdditionList<L>& list) {
  using namespace detail;
  look_up_generator(groups, count, generator_rows);
  run_tables(groups, count, list);
  for (unsigned g = 0; g < count; ++g) push_windows(list, groups[g]);
  list.run();
  if constexpr (L::kRegisters >= 32) {
    unsigned g = 0;
    for (; g + 1 < count; g += 2) horner_in_step<2>(groups + g);
    if (g < count) horner_in_step<1>(groups + g);
  } else {
    horner_in_turn(groups, count);
  }
}

}  // namespace buri::accel::vector
