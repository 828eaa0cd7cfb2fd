#pragma once

#include "accel/vector/root.hpp"
#include "accel/vector/tile.hpp"

/// Recovers the keys of a batch, tile by tile.

namespace buri::accel::vector {

namespace detail {

/// The point R of a group while its y is being found.
template <class L>
struct Candidate {
  OrderElement<L> digest;
  OrderElement<L> r;
  OrderElement<L> s;
  Element<L> x;
  Element<L> square;  ///< x^3 + 7
  LaneMask odd;       ///< lanes that want an odd y
  StatusLanes<L> status;
};

/// Applies the range rules and finds the x of R, one lane per request.
template <class L>
Candidate<L> load_candidate(const RequestView<L>& requests, unsigned group, LowS low_s) {
  const SignatureLanes<L> signature = load_signatures(requests, group);
  const void* rows[L::kCount];
  requests.addresses(group, sizeof(SignedDigest), rows);
  LaneMask odd = 0;
  LaneMask second = 0;
  LaneMask bad_id = 0;
  for (unsigned lane = 0; lane < L::kCount; ++lane) {
    const unsigned id = *static_cast<const std::uint8_t*>(rows[lane]);
    odd = static_cast<LaneMask>(odd | (id & 1) << lane);
    second = static_cast<LaneMask>(second | (id >> 1 & 1) << lane);
    bad_id = static_cast<LaneMask>(bad_id | (id > 3 ? 1u : 0u) << lane);
  }
  Candidate<L> result{signature.digest, signature.r, signature.s, {}, {}, odd, {}};
  result.status.set(SignatureStatus::kBadRange,
                    static_cast<LaneMask>(signature.bad_range | bad_id));
  if (low_s == LowS::kRequired) result.status.set(SignatureStatus::kHighS, signature.high_s);
  const Element<L> r = as_limbs(signature.r);
  result.status.set(SignatureStatus::kNotOnCurve,
                    static_cast<LaneMask>(second & other_lanes<L>(is_below(r, kPrimeMinusOrder))));
  result.x = select(second, plus_order(r), r);
  result.square = curve_square(result.x);
  return result;
}

/// R itself, given the root of its square; the generator where there is none.
template <class L>
AffinePoint<L> choose_point(Candidate<L>& candidate, const Element<L>& root) {
  const LaneMask missing = other_lanes<L>(is_equal(square(root), candidate.square));
  candidate.status.set(SignatureStatus::kNotOnCurve, missing);
  const auto wrong_sign = static_cast<LaneMask>(is_odd(root) ^ candidate.odd);
  AffinePoint<L> point{candidate.x, widen(select(wrong_sign, negate(root), root))};
  if (missing != 0) {
    point.x = select(missing, splat_element<L>(kGeneratorX), point.x);
    point.y = select(missing, widen(splat_element<L>(kGeneratorY)), point.y);
  }
  return point;
}

/// Writes x and y of each lane as 64 big-endian bytes.
template <class L>
void store_key(const Element<L>& x, const Element<L>& y, std::uint8_t (&keys)[L::kCount][64]) {
  L little[8];
  to_words(normalize(x), little);
  to_words(normalize(y), little + 4);
  L big[8];
  for (int i = 0; i < 4; ++i) {
    big[i] = reverse_bytes(little[3 - i]);
    big[4 + i] = reverse_bytes(little[7 - i]);
  }
  store_transposed(big, keys[0], 64);
}

/// 1 / (2 z) of every group; lanes with z = 0 are exceptions.
template <class L>
void invert_heights(LadderGroup<L>* groups, Element<L>* inverses, unsigned count) {
  Element<L> products[kTileGroups<L> + 1];
  products[0] = one_element<L>();
  for (unsigned g = 0; g < count; ++g) {
    Element<L>& z = groups[g].result.z;
    const LaneMask vanished = is_zero(z);
    groups[g].exceptions |= vanished;
    z = select(vanished, one_element<L>(), z);
    inverses[g] = carry(scale<1>(widen(z)));
    products[g + 1] = multiply(products[g], inverses[g]);
  }
  Element<L> rest = invert(products[count]);
  for (unsigned g = count; g > 0; --g) {
    const Element<L> own = multiply(rest, products[g - 1]);
    rest = multiply(rest, inverses[g - 1]);
    inverses[g - 1] = own;
  }
}

template <class L>
void store_results(const RequestView<L>& requests, unsigned group, const LadderGroup<L>& ladder,
                   const StatusLanes<L>& status, const Element<L>& half_inverse,
                   RecoverResult* results) {
  // x / z^2 and y2 / (2 z^3) from w = 1 / (2 z): 4 w^2 x and 4 w^3 y2.
  const Element<L> four_ww = carry(scale<2>(square_wide(half_inverse)));
  const Element<L> x = multiply(ladder.result.x, four_ww);
  const Element<L> y = multiply(ladder.result.y2, multiply(four_ww, half_inverse));
  alignas(64) std::uint8_t keys[L::kCount][64];
  store_key(x, y, keys);
  for (unsigned lane = 0; lane < L::kCount; ++lane) {
    const unsigned index = group * L::kCount + lane;
    if (index >= requests.count) return;
    RecoverResult& result = results[index];
    result.status = status.value[lane];
    if (result.status == SignatureStatus::kOk && (ladder.exceptions >> lane & 1) != 0) {
      result.status = kUndecided;
    }
    if (result.status == SignatureStatus::kOk) {
      __builtin_memcpy(&result.public_key, keys[lane], 64);
    } else {
      __builtin_memset(&result.public_key, 0, 64);
    }
  }
}

template <class L>
void recover_tile(const KernelContext& context, const RequestView<L>& requests,
                  RecoverResult* results) {
  LadderScratch<L>& scratch = *static_cast<LadderScratch<L>*>(context.scratch);
  LadderGroup<L>* groups = scratch.groups;
  const unsigned count = requests.groups();
  Candidate<L> candidates[kTileGroups<L>];
  Element<L> roots[kTileGroups<L>];
  OrderElement<L> r[kTileGroups<L>];
  OrderElement<L> inverses[kTileGroups<L>];
  for (unsigned g = 0; g < count; ++g) {
    candidates[g] = load_candidate(requests, g, context.low_s);
    roots[g] = candidates[g].square;
    r[g] = candidates[g].r;
  }
  square_roots(roots, count);
  invert_all(r, inverses, count);
  for (unsigned g = 0; g < count; ++g) {
    // Q = (s R - digest G) / r.
    groups[g].point = choose_point(candidates[g], roots[g]);
    groups[g].u1 = multiply(inverses[g], candidates[g].digest);
    groups[g].u2 = multiply(inverses[g], candidates[g].s);
    groups[g].negate_u1 = kAllLanes<L>;
    groups[g].exceptions = 0;
  }
  AdditionList<L> list = scratch.list();
  run_ladder(groups, count, context.generator_rows, list);
  Element<L> half_inverses[kTileGroups<L>];
  invert_heights(groups, half_inverses, count);
  for (unsigned g = 0; g < count; ++g) {
    store_results(requests, g, groups[g], candidates[g].status, half_inverses[g], results);
  }
}

}  // namespace detail

/// Kernels::recover.
template <class L>
[[gnu::noinline]] void recover(const KernelContext& context, const RecoverRequest* requests,
                               std::size_t count, RecoverResult* results) {
  for (std::size_t done = 0; done < count; done += kTileSignatures) {
    detail::recover_tile(context, view_tile<L>(requests + done, count - done), results + done);
  }
}

}  // namespace buri::accel::vector
