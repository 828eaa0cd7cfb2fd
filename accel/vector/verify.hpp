#pragma once

#include "accel/vector/root.hpp"
#include "accel/vector/tile.hpp"

/// Verifies a batch under keys met for the first time, tile by tile.

namespace buri::accel::vector {

namespace detail {

inline constexpr std::uint8_t kEvenKey = 2;  // SEC 1 v2, 2.3.3
inline constexpr std::uint8_t kOddKey = 3;
inline constexpr std::uint8_t kUncompressedKey = 4;
inline constexpr std::size_t kKeyOffset = sizeof(SignedDigest);
inline constexpr std::size_t kLengthOffset = kKeyOffset + sizeof(PublicKey) - 1;

/// How the keys of a group are encoded.
struct KeyForms {
  LaneMask bad_length = 0;
  LaneMask bad_form = 0;
  LaneMask compressed = 0;
  LaneMask odd = 0;
};

template <class L>
KeyForms read_forms(const RequestView<L>& requests, unsigned group) {
  static_assert(offsetof(PublicKey, length) == sizeof(PublicKey) - 1);
  const void* rows[L::kCount];
  requests.addresses(group, 0, rows);
  KeyForms forms;
  for (unsigned lane = 0; lane < L::kCount; ++lane) {
    const auto* request = static_cast<const std::uint8_t*>(rows[lane]);
    const unsigned length = request[kLengthOffset];
    const unsigned prefix = request[kKeyOffset];
    const auto bit = static_cast<LaneMask>(1u << lane);
    if (length == 65) {
      if (prefix != kUncompressedKey) forms.bad_form |= bit;
    } else if (length == 33) {
      forms.compressed |= bit;
      if (prefix == kOddKey) forms.odd |= bit;
      if (prefix != kEvenKey && prefix != kOddKey) forms.bad_form |= bit;
    } else {
      forms.bad_length |= bit;
    }
  }
  return forms;
}

/// Decodes the keys of a group; lanes that do not decode get the generator and a status.
template <class L>
AffinePoint<L> load_keys(const RequestView<L>& requests, unsigned group, const KeyForms& forms,
                         StatusLanes<L>& status) {
  const void* rows[L::kCount];
  requests.addresses(group, kKeyOffset + 1, rows);
  const NumberPair<L> key = load_big_endian<L>(rows);
  const Element<L> square_of_y = curve_square(key.first);
  Element<L> y = key.second;
  LaneMask bad = forms.bad_form | other_lanes<L>(is_below(key.first, kFieldPrime)) |
                 other_lanes<L>(is_below(y, kFieldPrime) | forms.compressed);
  if (forms.compressed != 0) {
    Element<L> root = square_of_y;
    square_roots(&root, 1);
    const auto wrong_sign = static_cast<LaneMask>(is_odd(root) ^ forms.odd);
    y = select(forms.compressed, select(wrong_sign, negate(root), root), y);
  }
  bad |= other_lanes<L>(is_equal(square(y), square_of_y));
  bad |= forms.bad_length;
  status.set(SignatureStatus::kNotOnCurve, bad);
  return {select(bad, splat_element<L>(kGeneratorX), key.first),
          widen(select(bad, splat_element<L>(kGeneratorY), y))};
}

/// Lanes in which the x of `point` is r modulo n. No inversion: x z^-2 = r is x = r z^2.
template <class L>
LaneMask matches(const JacobianPoint<L>& point, const Element<L>& r) {
  const Element<L> zz = square(point.z);
  const LaneMask direct = is_equal(point.x, multiply(r, zz));
  const LaneMask wraps = is_below(r, kPrimeMinusOrder);
  if (wraps == 0) [[likely]]
    return direct;
  return direct | (wraps & is_equal(point.x, multiply(plus_order(r), zz)));
}

template <class L>
void verify_tile(const KernelContext& context, const RequestView<L>& requests,
                 SignatureStatus* results) {
  LadderScratch<L>& scratch = *static_cast<LadderScratch<L>*>(context.scratch);
  LadderGroup<L>* groups = scratch.groups;
  const unsigned count = requests.groups();
  SignatureLanes<L> signatures[kTileGroups<L>];
  StatusLanes<L> status[kTileGroups<L>];
  OrderElement<L> s[kTileGroups<L>];
  OrderElement<L> inverses[kTileGroups<L>];
  for (unsigned g = 0; g < count; ++g) {
    signatures[g] = load_signatures(requests, g);
    s[g] = signatures[g].s;
    const KeyForms forms = read_forms(requests, g);
    status[g] = {};
    status[g].set(SignatureStatus::kBadLength, forms.bad_length);
    status[g].set(SignatureStatus::kBadRange, signatures[g].bad_range);
    if (context.low_s == LowS::kRequired) {
      status[g].set(SignatureStatus::kHighS, signatures[g].high_s);
    }
    groups[g].point = load_keys(requests, g, forms, status[g]);
  }
  invert_all(s, inverses, count);
  for (unsigned g = 0; g < count; ++g) {
    groups[g].u1 = multiply(inverses[g], signatures[g].digest);
    groups[g].u2 = multiply(inverses[g], signatures[g].r);
    groups[g].negate_u1 = 0;
    groups[g].exceptions = 0;
  }
  AdditionList<L> list = scratch.list();
  run_ladder(groups, count, context.generator_rows, list);
  for (unsigned g = 0; g < count; ++g) {
    const LaneMask exceptions = groups[g].exceptions | is_zero(groups[g].result.z);
    store_verdicts(requests, g, status[g], exceptions,
                   matches(groups[g].result, as_limbs(signatures[g].r)), results);
  }
}

}  // namespace detail

/// Kernels::verify.
template <class L>
[[gnu::noinline]] void verify(const KernelContext& context, const VerifyRequest* requests,
                              std::size_t count, SignatureStatus* results) {
  for (std::size_t done = 0; done < count; done += kTileSignatures) {
    detail::verify_tile(context, view_tile<L>(requests + done, count - done), results + done);
  }
}

}  // namespace buri::accel::vector
