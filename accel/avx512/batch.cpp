#include "accel/avx512/batch.hpp"

#include "accel/avx512/inverse.hpp"

namespace buri::accel::avx512 {

namespace {

/// floor(n / 2) + 1.
constexpr std::uint64_t kHighS[5] = {0x92f46681b20a1, 0x7357a4501ddfe, 0xfffffff5d576e, kMask52,
                                     0x7fffffffffff};

LaneMask is_nothing(const Element& a) {
  Lanes any = a.limb[0];
  for (int i = 1; i < 5; ++i) any = bit_or(any, a.limb[i]);
  return _mm512_testn_epi64_mask(any, any);
}

}  // namespace

NumberPair load_big_endian(const void* const (&rows)[kLanes]) {
  Lanes words[kLanes];
  load_transposed(rows, words);
  const Lanes reverse_bytes =
      _mm512_broadcast_i32x4(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
  Lanes first[4];
  Lanes second[4];
  for (int i = 0; i < 4; ++i) {
    first[i] = _mm512_shuffle_epi8(words[3 - i], reverse_bytes);
    second[i] = _mm512_shuffle_epi8(words[7 - i], reverse_bytes);
  }
  return {from_words(first), from_words(second)};
}

LaneMask is_below(const Element& a, const std::uint64_t (&bound)[5]) {
  Lanes borrow = zero_lanes();
  for (int i = 0; i < 5; ++i) {
    borrow = shift_right_signed<52>(add(sub(a.limb[i], splat(bound[i])), borrow));
  }
  return _mm512_movepi64_mask(borrow);
}

SignatureLanes load_signatures(const RequestView& requests, unsigned group) {
  const void* rows[kLanes];
  requests.addresses(group, 0, rows);
  const NumberPair digest_r = load_big_endian(rows);
  requests.addresses(group, 32, rows);
  const NumberPair r_s = load_big_endian(rows);
  const LaneMask in_range = is_below(r_s.first, kOrder) & is_below(r_s.second, kOrder) &
                            ~is_nothing(r_s.first) & ~is_nothing(r_s.second);
  const auto bad_range = static_cast<LaneMask>(~in_range);
  const auto high_s = static_cast<LaneMask>(~is_below(r_s.second, kHighS));
  return {as_order(digest_r.first), as_order(select(bad_range, one_element(), r_s.first)),
          as_order(select(bad_range, one_element(), r_s.second)), bad_range, high_s};
}

void invert_all(const OrderElement* values, OrderElement* inverses, unsigned count) {
  // Four chains, because one product waits long for the one before. inverses[g] first holds the
  // product of the values before it in its chain.
  constexpr unsigned kChains = 4;
  const OrderElement one{{splat(1), zero_lanes(), zero_lanes(), zero_lanes(), zero_lanes()}};
  OrderElement chain[kChains] = {one, one, one, one};
  for (unsigned g = 0; g < count; ++g) {
    inverses[g] = chain[g % kChains];
    chain[g % kChains] = multiply(chain[g % kChains], values[g]);
  }
  // R / (a b / R) times b / R is R / a: factors of R cancel in every step.
  const OrderElement front = multiply(chain[0], chain[1]);
  const OrderElement back = multiply(chain[2], chain[3]);
  const OrderElement inverse = invert(multiply(front, back));
  const OrderElement front_rest = multiply(inverse, back);
  const OrderElement back_rest = multiply(inverse, front);
  OrderElement rest[kChains] = {multiply(front_rest, chain[1]), multiply(front_rest, chain[0]),
                                multiply(back_rest, chain[3]), multiply(back_rest, chain[2])};
  for (unsigned g = count; g > 0; --g) {
    const unsigned i = g - 1;
    const OrderElement own = multiply(rest[i % kChains], inverses[i]);
    rest[i % kChains] = multiply(rest[i % kChains], values[i]);
    inverses[i] = own;
  }
}

}  // namespace buri::accel::avx512
