#pragma once

#include "accel/curve/inverse.hpp"
#include "accel/vector/order.hpp"

/// Inversions. A batch of values costs one single inversion (Montgomery's trick), so a batch first
/// multiplies its values to one product per lane, then these functions multiply the lanes together,
/// invert one number, and part the result again.

namespace buri::accel::vector {

namespace detail {

/// Lanes i and i ^ kDistance trade places.
template <unsigned kDistance, template <class> class Value, class L>
[[gnu::always_inline]] inline Value<L> exchange_lanes(const Value<L>& a) {
  Value<L> result;
  for (int i = 0; i < 5; ++i) result.limb[i] = exchange<kDistance>(a.limb[i]);
  return result;
}

/// Products of the lanes, level by level: level[k] lane i is the product of the 2^k lanes that
/// agree with i above bit k, level[kLevels] that of all.
template <template <class> class Value, class L>
struct LaneProducts {
  static constexpr unsigned kLevels = L::kCount == 8 ? 3 : 2;
  static_assert(1u << kLevels == L::kCount);
  Value<L> level[kLevels + 1];

  explicit LaneProducts(const Value<L>& a) {
    level[0] = a;
    level[1] = multiply(level[0], exchange_lanes<1>(level[0]));
    level[2] = multiply(level[1], exchange_lanes<2>(level[1]));
    if constexpr (kLevels == 3) level[3] = multiply(level[2], exchange_lanes<4>(level[2]));
  }

  /// Given the inverse of the product of all lanes, that of each lane's own value.
  [[nodiscard]] Value<L> part(Value<L> inverse) const {
    if constexpr (kLevels == 3) inverse = multiply(inverse, exchange_lanes<4>(level[2]));
    inverse = multiply(inverse, exchange_lanes<2>(level[1]));
    return multiply(inverse, exchange_lanes<1>(level[0]));
  }
};

/// The value of lane 0, normalized.
template <class L>
inline curve::Uint256 first_number(const Element<L>& a) {
  L words[4];
  to_words(a, words);
  return {{first_lane(words[0]), first_lane(words[1]), first_lane(words[2]), first_lane(words[3])}};
}

template <class L>
inline Element<L> splat_number(const curve::Uint256& number) {
  L words[4];
  for (int i = 0; i < 4; ++i) words[i] = L::splat(number.limb[i]);
  return from_words(words);
}

}  // namespace detail

/// 1 / a in every lane. REQUIRES: no lane is 0 modulo p.
template <class L>
[[gnu::noinline]] Element<L> invert(const Element<L>& a) {
  const detail::LaneProducts<Element, L> products(a);
  const Element<L> all = normalize(products.level[products.kLevels]);
  return products.part(detail::splat_number<L>(curve::invert_mod_p(detail::first_number(all))));
}

/// R / a mod n in every lane, with R = 2^260 (order.hpp). REQUIRES: no lane is 0 modulo n.
template <class L>
[[gnu::noinline]] OrderElement<L> invert(const OrderElement<L>& a) {
  // A Montgomery product divides by R: the level k has a product over R^(2^k - 1). R over the last
  // one, parted level by level, is R / a.
  const detail::LaneProducts<OrderElement, L> products(a);
  const OrderElement<L> all = normalize(products.level[products.kLevels]);
  const curve::Uint256 inverse = curve::invert_mod_n(detail::first_number(as_limbs(all)));
  return products.part(
      multiply(as_order(detail::splat_number<L>(inverse)), splat_order<L>(kOrderRSquared)));
}

}  // namespace buri::accel::vector
