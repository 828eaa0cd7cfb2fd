#pragma once

#include <array>
#include <cstdint>

#include "accel/curve/digits.hpp"

/// Tables of multiples of one point ("combs"): a multiple k of the point becomes a sum of table
/// rows and needs no doubling.

namespace buri::accel {

/// An affine point of the curve in plain little-endian 64-bit limbs, fully reduced. One row of a
/// table: 64 bytes, aligned to a cache line; every backend, the device included, reads this one
/// layout.
struct alignas(64) AffineRow {
  std::array<std::uint64_t, 4> x{};
  std::array<std::uint64_t, 4> y{};

  friend bool operator==(const AffineRow&, const AffineRow&) = default;
};

}  // namespace buri::accel

namespace buri::accel::curve {

/// Shape of a comb over the halves of an OddSplit. Window w covers the bits from position(w) on
/// with one odd digit; row [w][i] = (2 i + 1) * 2^position(w) * P lies at index first_row(w) + i.
/// Every window has 2^(WindowBits - 1) rows except the last, which has as many as a split can
/// reach.
///
/// k * P = sum over w of (digit w of first) + lambda * sum over w of (digit w of second): the
/// second half reads the same rows and its *sum* goes through the endomorphism once.
template <unsigned WindowBits, unsigned Windows>
struct Comb {
  static constexpr unsigned kWindowBits = WindowBits;
  static constexpr unsigned kWindows = Windows;
  static constexpr unsigned kRowsPerWindow = 1u << (WindowBits - 1);
  /// What OddDigits::of is to be called with.
  static constexpr unsigned kBits = 129;
  static constexpr unsigned kTopPosition = WindowBits * (Windows - 1);
  static constexpr unsigned kTopBits = kBits - kTopPosition;
  static_assert(kTopPosition < 128 && kTopBits < 31, "the windows do not cover a split");
  /// |top digit| * 2^kTopPosition is below the bound of a split plus one unit of the top window.
  static constexpr unsigned kTopRows = static_cast<unsigned>(
      (kSplitBoundPermille * (std::uint64_t{1} << (128 - kTopPosition)) / 1000 + 2) / 2);
  static constexpr unsigned kRows = (Windows - 1) * kRowsPerWindow + kTopRows;

  BURI_HOST_DEVICE static constexpr unsigned position(unsigned window) {
    return WindowBits * window;
  }
  BURI_HOST_DEVICE static constexpr unsigned first_row(unsigned window) {
    return kRowsPerWindow * window;
  }
  BURI_HOST_DEVICE static constexpr unsigned rows_of(unsigned window) {
    return window + 1 == Windows ? kTopRows : kRowsPerWindow;
  }
  /// Which row window `window` of `digits` reads (an index into all kRows), and its sign.
  BURI_HOST_DEVICE static constexpr SignedDigit look_up(const OddDigits& digits, unsigned window) {
    const bool top = window + 1 == Windows;
    SignedDigit digit = digits.at(position(window), top ? kTopBits : WindowBits);
    digit.row += first_row(window);
    return digit;
  }
};

/// The comb of every key of a KeySet: 16 windows, 2083 rows, 130 KiB.
using KeyComb = Comb<8, 16>;

/// The comb of the generator: 11 windows, 20643 rows, 1.26 MiB.
using GeneratorComb = Comb<12, 11>;

}  // namespace buri::accel::curve
