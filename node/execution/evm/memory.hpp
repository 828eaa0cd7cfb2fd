#pragma once

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/bytes.hpp"
#include "base/u256_words.hpp"

/// The byte-addressed memory of a frame: zero where it was not written, in whole words, paid for by
/// size. The buffer outlives the frame, so that the next one at the same depth needs no allocation.

namespace buri::execution::evm {

/// Where memory ends in every case. To reach it would cost 3.5 * 10^13 gas, far above what any
/// block holds; asking for more is out of gas.
inline constexpr std::uint64_t kMemoryLimitBytes = std::uint64_t{1} << 32;

class Memory {
 public:
  Memory() = default;
  ~Memory() { std::free(data_); }
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  [[nodiscard]] std::uint8_t* data() { return data_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] ByteView view(std::uint64_t offset, std::uint64_t length) const {
    return length == 0 ? ByteView{} : ByteView{data_ + offset, length};
  }

  /// Empties it for a new frame. A buffer that grew beyond 1 MiB is given back.
  void reset() {
    size_ = 0;
    if (capacity_ <= kKeptBytes) return;
    std::free(data_);
    data_ = nullptr;
    capacity_ = 0;
  }

  /// What is left of `gas` after memory was made to hold `length` bytes at `offset`; negative if
  /// the gas does not suffice. A length of zero costs nothing, whatever the offset.
  std::int64_t grow(const U256& offset, std::uint64_t length, std::int64_t gas) {
    if (length == 0) return gas;
    if (!fits_uint64(offset) || offset.limbs[0] > kMemoryLimitBytes || length > kMemoryLimitBytes) {
      return -1;
    }
    return grow_to(offset.limbs[0] + length, gas);
  }
  std::int64_t grow(const U256& offset, const U256& length, std::int64_t gas) {
    if (!fits_uint64(length)) return -1;
    return grow(offset, length.limbs[0], gas);
  }

  /// Whether `length` bytes at `offset` are there already. REQUIRES: length <= 32.
  [[nodiscard]] bool holds(const U256& offset, std::uint64_t length) const {
    return fits_uint64(offset) && size_ >= length && offset.limbs[0] <= size_ - length;
  }

 private:
  static constexpr std::uint64_t kKeptBytes = std::uint64_t{1} << 20;

  static std::int64_t cost(std::uint64_t words) {
    return static_cast<std::int64_t>(3 * words + words * words / 512);
  }

  std::int64_t grow_to(std::uint64_t end, std::int64_t gas) {
    if (end <= size_) return gas;
    const std::uint64_t words = (end + 31) / 32;
    gas -= cost(words) - cost(size_ / 32);
    if (gas >= 0) resize(words * 32);
    return gas;
  }

  void resize(std::uint64_t bytes) {
    if (bytes > capacity_) {
      capacity_ = std::max<std::uint64_t>({bytes, 2 * capacity_, 4096});
      data_ = static_cast<std::uint8_t*>(std::realloc(data_, capacity_));
      CHECK(data_ != nullptr, "no memory is left for the EVM");
    }
    std::memset(data_ + size_, 0, bytes - size_);
    size_ = bytes;
  }

  std::uint8_t* data_ = nullptr;
  std::uint64_t size_ = 0;
  std::uint64_t capacity_ = 0;
};

}  // namespace buri::execution::evm
