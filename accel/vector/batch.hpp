#pragma once

#include <cstddef>

#include "accel/vector/inverse.hpp"

/// What recover, verify and verify_known share: loading signatures into lanes, their range rules,
/// and the two multipliers of each signature.

namespace buri::accel::vector {

/// Signatures that go through all phases together. Larger tiles share inversions better, smaller
/// ones keep their points in the second-level cache.
inline constexpr unsigned kTileSignatures = 128;
/// A group is as many signatures as a register has lanes.
template <class L>
inline constexpr unsigned kTileGroups = kTileSignatures / L::kCount;

/// Requests of any type that starts with a SignedDigest. A tile whose size is no multiple of a
/// group reads its last request in the lanes left over.
template <class L>
struct RequestView {
  const std::uint8_t* first;
  std::size_t stride;
  unsigned count;  ///< 1..kTileSignatures

  [[nodiscard]] unsigned groups() const { return (count + L::kCount - 1) / L::kCount; }
  /// Addresses of `offset` bytes into the requests of a group.
  void addresses(unsigned group, std::size_t offset, const void* (&rows)[L::kCount]) const {
    for (unsigned lane = 0; lane < L::kCount; ++lane) {
      const unsigned wanted = group * L::kCount + lane;
      rows[lane] = first + (wanted < count ? wanted : count - 1) * stride + offset;
    }
  }
};

/// A group of signatures.
template <class L>
struct SignatureLanes {
  OrderElement<L> digest;  ///< any 256-bit value
  OrderElement<L> r;
  OrderElement<L> s;
  LaneMask bad_range;  ///< r or s is 0 or >= n; both are then replaced by 1
  LaneMask high_s;     ///< s > n / 2
};

/// Two 32-byte big-endian numbers per row, as limbs.
template <class L>
struct NumberPair {
  Element<L> first;
  Element<L> second;
};
template <class L>
NumberPair<L> load_big_endian(const void* const (&rows)[L::kCount]) {
  L words[8];
  load_transposed(rows, words);
  L first[4];
  L second[4];
  for (int i = 0; i < 4; ++i) {
    first[i] = reverse_bytes(words[3 - i]);
    second[i] = reverse_bytes(words[7 - i]);
  }
  return {from_words(first), from_words(second)};
}

/// floor(n / 2) + 1.
inline constexpr std::uint64_t kHighS[5] = {0x92f46681b20a1, 0x7357a4501ddfe, 0xfffffff5d576e,
                                            kMask52, 0x7fffffffffff};

/// Lanes in which all limbs are 0.
template <class L>
LaneMask is_nothing(const Element<L>& a) {
  L any = a.limb[0];
  for (int i = 1; i < 5; ++i) any = bit_or(any, a.limb[i]);
  return zeros(any);
}

/// Lanes in which a < bound.
template <class L>
LaneMask is_below(const Element<L>& a, const std::uint64_t (&bound)[5]) {
  L borrow = L::zero();
  for (int i = 0; i < 5; ++i) {
    borrow = shift_right_signed<52>(add(sub(a.limb[i], L::splat(bound[i])), borrow));
  }
  return negatives(borrow);
}

template <class L>
[[gnu::noinline]] SignatureLanes<L> load_signatures(const RequestView<L>& requests,
                                                    unsigned group) {
  const void* rows[L::kCount];
  requests.addresses(group, 0, rows);
  const NumberPair<L> digest_r = load_big_endian<L>(rows);
  requests.addresses(group, 32, rows);
  const NumberPair<L> r_s = load_big_endian<L>(rows);
  const auto bad_range = static_cast<LaneMask>(
      other_lanes<L>(is_below(r_s.first, kOrder) & is_below(r_s.second, kOrder)) |
      is_nothing(r_s.first) | is_nothing(r_s.second));
  const LaneMask high_s = other_lanes<L>(is_below(r_s.second, kHighS));
  return {as_order(digest_r.first), as_order(select(bad_range, one_element<L>(), r_s.first)),
          as_order(select(bad_range, one_element<L>(), r_s.second)), bad_range, high_s};
}

/// inverses[g] = R / values[g] mod n for g < count, with R = 2^260: the Montgomery product of that
/// with x is x / value. REQUIRES: no value is 0 modulo n; count <= kTileGroups.
template <class L>
[[gnu::noinline]] void invert_all(const OrderElement<L>* values, OrderElement<L>* inverses,
                                  unsigned count) {
  // Four chains, because one product waits long for the one before. inverses[g] first holds the
  // product of the values before it in its chain.
  constexpr unsigned kChains = 4;
  const OrderElement<L> one{{L::splat(1), L::zero(), L::zero(), L::zero(), L::zero()}};
  OrderElement<L> chain[kChains] = {one, one, one, one};
  for (unsigned g = 0; g < count; ++g) {
    inverses[g] = chain[g % kChains];
    chain[g % kChains] = multiply(chain[g % kChains], values[g]);
  }
  // R / (a b / R) times b / R is R / a: factors of R cancel in every step.
  const OrderElement<L> front = multiply(chain[0], chain[1]);
  const OrderElement<L> back = multiply(chain[2], chain[3]);
  const OrderElement<L> inverse = invert(multiply(front, back));
  const OrderElement<L> front_rest = multiply(inverse, back);
  const OrderElement<L> back_rest = multiply(inverse, front);
  OrderElement<L> rest[kChains] = {multiply(front_rest, chain[1]), multiply(front_rest, chain[0]),
                                   multiply(back_rest, chain[3]), multiply(back_rest, chain[2])};
  for (unsigned g = count; g > 0; --g) {
    const unsigned i = g - 1;
    const OrderElement<L> own = multiply(rest[i % kChains], inverses[i]);
    rest[i % kChains] = multiply(rest[i % kChains], values[i]);
    inverses[i] = own;
  }
}

}  // namespace buri::accel::vector
