#pragma once

#include "accel/vector/recover.hpp"
#include "accel/vector/verify.hpp"
#include "accel/vector/verify_known.hpp"

namespace buri::accel::vector {

/// The operations over L, for the one unit that is compiled for its instructions.
template <class L>
constexpr Kernels make_kernels() {
  constexpr std::size_t kLadder = sizeof(LadderScratch<L>);
  constexpr std::size_t kKnown = sizeof(KnownKeyScratch<L>);
  return {kLadder > kKnown ? kLadder : kKnown, recover<L>, verify<L>, verify_known<L>};
}

}  // namespace buri::accel::vector
