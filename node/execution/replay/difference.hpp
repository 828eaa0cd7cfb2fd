#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// Where a replay and a record disagree.

namespace buri::execution::replay {

struct Difference {
  std::uint64_t block = 0;
  std::optional<std::size_t> transaction{};  ///< its place in the block
  std::string what;      ///< "gas used", "receipt field to", "account 0x... nonce"
  std::string expected;  ///< what the record says
  std::string found;     ///< what was computed

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Collects the differences of one block.
class Comparison {
 public:
  explicit Comparison(std::uint64_t block) : block_(block) {}

  /// For those that follow: another block.
  void about_block(std::uint64_t block) { block_ = block; }
  /// For those that follow; nothing: they are about the block.
  void about_transaction(std::optional<std::size_t> index) { transaction_ = index; }
  /// Notes a difference unless both texts are equal.
  void compare(std::string_view what, std::string_view expected, std::string_view found) {
    ++count_;
    if (expected == found) return;
    differences_.push_back(
        {block_, transaction_, std::string(what), std::string(expected), std::string(found)});
  }
  [[nodiscard]] std::uint64_t block() const { return block_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Difference>& differences() const { return differences_; }

 private:
  std::uint64_t block_;
  std::optional<std::size_t> transaction_;
  std::uint64_t count_ = 0;
  std::vector<Difference> differences_;
};

}  // namespace buri::execution::replay
