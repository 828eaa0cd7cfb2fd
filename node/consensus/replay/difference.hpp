#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/hex.hpp"

/// Where a replay and a record disagree.

namespace buri::consensus::replay {

struct Difference {
  std::int64_t height = 0;
  std::string rule;      ///< "store root", "tx 3 gas used", "validators hash", ...
  std::string store{};   ///< of a store's root or key
  std::string key{};     ///< hex; of a key
  std::string expected;  ///< what the record says
  std::string found;     ///< what was computed

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Collects the differences of one height.
class Comparison {
 public:
  explicit Comparison(std::int64_t height) : height_(height) {}

  /// Notes a difference unless both texts are equal.
  void compare(std::string_view rule, std::string_view expected, std::string_view found) {
    if (expected == found) return;
    note({.rule = std::string(rule),
          .expected = std::string(expected),
          .found = std::string(found)});
  }
  /// The same for numbers; texts are made only of those that differ.
  template <std::integral T>
  void compare(std::string_view rule, T expected, T found) {
    if (expected != found) compare(rule, std::to_string(expected), std::to_string(found));
  }
  /// The same for bytes, shown as hex.
  void compare(std::string_view rule, ByteView expected, ByteView found) {
    if (!equal(expected, found)) compare(rule, to_hex(expected), to_hex(found));
  }
  /// The same for a hash that a header may leave out.
  void compare(std::string_view rule, const Hash256& expected,
               const std::optional<Hash256>& found) {
    if (found != expected) compare(rule, to_hex(expected), found ? to_hex(*found) : "none");
  }
  void note(Difference difference) {
    difference.height = height_;
    differences_.push_back(std::move(difference));
  }
  [[nodiscard]] bool is_equal() const { return differences_.empty(); }
  [[nodiscard]] const std::vector<Difference>& differences() const { return differences_; }

 private:
  std::int64_t height_;
  std::vector<Difference> differences_;
};

}  // namespace buri::consensus::replay
