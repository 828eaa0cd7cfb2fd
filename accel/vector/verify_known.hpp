#pragma once

#include "accel/vector/tile.hpp"

/// Verifies a batch under keys with tables, tile by tile: u1 * G + u2 * Q is a sum of table rows,
/// no doubling at all.

namespace buri::accel::vector {

/// Points of each half of the two splits; the second half's sum goes through the endomorphism.
inline constexpr unsigned kHalfPoints = curve::KeyComb::kWindows + curve::GeneratorComb::kWindows;

template <class L>
struct alignas(64) KnownKeyGroup {
  LaneMask exceptions;
  AffinePoint<L> points[2 * kHalfPoints];
};

/// What a tile of known-key verification works in.
template <class L>
struct KnownKeyScratch {
  KnownKeyGroup<L> groups[kTileGroups<L>];
  Element<L> products[kTileGroups<L> * kHalfPoints];
  Addition<L> additions[kTileGroups<L> * kHalfPoints];

  AdditionList<L> list() { return {additions, products, kTileGroups<L> * kHalfPoints}; }
};

namespace detail {

/// Addresses of the rows of each lane's key.
template <class L>
L key_tables(const KernelKeys& keys, const RequestView<L>& requests, unsigned group) {
  const void* rows[L::kCount];
  requests.addresses(group, sizeof(SignedDigest), rows);
  alignas(64) std::uint64_t tables[L::kCount];
  for (unsigned lane = 0; lane < L::kCount; ++lane) {
    const auto* request = static_cast<const std::uint8_t*>(rows[lane]) - sizeof(SignedDigest);
    std::uint32_t index;
    __builtin_memcpy(&index, request + offsetof(KnownKeyRequest, key_index), sizeof index);
    const std::size_t key = index < keys.count ? index : 0;
    tables[lane] = reinterpret_cast<std::uintptr_t>(keys.rows) + key * keys.key_stride;
  }
  return L::load(tables);
}

/// Finds the rows of u1 * G and u2 * Q of a group: the first halves, then the second halves.
template <class L>
void find_rows(const KernelContext& context, L tables, const OrderElement<L>& u1,
               const OrderElement<L>& u2, RowAddresses<L>* addresses) {
  const L generator = L::splat(reinterpret_cast<std::uintptr_t>(context.generator_rows));
  const LaneSplit<L> key_split = split_odd(u2, curve::KeyComb::kBits);
  const LaneSplit<L> generator_split = split_odd(u1, curve::GeneratorComb::kBits);
  constexpr unsigned kKeyWindows = curve::KeyComb::kWindows;
  RowAddresses<L>* second = addresses + kHalfPoints;
  find_comb_rows<curve::KeyComb>(key_split.first, tables, 0, addresses);
  find_comb_rows<curve::KeyComb>(key_split.second, tables, 0, second);
  find_comb_rows<curve::GeneratorComb>(generator_split.first, generator, 0,
                                       addresses + kKeyWindows);
  find_comb_rows<curve::GeneratorComb>(generator_split.second, generator, 0, second + kKeyWindows);
}

/// Adds up the points of every group, leaving the sums in points[0].
template <class L>
void add_up(KnownKeyGroup<L>* groups, unsigned count, AdditionList<L>& list) {
  for (unsigned left = kHalfPoints; left > 1; left = next_level(left)) {
    for (unsigned g = 0; g < count; ++g) {
      push_level(list, groups[g].points, left, &groups[g].exceptions);
      push_level(list, groups[g].points + kHalfPoints, left, &groups[g].exceptions);
    }
    list.run();
  }
  for (unsigned g = 0; g < count; ++g) {
    AffinePoint<L>* points = groups[g].points;
    apply_endomorphism(points[kHalfPoints]);
    list.push(points, points, points + kHalfPoints, &groups[g].exceptions);
  }
  list.run();
}

/// Lanes in which x is r modulo n.
template <class L>
LaneMask has_x(const Element<L>& x, const Element<L>& r) {
  const LaneMask direct = is_equal(x, r);
  const LaneMask wraps = is_below(r, kPrimeMinusOrder);
  if (wraps == 0) [[likely]]
    return direct;
  return direct | (wraps & is_equal(x, plus_order(r)));
}

template <class L>
void verify_known_tile(const KernelContext& context, const KernelKeys& keys,
                       const RequestView<L>& requests, SignatureStatus* results) {
  KnownKeyScratch<L>& scratch = *static_cast<KnownKeyScratch<L>*>(context.scratch);
  KnownKeyGroup<L>* groups = scratch.groups;
  const unsigned count = requests.groups();
  SignatureLanes<L> signatures[kTileGroups<L>];
  OrderElement<L> s[kTileGroups<L>];
  OrderElement<L> inverses[kTileGroups<L>];
  for (unsigned g = 0; g < count; ++g) {
    signatures[g] = load_signatures(requests, g);
    s[g] = signatures[g].s;
    groups[g].exceptions = 0;
  }
  invert_all(s, inverses, count);
  // One group's rows are fetched while those of the group before are loaded.
  RowAddresses<L> addresses[2][2 * kHalfPoints];
  for (unsigned g = 0; g <= count; ++g) {
    if (g < count) {
      find_rows(context, key_tables(keys, requests, g), multiply(inverses[g], signatures[g].digest),
                multiply(inverses[g], signatures[g].r), addresses[g % 2]);
    }
    for (unsigned i = 0; i < 2 * kHalfPoints; ++i) {
      if (g < count) addresses[g % 2][i].prefetch();
      if (g > 0) groups[g - 1].points[i] = addresses[(g - 1) % 2][i].load();
    }
  }
  AdditionList<L> list = scratch.list();
  add_up(groups, count, list);
  for (unsigned g = 0; g < count; ++g) {
    StatusLanes<L> status{};
    status.set(SignatureStatus::kBadRange, signatures[g].bad_range);
    if (context.low_s == LowS::kRequired) status.set(SignatureStatus::kHighS, signatures[g].high_s);
    store_verdicts(requests, g, status, groups[g].exceptions,
                   has_x(groups[g].points[0].x, as_limbs(signatures[g].r)), results);
  }
}

}  // namespace detail

/// Kernels::verify_known.
template <class L>
[[gnu::noinline]] void verify_known(const KernelContext& context, const KernelKeys& keys,
                                    const KnownKeyRequest* requests, std::size_t count,
                                    SignatureStatus* results) {
  for (std::size_t done = 0; done < count; done += kTileSignatures) {
    detail::verify_known_tile(context, keys, view_tile<L>(requests + done, count - done),
                              results + done);
  }
}

}  // namespace buri::accel::vector
