#pragma once

#include <map>
#include <optional>

namespace buri::execution::chain {

/// A map of Bor's genesis whose values hold from their key on.
template <class T>
class Steps {
 public:
  Steps() = default;
  Steps(std::initializer_list<std::pair<const std::uint64_t, T>> steps) : steps_(steps) {}

  void set(std::uint64_t from, T value) { steps_[from] = std::move(value); }
  /// Adds a step unless one begins at that block.
  void add(std::uint64_t from, T value) { steps_.try_emplace(from, std::move(value)); }
  [[nodiscard]] bool empty() const { return steps_.empty(); }
  /// The value of the greatest key that is not above the block. Before the first key it is the last
  /// value of all, as in Bor's helper; nothing if there is none (spec/bor.md 1).
  [[nodiscard]] std::optional<T> at(std::uint64_t block_number) const {
    if (steps_.empty()) return std::nullopt;
    const auto above = steps_.upper_bound(block_number);
    return above == steps_.begin() ? std::prev(steps_.end())->second : std::prev(above)->second;
  }

  friend bool operator==(const Steps&, const Steps&) = default;

 private:
  std::map<std::uint64_t, T> steps_;
};

}  // namespace buri::execution::chain
