#pragma once

#include "accel/signature.hpp"
#include "accel/vector/kernels.hpp"
#include "accel/vector/ladder.hpp"

/// Memory and bookkeeping of one tile.

namespace buri::accel::vector {

/// The generator, with which lanes that failed a rule go on as dummies.
inline constexpr std::uint64_t kGeneratorX[5] = {0x2815b16f81798, 0xdb2dce28d959f, 0xe870b07029bfc,
                                                 0xbbac55a06295c, 0x79be667ef9dc};
inline constexpr std::uint64_t kGeneratorY[5] = {0x7d08ffb10d4b8, 0x48a68554199c4, 0xe1108a8fd17b4,
                                                 0xc4655da4fbfc0, 0x483ada7726a3};

/// p - n: an r below it may stand for the x-coordinate r + n.
inline constexpr std::uint64_t kPrimeMinusOrder[5] = {0xda1722fc9baee, 0x1950b75fc4402, 0x1455123,
                                                      0, 0};

/// r + n as a field element.
template <class L>
[[gnu::always_inline]] inline Element<L> plus_order(const Element<L>& r) {
  return carry(widen(r) + widen(splat_element<L>(kOrder)));
}

/// The verdicts of a group, all kOk at first.
template <class L>
struct StatusLanes {
  SignatureStatus value[L::kCount];

  /// Gives `status` to the lanes of `mask` that have no earlier one.
  void set(SignatureStatus status, LaneMask mask) {
    if (mask == 0) return;
    for (unsigned lane = 0; lane < L::kCount; ++lane) {
      if ((mask >> lane & 1) != 0 && value[lane] == SignatureStatus::kOk) value[lane] = status;
    }
  }
};

/// Final verdicts of group `group`: the status of each lane, or else kUndecided in `exceptions`, or
/// else kMismatch outside of `matches`.
template <class L>
inline void store_verdicts(const RequestView<L>& requests, unsigned group,
                           const StatusLanes<L>& status, LaneMask exceptions, LaneMask matches,
                           SignatureStatus* results) {
  StatusLanes<L> verdicts = status;
  verdicts.set(kUndecided, exceptions);
  verdicts.set(SignatureStatus::kMismatch, other_lanes<L>(matches));
  for (unsigned lane = 0; lane < L::kCount && group * L::kCount + lane < requests.count; ++lane) {
    results[group * L::kCount + lane] = verdicts.value[lane];
  }
}

/// What a ladder tile works in.
template <class L>
struct LadderScratch {
  LadderGroup<L> groups[kTileGroups<L>];
  Element<L> products[kTileGroups<L> * kLadderAdditions];
  Addition<L> additions[kTileGroups<L> * kLadderAdditions];

  AdditionList<L> list() { return {additions, products, kTileGroups<L> * kLadderAdditions}; }
};

/// The first tile of `left` requests.
template <class L, class Request>
RequestView<L> view_tile(const Request* requests, std::size_t left) {
  return {reinterpret_cast<const std::uint8_t*>(requests), sizeof(Request),
          left < kTileSignatures ? static_cast<unsigned>(left) : kTileSignatures};
}

}  // namespace buri::accel::vector
