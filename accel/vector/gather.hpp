#pragma once

#include "accel/curve/comb.hpp"
#include "accel/vector/affine.hpp"
#include "accel/vector/split.hpp"

/// From digits to points: table look-ups, and the trees that add them up.

namespace buri::accel::vector {

/// Loads the point of one digit per lane. Row r of a lane's table lies at `table` + (r <<
/// kRowShift).
template <unsigned kRowShift, class L>
[[gnu::always_inline]] inline AffinePoint<L> look_up(const LaneDigit<L>& digit, L table,
                                                     LaneMask flip) {
  alignas(64) const void* rows[L::kCount];
  store(static_cast<void*>(rows), add(table, shift_left<kRowShift>(digit.row)));
  return load_rows<L>(rows, static_cast<LaneMask>(digit.negative ^ flip));
}

/// Where the points of a look-up lie: found early, so that the rows are on their way from the outer
/// caches while another group's are loaded.
template <class L>
struct alignas(64) RowAddresses {
  const void* rows[L::kCount];
  LaneMask negative;

  void prefetch() const {
    for (const void* row : rows) __builtin_prefetch(row);
  }
  [[nodiscard]] [[gnu::always_inline]] inline AffinePoint<L> load() const {
    return load_rows<L>(rows, negative);
  }
};

/// addresses[w] = the row of a comb that window w of `digits` reads, negated in the lanes of
/// `flip`. `table` is the address of each lane's rows.
template <class Shape, class L>
inline void find_comb_rows(const LaneDigits<L>& digits, L table, LaneMask flip,
                           RowAddresses<L>* addresses) {
  constexpr unsigned kRowShift = 6;
  for (unsigned w = 0; w < Shape::kWindows; ++w) {
    const bool top = w + 1 == Shape::kWindows;
    const LaneDigit<L> digit =
        digits.at(Shape::kWindowBits * w, top ? Shape::kTopBits : Shape::kWindowBits);
    const std::uint64_t first_row = std::uint64_t{Shape::kRowsPerWindow} * w;
    store(static_cast<void*>(addresses[w].rows),
          add(table, shift_left<kRowShift>(add(digit.row, L::splat(first_row)))));
    addresses[w].negative = static_cast<LaneMask>(digit.negative ^ flip);
  }
}

/// Additions waiting to share an inversion.
template <class L>
struct AdditionList {
  Addition<L>* additions;
  Element<L>* products;
  unsigned capacity;
  unsigned count = 0;

  void push(AffinePoint<L>* result, const AffinePoint<L>* left, const AffinePoint<L>* right,
            LaneMask* exceptions) {
    CHECK(count < capacity, "more additions than the scratch was sized for");
    additions[count++] = {result, left, right, exceptions};
  }
  /// Does what was pushed since the last call.
  void run() {
    add_all(additions, count, products);
    count = 0;
  }
};

/// Half of what is left after one level of a tree over `count` points.
constexpr unsigned next_level(unsigned count) { return (count + 1) / 2; }

/// Pushes one level: points[i] += points[i + next_level(count)]. Returns next_level(count).
template <class L>
inline unsigned push_level(AdditionList<L>& list, AffinePoint<L>* points, unsigned count,
                           LaneMask* exceptions) {
  const unsigned half = next_level(count);
  for (unsigned i = 0; i + half < count; ++i) {
    list.push(points + i, points + i, points + i + half, exceptions);
  }
  return half;
}

inline constexpr std::uint64_t kBeta[5] = {0x96c28719501ee, 0x7512f58995c13, 0xc3434e99cf049,
                                           0x7106e64479ea, 0x7ae96a2b657c};

/// Multiplies a point by lambda.
template <class L>
[[gnu::always_inline]] inline void apply_endomorphism(AffinePoint<L>& point) {
  point.x = multiply(point.x, splat_element<L>(kBeta));
}

}  // namespace buri::accel::vector
