#pragma once

#include "accel/avx512/kernels.hpp"
#include "accel/avx512/ladder.hpp"
#include "accel/signature.hpp"

/// Memory and bookkeeping of one tile.

namespace buri::accel::avx512 {

/// The generator, with which lanes that failed a rule go on as dummies.
inline constexpr std::uint64_t kGeneratorX[5] = {0x2815b16f81798, 0xdb2dce28d959f, 0xe870b07029bfc,
                                                 0xbbac55a06295c, 0x79be667ef9dc};
inline constexpr std::uint64_t kGeneratorY[5] = {0x7d08ffb10d4b8, 0x48a68554199c4, 0xe1108a8fd17b4,
                                                 0xc4655da4fbfc0, 0x483ada7726a3};

/// p - n: an r below it may stand for the x-coordinate r + n.
inline constexpr std::uint64_t kPrimeMinusOrder[5] = {0xda1722fc9baee, 0x1950b75fc4402, 0x1455123,
                                                      0, 0};

/// r + n as a field element.
[[gnu::always_inline]] inline Element plus_order(const Element& r) {
  return carry(widen(r) + widen(splat_element(kOrder)));
}

/// The verdicts of a group, all kOk at first.
struct StatusLanes {
  SignatureStatus value[kLanes];

  /// Gives `status` to the lanes of `mask` that have no earlier one.
  void set(SignatureStatus status, unsigned mask) {
    if ((mask & 0xff) == 0) return;
    for (unsigned lane = 0; lane < kLanes; ++lane) {
      if ((mask >> lane & 1) != 0 && value[lane] == SignatureStatus::kOk) value[lane] = status;
    }
  }
};

/// Final verdicts of group `group`: the status of each lane, or else kUndecided in `exceptions`, or
/// else kMismatch outside of `matches`.
inline void store_verdicts(const RequestView& requests, unsigned group, const StatusLanes& status,
                           LaneMask exceptions, LaneMask matches, SignatureStatus* results) {
  StatusLanes verdicts = status;
  verdicts.set(kUndecided, exceptions);
  verdicts.set(SignatureStatus::kMismatch, static_cast<LaneMask>(~matches));
  for (unsigned lane = 0; lane < kLanes && group * kLanes + lane < requests.count; ++lane) {
    results[group * kLanes + lane] = verdicts.value[lane];
  }
}

/// What a ladder tile works in.
struct LadderScratch {
  LadderGroup groups[kTileGroups];
  Element products[kTileGroups * kLadderAdditions];
  Addition additions[kTileGroups * kLadderAdditions];

  AdditionList list() { return {additions, products, kTileGroups * kLadderAdditions}; }
};

/// The first tile of `left` requests.
template <class Request>
RequestView view_tile(const Request* requests, std::size_t left) {
  return {reinterpret_cast<const std::uint8_t*>(requests), sizeof(Request),
          left < kTileSignatures ? static_cast<unsigned>(left) : kTileSignatures};
}

}  // namespace buri::accel::avx512
