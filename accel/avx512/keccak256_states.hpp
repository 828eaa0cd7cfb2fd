#pragma once

#include <immintrin.h>

#include <cstdint>

#include "accel/lanes/keccak256_tables.hpp"

/// Keccak-f[1600] (FIPS 202, 3.3) on eight states at once, word w of all states in one register.
/// For the AVX-512 unit of Keccak-256 only.
///
/// The 25 words and seven temporaries fill the 32 registers exactly, so the order of operations is
/// chosen by hand and kept by volatile asm statements of one instruction each: theta, rho, chi of
/// neighbouring rows overlap, each row is updated in place, and the parity of the next round is
/// gathered on the way. The compiler would merge two XORs into a ternary operation (its three
/// operands cost more here) and reorder until registers spill.
///
/// Vector operations leave the general registers and more than half of the processor's issue slots
/// idle. A round therefore takes something to do *beside* it, whose member functions are called
/// between the vector operations: a ninth state (keccak256_ninth.hpp).

namespace buri::accel::avx512 {

using Word = __m512i;

/// Number of the word that pi moves to (x, y).
consteval int source(int x, int y) { return keccak_source_column(x, y) + 5 * x; }

/// Whether word i is zero before the first round of a 64-byte message: it and its padding fill
/// words 0 to 8 and 16.
consteval bool is_zero_at_first(int i) { return i > 8 && i != 16; }

[[gnu::always_inline]] inline void xor_into(Word& a, Word b) {
  asm volatile("vpxorq %1, %0, %0" : "+v"(a) : "v"(b));
}
/// a ^= b ^ c
[[gnu::always_inline]] inline void xor_into(Word& a, Word b, Word c) {
  asm volatile("vpternlogq $0x96, %1, %2, %0" : "+v"(a) : "v"(b), "v"(c));
}
[[gnu::always_inline]] inline Word xored(Word a, Word b) {
  Word result;
  asm volatile("vpxorq %2, %1, %0" : "=v"(result) : "v"(a), "v"(b));
  return result;
}
/// a ^= ~b & c
[[gnu::always_inline]] inline void chi_into(Word& a, Word b, Word c) {
  asm volatile("vpternlogq $0xd2, %2, %1, %0" : "+v"(a) : "v"(b), "v"(c));
}
template <int kBits>
[[gnu::always_inline]] inline Word rotated(Word a) {
  Word result;
  asm volatile("vprolq %2, %1, %0" : "=v"(result) : "v"(a), "i"(kBits));
  return result;
}
[[gnu::always_inline]] inline void xor_constant(Word& a, const std::uint64_t& constant) {
  asm volatile("vpxorq %1%{1to8%}, %0, %0" : "+v"(a) : "m"(constant));
}

/// The words of eight states and the parity of each column.
struct States {
  Word word[25];
  Word parity[5];
};

/// Calls step.operator()<0>() to <4>().
template <class Step>
[[gnu::always_inline]] inline void for_each_x(Step step) {
  step.template operator()<0>();
  step.template operator()<1>();
  step.template operator()<2>();
  step.template operator()<3>();
  step.template operator()<4>();
}

/// theta's addend for each column; uses up the parities.
template <class Beside>
[[gnu::always_inline]] inline void mix_columns(States& s, Word (&mix)[5], Beside& beside) {
  Word(&c)[5] = s.parity;
  mix[0] = rotated<1>(c[1]);
  Word turned = rotated<1>(c[3]);
  beside.template parity<0>();
  xor_into(mix[0], c[4]);
  mix[2] = xored(c[1], turned);
  beside.template parity<1>();
  mix[4] = rotated<1>(c[0]);
  xor_into(mix[4], c[3]);
  beside.template parity<2>();
  turned = rotated<1>(c[2]);
  mix[1] = xored(c[0], turned);
  beside.template parity<3>();
  turned = rotated<1>(c[4]);
  mix[3] = xored(c[2], turned);
  beside.template parity<4>();
}

/// kFirst: the state is a padded 64-byte message.
template <bool kFirst, int kX, int kRow>
[[gnu::always_inline]] inline void theta(States& s, const Word (&mix)[5]) {
  constexpr int kWord = source(kX, kRow);
  constexpr int kColumn = keccak_source_column(kX, kRow);
  if constexpr (kFirst && is_zero_at_first(kWord)) {
    s.word[kWord] = mix[kColumn];
  } else {
    xor_into(s.word[kWord], mix[kColumn]);
  }
}
template <int kX, int kRow>
[[gnu::always_inline]] inline void rho(States& s) {
  constexpr int kWord = source(kX, kRow);
  constexpr int kBits = kKeccakRotations[kWord];
  if constexpr (kBits != 0) s.word[kWord] = rotated<kBits>(s.word[kWord]);
}
/// chi of one word of row kRow, in place; x runs upwards and `first`, `second` are words 0 and 1 as
/// they were.
template <int kX, int kRow>
[[gnu::always_inline]] inline void chi(States& s, Word first, Word second) {
  Word& word = s.word[source(kX, kRow)];
  if constexpr (kX < 3) {
    chi_into(word, s.word[source(kX + 1, kRow)], s.word[source(kX + 2, kRow)]);
  } else if constexpr (kX == 3) {
    chi_into(word, s.word[source(4, kRow)], first);
  } else {
    chi_into(word, first, second);
  }
}
/// Starts the parity of column kX from rows 0 to 2 of the round's result.
template <int kX>
[[gnu::always_inline]] inline void start_parity(States& s) {
  s.parity[kX] = s.word[source(kX, 0)];
  xor_into(s.parity[kX], s.word[source(kX, 1)], s.word[source(kX, 2)]);
}

/// chi of row kRow while the two rows after it go through rho and theta.
template <bool kFirst, int kRow, class Beside>
[[gnu::always_inline]] inline void advance_row(States& s, const Word (&mix)[5], Beside& beside) {
  const Word first = s.word[source(0, kRow)];
  const Word second = s.word[source(1, kRow)];
  for_each_x([&]<int kX>() __attribute__((always_inline)) {
    chi<kX, kRow>(s, first, second);
    if constexpr (kRow < 4) rho<kX, kRow + 1>(s);
    if constexpr (kRow < 3) theta<kFirst, kX, kRow + 2>(s, mix);
    if constexpr (kRow == 3) start_parity<kX>(s);
    if constexpr (kRow == 4) xor_into(s.parity[kX], s.word[source(kX, 3)]);
    beside.template row<kX, kRow>();
  });
}

/// Names every word by its place after pi.
[[gnu::always_inline]] inline void rename_words(States& s) {
  Word moved[25];
  for_each_x([&]<int kRow>() __attribute__((always_inline)) {
    for_each_x([&]<int kX>() __attribute__((always_inline)) {
      moved[kX + 5 * kRow] = s.word[source(kX, kRow)];
    });
  });
#pragma unroll
  for (int i = 0; i < 25; ++i) s.word[i] = moved[i];
}

/// One round, from words and their parity to words and their parity.
template <bool kFirst = false, class Beside>
[[gnu::always_inline]] inline void round(States& s, const std::uint64_t& constant, Beside beside) {
  Word mix[5];
  mix_columns(s, mix, beside);
  for_each_x([&]<int kX>() __attribute__((always_inline)) {
    theta<kFirst, kX, 0>(s, mix);
    beside.template mix<kX>();
  });
  for_each_x([&]<int kX>() __attribute__((always_inline)) {
    rho<kX, 0>(s);
    theta<kFirst, kX, 1>(s, mix);
    beside.template first_row<kX>();
  });
  advance_row<kFirst, 0>(s, mix, beside);
  xor_constant(s.word[source(0, 0)], constant);
  advance_row<kFirst, 1>(s, mix, beside);
  advance_row<kFirst, 2>(s, mix, beside);
  advance_row<kFirst, 3>(s, mix, beside);
  advance_row<kFirst, 4>(s, mix, beside);
  for_each_x([&]<int kX>()
                 __attribute__((always_inline)) { xor_into(s.parity[kX], s.word[source(kX, 4)]); });
  rename_words(s);
}

/// The last round as far as a digest needs it: words 0 to 3.
template <class Beside>
[[gnu::always_inline]] inline void last_round(States& s, Beside beside) {
  Word mix[5];
  mix_columns(s, mix, beside);
  for_each_x([&]<int kX>() __attribute__((always_inline)) {
    theta<false, kX, 0>(s, mix);
    rho<kX, 0>(s);
    beside.template mix<kX>();
  });
  const Word first = s.word[source(0, 0)];
  for_each_x([&]<int kX>() __attribute__((always_inline)) {
    if constexpr (kX < 4) chi<kX, 0>(s, first, first);
    beside.template first_row<kX>();
  });
  xor_constant(s.word[0], kKeccakRoundConstants[kKeccakRounds - 1]);
  for_each_x([&]<int kX>() __attribute__((always_inline)) { s.word[kX] = s.word[source(kX, 0)]; });
}

}  // namespace buri::accel::avx512
