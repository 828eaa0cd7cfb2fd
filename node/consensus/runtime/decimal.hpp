#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "node/consensus/runtime/error.hpp"
#include "node/consensus/runtime/integer.hpp"

/// Decimal fractions with eighteen digits as the SDK's LegacyDec computes them: products and
/// quotients round half to even. Used by governance alone. Overflow is the stock daemon's panic.

namespace buri::consensus::runtime {

/// A multiple of 10^-18.
class Decimal {
 public:
  Decimal() = default;
  /// A whole number. Errors: kPanic if it does not fit.
  static Outcome<Decimal> from_integer(const Integer& value);
  /// Reads "-1.5": at most eighteen digits behind the point, at least one digit on each side of it.
  /// Errors: code 1.
  static Outcome<Decimal> from_text(std::string_view text);
  static Decimal one();

  /// With all eighteen digits behind the point.
  [[nodiscard]] std::string to_text() const;

  [[nodiscard]] bool is_zero() const { return scaled_.is_zero(); }
  [[nodiscard]] bool is_negative() const { return scaled_.is_negative(); }
  [[nodiscard]] bool is_positive() const { return scaled_.is_positive(); }
  /// Toward zero.
  [[nodiscard]] Integer truncated() const;
  /// Half to even.
  [[nodiscard]] Integer rounded() const;

  friend bool operator==(const Decimal&, const Decimal&) = default;
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
    return a.scaled_ <=> b.scaled_;
  }
  friend Outcome<Decimal> multiply(const Decimal& a, const Decimal& b);
  /// Errors: kPanic also for a zero divisor.
  friend Outcome<Decimal> divide(const Decimal& a, const Decimal& b);

 private:
  explicit Decimal(const Integer& scaled) : scaled_(scaled) {}
  Integer scaled_;
};

Outcome<Decimal> multiply(const Decimal& a, const Decimal& b);
Outcome<Decimal> divide(const Decimal& a, const Decimal& b);

}  // namespace buri::consensus::runtime
