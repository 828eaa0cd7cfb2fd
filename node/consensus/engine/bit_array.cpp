#include "node/consensus/engine/bit_array.hpp"

#include <algorithm>
#include <bit>

#include "base/check.hpp"

namespace buri::consensus::engine {

std::optional<BitArray> BitArray::from_words(std::size_t size, std::vector<std::uint64_t> words) {
  const std::size_t expected = size / 64 + (size % 64 == 0 ? 0 : 1);
  if (words.size() != expected) return std::nullopt;
  BitArray bits;
  bits.words_ = std::move(words);
  bits.size_ = size;
  bits.clear_behind_the_end();
  return bits;
}

bool BitArray::get(std::size_t index) const {
  return index < size_ && (words_[index / 64] >> (index % 64) & 1) != 0;
}

void BitArray::set(std::size_t index, bool value) {
  CHECK(index < size_, "a bit behind the end of a bit array was set");
  const std::uint64_t mask = std::uint64_t{1} << (index % 64);
  if (value) {
    words_[index / 64] |= mask;
  } else {
    words_[index / 64] &= ~mask;
  }
}

std::size_t BitArray::count() const {
  std::size_t total = 0;
  for (const std::uint64_t word : words_) total += static_cast<std::size_t>(std::popcount(word));
  return total;
}

std::optional<std::size_t> BitArray::nth_set(std::size_t rank) const {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    std::uint64_t word = words_[i];
    const auto ones = static_cast<std::size_t>(std::popcount(word));
    if (rank >= ones) {
      rank -= ones;
      continue;
    }
    for (; rank > 0; --rank) word &= word - 1;
    return i * 64 + static_cast<std::size_t>(std::countr_zero(word));
  }
  return std::nullopt;
}

BitArray BitArray::minus(const BitArray& other) const {
  BitArray result = *this;
  const std::size_t shared = std::min(words_.size(), other.words_.size());
  for (std::size_t i = 0; i < shared; ++i) result.words_[i] &= ~other.words_[i];
  return result;
}

BitArray BitArray::intersect(const BitArray& other) const {
  BitArray result(std::min(size_, other.size_));
  for (std::size_t i = 0; i < result.words_.size(); ++i) {
    result.words_[i] = words_[i] & other.words_[i];
  }
  result.clear_behind_the_end();
  return result;
}

BitArray BitArray::unite(const BitArray& other) const {
  const BitArray& longer = size_ >= other.size_ ? *this : other;
  const BitArray& shorter = size_ >= other.size_ ? other : *this;
  BitArray result = longer;
  for (std::size_t i = 0; i < shorter.words_.size(); ++i) result.words_[i] |= shorter.words_[i];
  return result;
}

void BitArray::clear_behind_the_end() {
  if (size_ % 64 != 0) words_.back() &= (std::uint64_t{1} << (size_ % 64)) - 1;
}

}  // namespace buri::consensus::engine
