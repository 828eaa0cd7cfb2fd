#include "accel/avx512/ladder.hpp"

namespace buri::accel::avx512 {

namespace {

using Comb = curve::GeneratorComb;

/// Steps 1.1 to 1.5 of the table: with 2^k P from the step before, 2^k P + every odd multiple below
/// 2^k P, and 2^(k + 1) P.
void push_odd_multiples(AdditionList& list, LadderGroup& group, unsigned step) {
  if (step == 0) {
    group.odd[0] = group.point;
    list.push(&group.even[0], &group.odd[0], &group.odd[0], &group.exceptions);
    return;
  }
  const AffinePoint* power = &group.even[step - 1];
  const unsigned known = 1u << (step - 1);
  for (unsigned i = 0; i < known; ++i) {
    list.push(&group.odd[known + i], power, &group.odd[i], &group.exceptions);
  }
  if (step < 4) list.push(&group.even[step], power, power, &group.exceptions);
}

/// Where the comb's points of u1 lie: the first half's windows, then the second half's.
void find_generator_rows(const LadderGroup& group, const void* generator_rows,
                         RowAddresses* addresses) {
  const Lanes table = splat(reinterpret_cast<std::uintptr_t>(generator_rows));
  const LaneSplit split = split_odd(group.u1, Comb::kBits);
  find_comb_rows<Comb>(split.first, table, group.negate_u1, addresses);
  find_comb_rows<Comb>(split.second, table, group.negate_u1, addresses + Comb::kWindows);
}

/// Loads the comb's points of all groups; one group's rows are fetched while another's are loaded.
void look_up_generator(LadderGroup* groups, unsigned count, const void* generator_rows) {
  constexpr unsigned kRows = 2 * Comb::kWindows;
  RowAddresses addresses[2][kRows];
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
unsigned push_generator_level(AdditionList& list, LadderGroup& group, unsigned left) {
  AffinePoint* second = group.generator + Comb::kWindows;
  if (left > 1) {
    push_level(list, second, left, &group.exceptions);
    return push_level(list, group.generator, left, &group.exceptions);
  }
  apply_endomorphism(*second);
  list.push(group.generator, group.generator, second, &group.exceptions);
  return 0;
}

/// Steps 1: odd multiples and u1 * G together.
void run_tables(LadderGroup* groups, unsigned count, AdditionList& list) {
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
void push_windows(AdditionList& list, LadderGroup& group) {
  for (unsigned i = 0; i < kLadderRows; ++i) {
    store_rows(group.odd[i], group.rows[i][0], 64);
  }
  const LaneSplit split = split_odd(group.u2, kLadderBits);
  const Lanes lane_offset = _mm512_setr_epi64(0, 64, 128, 192, 256, 320, 384, 448);
  const Lanes table = add(splat(reinterpret_cast<std::uintptr_t>(group.rows[0][0])), lane_offset);
  constexpr unsigned kRowShift = 9;
  for (unsigned w = 0; w < kLadderWindows; ++w) {
    const unsigned position = kLadderWindowBits * w;
    const LaneMask flip = w % 2 == 0 ? 0 : 0xff;
    group.left[w] = look_up<kRowShift>(split.first.at(position, kLadderWindowBits), table, flip);
    group.right[w] = look_up<kRowShift>(split.second.at(position, kLadderWindowBits), table, flip);
    apply_endomorphism(group.right[w]);
    list.push(&group.left[w], &group.left[w], &group.right[w], &group.exceptions);
  }
}

[[gnu::always_inline]] inline JacobianPoint add_point(const JacobianPoint& sum,
                                                      const AffinePoint& point) {
  return add_mixed(sum, point.x, carry_signed<1u << 14>(point.y));
}

/// Steps 3 and 4 for kWidth groups in step.
template <unsigned kWidth>
void horner(LadderGroup* groups) {
  JacobianPoint sum[kWidth];
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

}  // namespace

void run_ladder(LadderGroup* groups, unsigned count, const void* generator_rows,
                AdditionList& list) {
  look_up_generator(groups, count, generator_rows);
  run_tables(groups, count, list);
  for (unsigned g = 0; g < count; ++g) push_windows(list, groups[g]);
  list.run();
  unsigned g = 0;
  for (; g + 1 < count; g += 2) horner<2>(groups + g);
  if (g < count) horner<1>(groups + g);
}

}  // namespace buri::accel::avx512
