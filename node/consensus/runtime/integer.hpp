#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

#include "base/u256.hpp"

/// Signed integers as the SDK's math.Int holds them: up to 256 bits beside the sign. Amounts of
/// coins are such integers and travel as decimal text.

namespace buri::consensus::runtime {

/// A value in (-2^256, 2^256). Operations that leave the range say so; the stock daemon panics
/// there.
class Integer {
 public:
  Integer() = default;
  Integer(std::uint64_t value) : magnitude_(U256::from_uint64(value)) {}  // NOLINT(*-explicit-*)
  explicit Integer(const U256& magnitude, bool is_negative = false)
      : magnitude_(magnitude), is_negative_(is_negative && magnitude != U256{}) {}

  /// What a message holds that leaves an amount out. Counts as zero here and is written as "0"; the
  /// stock daemon panics wherever it looks at one.
  static Integer nil() {
    Integer absent;
    absent.is_nil_ = true;
    return absent;
  }
  /// Reads what Go's big.Int reads from a text field: a sign, then decimal digits or, behind "0x",
  /// "0b", "0o" or "0", digits of that base, with single underscores between digits after a
  /// prefix. Empty text is zero.
  static std::optional<Integer> from_text(std::string_view text);
  /// Reads a sign and decimal digits only, at least one.
  static std::optional<Integer> from_decimal(std::string_view text);
  /// Decimal digits, with a minus sign if negative.
  [[nodiscard]] std::string to_text() const;

  [[nodiscard]] bool is_nil() const { return is_nil_; }
  [[nodiscard]] bool is_zero() const { return magnitude_ == U256{}; }
  [[nodiscard]] bool is_negative() const { return is_negative_; }
  [[nodiscard]] bool is_positive() const { return !is_negative_ && !is_zero(); }
  [[nodiscard]] const U256& magnitude() const { return magnitude_; }
  /// The value if it is one.
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;
  [[nodiscard]] std::optional<std::uint64_t> to_uint64() const;

  [[nodiscard]] Integer negated() const { return Integer(magnitude_, !is_negative_); }

  friend bool operator==(const Integer&, const Integer&) = default;
  friend std::strong_ordering operator<=>(const Integer& a, const Integer& b);

 private:
  U256 magnitude_;
  bool is_negative_ = false;
  bool is_nil_ = false;
};

/// Nothing if the result leaves the range.
std::optional<Integer> add(const Integer& a, const Integer& b);
std::optional<Integer> subtract(const Integer& a, const Integer& b);
std::optional<Integer> multiply(const Integer& a, const Integer& b);
/// Rounded toward zero, as Go's Quo. REQUIRES: b is not zero.
Integer quotient(const Integer& a, const Integer& b);

}  // namespace buri::consensus::runtime
