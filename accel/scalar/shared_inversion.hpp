#pragma once

#include <array>
#include <vector>

#include "accel/curve/field.hpp"
#include "accel/curve/inverse.hpp"

namespace buri::accel::scalar {

/// Many inverses for the price of one (Montgomery's trick), as a stack: push all values, invert()
/// once, then pop their inverses in reverse order. Four independent chains of products keep the
/// multiplier busy where a single one would wait for each result. Not thread-safe.
template <curve::Field F>
class SharedInversion {
 public:
  using Element = typename F::Element;

  /// Empties the stack and makes room for `capacity` values.
  void reset(std::size_t capacity) {
    if (links_.size() < capacity) links_.resize(capacity);
    count_ = 0;
    chains_.fill(F::constant({{1, 0, 0, 0}}));
  }

  /// Returns false and stacks 1 instead when `value` is 0 mod p.
  bool push(const Element& value) {
    Element& chain = chains_[count_ % kChains];
    const bool zero = F::is_zero(value);
    Link& link = links_[count_++];
    link.value = zero ? F::constant({{1, 0, 0, 0}}) : value;
    link.product = chain;
    chain = F::mul(chain, link.value);
    return !zero;
  }

  void invert() {
    std::array<Element, kChains> products;
    products[0] = chains_[0];
    for (std::size_t i = 1; i < kChains; ++i) products[i] = F::mul(products[i - 1], chains_[i]);
    Element inverse = curve::invert_mod_p(F::normalize(products[kChains - 1]));
    for (std::size_t i = kChains; i-- > 1;) {
      const Element chain = chains_[i];
      chains_[i] = F::mul(inverse, products[i - 1]);
      inverse = F::mul(inverse, chain);
    }
    chains_[0] = inverse;
  }

  /// The inverse of the value pushed last. REQUIRES: invert() was called, values are left.
  Element pop() {
    const Link& link = links_[--count_];
    Element& chain = chains_[count_ % kChains];
    const Element inverse = F::mul(chain, link.product);
    chain = F::mul(chain, link.value);
    return inverse;
  }

 private:
  static constexpr std::size_t kChains = 4;
  struct Link {
    Element value;
    Element product;  ///< of all earlier values of the same chain
  };
  std::vector<Link> links_;
  std::array<Element, kChains> chains_;
  std::size_t count_ = 0;
};

}  // namespace buri::accel::scalar
