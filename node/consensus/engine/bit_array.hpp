#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

/// Which members of a numbered group are there: the votes or block parts that somebody has.

namespace buri::consensus::engine {

/// A fixed number of bits, all clear at first. Copyable; not thread-safe to change.
class BitArray {
 public:
  BitArray() = default;
  explicit BitArray(std::size_t size) : words_((size + 63) / 64), size_(size) {}
  /// As it travels: bit i is bit i % 64 of word i / 64. Bits behind the last are cleared. Nothing
  /// unless there is exactly one word for every 64 bits begun.
  static std::optional<BitArray> from_words(std::size_t size, std::vector<std::uint64_t> words);

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const std::uint64_t> words() const { return words_; }
  /// False for an index behind the end.
  [[nodiscard]] bool get(std::size_t index) const;
  /// REQUIRES: index < size().
  void set(std::size_t index, bool value = true);
  /// How many bits are set.
  [[nodiscard]] std::size_t count() const;
  [[nodiscard]] bool is_full() const { return count() == size_; }
  /// The place of the set bit before which `rank` others stand; nothing if there are fewer. A
  /// random rank picks a random member.
  [[nodiscard]] std::optional<std::size_t> nth_set(std::size_t rank) const;

  /// What is set here and not in `other`; bits that `other` does not have count as clear there.
  [[nodiscard]] BitArray minus(const BitArray& other) const;
  /// What is set in both, as long as the shorter.
  [[nodiscard]] BitArray intersect(const BitArray& other) const;
  /// What is set in either, as long as the longer.
  [[nodiscard]] BitArray unite(const BitArray& other) const;

  friend bool operator==(const BitArray&, const BitArray&) = default;

 private:
  void clear_behind_the_end();

  std::vector<std::uint64_t> words_;
  std::size_t size_ = 0;
};

}  // namespace buri::consensus::engine
