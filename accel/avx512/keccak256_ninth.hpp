#pragma once

#include <cstdint>

#include "accel/avx512/keccak256_states.hpp"
#include "accel/lanes/keccak256_tables.hpp"

/// A ninth Keccak state in general registers, advanced beside the eight of keccak256_states.hpp in
/// issue slots that these leave idle. For the AVX-512 unit of Keccak-256 only.
///
/// Its rounds read one array and write another; the first reads the message itself, because bytes
/// that a wide store has just written would be slow to load word by word. Loads, stores and
/// operations are volatile asm statements so that each stays between the vector operations where it
/// was put.

namespace buri::accel::avx512 {

/// A word of a state, or eight bytes of a message or digest, which may lie anywhere.
using WordInMemory [[gnu::aligned(1), gnu::may_alias]] = std::uint64_t;

[[gnu::always_inline]] inline std::uint64_t load(const WordInMemory& word) {
  std::uint64_t result;
  asm volatile("movq %1, %0" : "=r"(result) : "m"(word));
  return result;
}
[[gnu::always_inline]] inline void store(WordInMemory& word, std::uint64_t value) {
  asm volatile("movq %1, %0" : "=m"(word) : "r"(value));
}
[[gnu::always_inline]] inline void xor_into(std::uint64_t& a, std::uint64_t b) {
  asm volatile("xorq %1, %0" : "+r"(a) : "r"(b) : "cc");
}
[[gnu::always_inline]] inline void xor_memory(std::uint64_t& a, const WordInMemory& word) {
  asm volatile("xorq %1, %0" : "+r"(a) : "m"(word) : "cc");
}
template <int kBits>
[[gnu::always_inline]] inline std::uint64_t rotated(std::uint64_t a) {
  std::uint64_t result;
  asm volatile("rorxq %2, %1, %0" : "=r"(result) : "r"(a), "i"(64 - kBits));
  return result;
}
/// ~a & b
[[gnu::always_inline]] inline std::uint64_t not_and(std::uint64_t a, std::uint64_t b) {
  std::uint64_t result;
  asm volatile("andnq %2, %1, %0" : "=r"(result) : "r"(a), "r"(b) : "cc");
  return result;
}

/// One round of the ninth state. `parity` holds the words of row 4 on entry and on return, so that
/// they need not be loaded again.
/// kFirst: the state is a padded 64-byte message, `from` its eight words, `parity` unused on entry.
template <bool kFirst>
class NinthRound {
 public:
  NinthRound(const WordInMemory* from, WordInMemory* to, std::uint64_t (&parity)[5],
             const std::uint64_t& constant)
      : from_(from), to_(to), parity_(parity), constant_(constant) {}

  /// Completes the parity of column kX.
  template <int kX>
  [[gnu::always_inline]] void parity() {
    std::uint64_t& c = parity_[kX];
    if constexpr (!kFirst) {
      xor_memory(c, from_[kX]);
      xor_memory(c, from_[kX + 5]);
      xor_memory(c, from_[kX + 10]);
      xor_memory(c, from_[kX + 15]);
    } else {
      c = load(from_[kX]);
      if constexpr (kX + 5 < 8) xor_memory(c, from_[kX + 5]);
      if constexpr (kX == 8 % 5) c ^= kKeccakFirstPadBit;
      if constexpr (kX == 16 % 5) c ^= kKeccakLastPadBit;
    }
  }

  /// theta's addend for column kX.
  template <int kX>
  [[gnu::always_inline]] void mix() {
    mix_[kX] = rotated<1>(parity_[(kX + 1) % 5]);
    xor_into(mix_[kX], parity_[(kX + 4) % 5]);
  }

  /// theta, rho and pi for word kX of row 0.
  template <int kX>
  [[gnu::always_inline]] void first_row() {
    move<kX, 0>();
  }

  /// The kX-th fifth of: chi for row kRow; theta, rho and pi for the row after it.
  template <int kX, int kRow>
  [[gnu::always_inline]] void row() {
    if constexpr (kRow == 4) {
      parity_[kX] = chi<kX, 4>();
    } else if constexpr (kX < 2) {
      chi<2 * kX, kRow>();
      chi<2 * kX + 1, kRow>();
    } else if constexpr (kX == 2) {
      chi<4, kRow>();
      move<0, kRow + 1>();
    } else {
      move<2 * kX - 5, kRow + 1>();
      move<2 * kX - 4, kRow + 1>();
    }
  }

 protected:
  /// Word kX of row kRow after theta, rho and pi.
  template <int kX, int kRow>
  [[gnu::always_inline]] void move() {
    constexpr int kWord = source(kX, kRow);
    std::uint64_t word;
    if constexpr (!kFirst || kWord < 8) {
      word = load(from_[kWord]);
      xor_into(word, mix_[kWord % 5]);
    } else {
      word = mix_[kWord % 5];
      if constexpr (kWord == 8) word ^= kKeccakFirstPadBit;
      if constexpr (kWord == 16) word ^= kKeccakLastPadBit;
    }
    if constexpr (kKeccakRotations[kWord] != 0) word = rotated<kKeccakRotations[kWord]>(word);
    row_[kX] = word;
  }

  /// Stores word kX of row kRow after chi and iota, and returns it.
  template <int kX, int kRow>
  [[gnu::always_inline]] std::uint64_t chi() {
    std::uint64_t word = not_and(row_[(kX + 1) % 5], row_[(kX + 2) % 5]);
    xor_into(word, row_[kX]);
    if constexpr (kX == 0 && kRow == 0) xor_memory(word, constant_);
    store(to_[kX + 5 * kRow], word);
    return word;
  }

 private:
  const WordInMemory* from_;
  WordInMemory* to_;
  std::uint64_t (&parity_)[5];
  const std::uint64_t& constant_;
  std::uint64_t mix_[5];
  std::uint64_t row_[5];  ///< of the row at hand, before chi
};

/// The last round as far as a digest needs it: writes words 0 to 3 only.
class NinthLastRound : public NinthRound<false> {
 public:
  using NinthRound::NinthRound;

  template <int kX>
  [[gnu::always_inline]] void first_row() {
    move<kX, 0>();
    if constexpr (kX == 4) {
      chi<0, 0>();
      chi<1, 0>();
      chi<2, 0>();
      chi<3, 0>();
    }
  }
};

}  // namespace buri::accel::avx512
