#pragma once

#include "accel/vector/inverse.hpp"
#include "accel/vector/root.hpp"
#include "tests/unit/accel/vector/probe.hpp"

/// The functions of a probe over L; for the probes' own units only.

namespace buri::accel::vector {

template <class L>
struct ProbeFunctions {
  using Numbers = ProbeNumbers;

  template <template <class> class Value>
  [[gnu::always_inline]] static Value<L> read(const Numbers& numbers) {
    Value<L> result;
    for (int i = 0; i < 5; ++i) result.limb[i] = L::load(numbers.limb[i]);
    return result;
  }
  template <class Value>
  [[gnu::always_inline]] static void write(const Value& value, Numbers& numbers) {
    for (int i = 0; i < 5; ++i) store(numbers.limb[i], value.limb[i]);
  }

  static void multiply(const Numbers& a, const Numbers& b, Numbers& result) {
    write(vector::multiply(read<Element>(a), read<Element>(b)), result);
  }
  static void square(const Numbers& a, Numbers& result) {
    write(vector::square(read<Element>(a)), result);
  }
  static void multiply_wide(const Numbers& a, const Numbers& b, Numbers& result) {
    write(vector::carry(vector::multiply_wide(read<Element>(a), read<Element>(b))), result);
  }
  static void square_plus_product(const Numbers& a, const Numbers& b, const Numbers& c,
                                  Numbers& result) {
    const Product<L> square = square_product(read<Element>(a));
    write(reduce_and_carry(add_product(square, read<Element>(b), read<Element>(c))), result);
  }
  static void carry(const Numbers& sum, Numbers& result) {
    write(vector::carry(read<Sum>(sum)), result);
  }
  static void carry_signed(const Numbers& sum, Numbers& result) {
    write(vector::carry_signed<Probe::kSignedBound>(read<Sum>(sum)), result);
  }
  static void normalize(const Numbers& a, Numbers& result) {
    write(vector::normalize(read<Element>(a)), result);
  }
  static void negate(const Numbers& a, Numbers& result) {
    write(vector::negate(read<Element>(a)), result);
  }
  static void from_words(const ProbeWords& words, Numbers& result) {
    L lanes[4];
    for (int i = 0; i < 4; ++i) lanes[i] = L::load(words.word[i]);
    write(vector::from_words(lanes), result);
  }
  static void to_words(const Numbers& a, ProbeWords& words) {
    L lanes[4];
    vector::to_words(read<Element>(a), lanes);
    for (int i = 0; i < 4; ++i) store(words.word[i], lanes[i]);
  }
  static unsigned is_zero(const Numbers& a) { return vector::is_zero(read<Element>(a)); }
  static unsigned is_equal(const Numbers& a, const Numbers& b) {
    return vector::is_equal(read<Element>(a), read<Element>(b));
  }
  static unsigned is_odd(const Numbers& a) { return vector::is_odd(read<Element>(a)); }
  static void order_multiply(const Numbers& a, const Numbers& b, Numbers& result) {
    write(vector::multiply(read<OrderElement>(a), read<OrderElement>(b)), result);
  }
  static void order_normalize(const Numbers& a, Numbers& result) {
    write(vector::normalize(read<OrderElement>(a)), result);
  }
  static void invert(const Numbers& a, Numbers& result) {
    write(vector::invert(read<Element>(a)), result);
  }
  static void order_invert(const Numbers& a, Numbers& result) {
    write(vector::invert(read<OrderElement>(a)), result);
  }
  static void square_roots(Numbers* values, unsigned count) {
    constexpr unsigned kMost = 4;
    CHECK(count <= kMost, "the probe takes a few values only");
    Element<L> elements[kMost];
    for (unsigned i = 0; i < count; ++i) elements[i] = read<Element>(values[i]);
    vector::square_roots(elements, count);
    for (unsigned i = 0; i < count; ++i) write(elements[i], values[i]);
  }
};

template <class L>
constexpr Probe make_probe(const char* name, bool (*is_supported)(), unsigned (*enter)(),
                           void (*leave)(unsigned)) {
  using F = ProbeFunctions<L>;
  return {name,
          L::kCount,
          is_supported,
          enter,
          leave,
          F::multiply,
          F::square,
          F::multiply_wide,
          F::square_plus_product,
          F::carry,
          F::carry_signed,
          F::normalize,
          F::negate,
          F::from_words,
          F::to_words,
          F::is_zero,
          F::is_equal,
          F::is_odd,
          F::order_multiply,
          F::order_normalize,
          F::invert,
          F::order_invert,
          F::square_roots};
}

}  // namespace buri::accel::vector
