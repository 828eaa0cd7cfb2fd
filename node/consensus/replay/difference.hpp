#pragma once

#include <cstdint>
#include <string>
#include <vector>

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
  void compare(std::string_view rule, std::string expected, std::string found) {
    if (expected == found) return;
    note({.rule = std::string(rule), .expected = std::move(expected), .found = std::move(found)});
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
