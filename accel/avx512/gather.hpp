#pragma once

#include "accel/avx512/affine.hpp"
#include "accel/avx512/split.hpp"
#include "accel/curve/comb.hpp"

/// From digits to points: table look-ups, and the trees that add them up.

namespace buri::accel::avx512 {

/// Loads the point of one digit per lane. Row r of a lane's table lies at `table` + (r <<
/// kRowShift).
template <unsigned kRowShift>
[[gnu::always_inline]] inline AffinePoint look_up(const LaneDigit& digit, Lanes table,
                                                  LaneMask flip) {
  alignas(64) const void* rows[kLanes];
  store(rows, add(table, shift_left<kRowShift>(digit.row)));
  return load_rows(rows, digit.negative ^ flip);
}

/// Where the points of a look-up lie: found early, so that the rows are on their way from the outer
/// caches while another group's are loaded.
struct alignas(64) RowAddresses {
  const void* rows[kLanes];
  LaneMask negative;

  void prefetch() const {
    for (const void* row : rows) __builtin_prefetch(row);
  }
  [[nodiscard]] [[gnu::always_inline]] inline AffinePoint load() const {
    return load_rows(rows, negative);
  }
};

/// addresses[w] = the row of a comb that window w of `digits` reads, negated in the lanes of
/// `flip`. `table` is the address of each lane's rows.
template <class Shape>
inline void find_comb_rows(const LaneDigits& digits, Lanes table, LaneMask flip,
                           RowAddresses* addresses) {
  constexpr unsigned kRowShift = 6;
  for (unsigned w = 0; w < Shape::kWindows; ++w) {
    const bool top = w + 1 == Shape::kWindows;
    const LaneDigit digit =
        digits.at(Shape::kWindowBits * w, top ? Shape::kTopBits : Shape::kWindowBits);
    const std::uint64_t first_row = std::uint64_t{Shape::kRowsPerWindow} * w;
    store(addresses[w].rows, add(table, shift_left<kRowShift>(add(digit.row, splat(first_row)))));
    addresses[w].negative = digit.negative ^ flip;
  }
}

/// Additions waiting to share an inversion.
struct AdditionList {
  Addition* additions;
  Element* products;
  unsigned capacity;
  unsigned count = 0;

  void push(AffinePoint* result, const AffinePoint* left, const AffinePoint* right,
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
inline unsigned push_level(AdditionList& list, AffinePoint* points, unsigned count,
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
[[gnu::always_inline]] inline void apply_endomorphism(AffinePoint& point) {
  point.x = multiply(point.x, splat_element(kBeta));
}

}  // namespace buri::accel::avx512
