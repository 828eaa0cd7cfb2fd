#include "accel/avx512/inverse.hpp"
#include "accel/avx512/root.hpp"
#include "accel/avx512/tile.hpp"

namespace buri::accel::avx512 {

namespace {

/// The point R of a group while its y is being found.
struct Candidate {
  OrderElement digest;
  OrderElement r;
  OrderElement s;
  Element x;
  Element square;  ///< x^3 + 7
  LaneMask odd;    ///< lanes that want an odd y
  StatusLanes status;
};

/// Applies the range rules and finds the x of R, one lane per request.
Candidate load_candidate(const RequestView& requests, unsigned group, LowS low_s) {
  const SignatureLanes signature = load_signatures(requests, group);
  const void* rows[kLanes];
  requests.addresses(group, sizeof(SignedDigest), rows);
  LaneMask odd = 0;
  LaneMask second = 0;
  LaneMask bad_id = 0;
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const unsigned id = *static_cast<const std::uint8_t*>(rows[lane]);
    odd = static_cast<LaneMask>(odd | (id & 1) << lane);
    second = static_cast<LaneMask>(second | (id >> 1 & 1) << lane);
    bad_id = static_cast<LaneMask>(bad_id | (id > 3 ? 1u : 0u) << lane);
  }
  Candidate result{signature.digest, signature.r, signature.s, {}, {}, odd, {}};
  result.status.set(SignatureStatus::kBadRange, signature.bad_range | bad_id);
  if (low_s == LowS::kRequired) result.status.set(SignatureStatus::kHighS, signature.high_s);
  const Element r = as_limbs(signature.r);
  result.status.set(SignatureStatus::kNotOnCurve,
                    static_cast<LaneMask>(second & ~is_below(r, kPrimeMinusOrder)));
  result.x = select(second, plus_order(r), r);
  result.square = curve_square(result.x);
  return result;
}

/// R itself, given the root of its square; the generator where there is none.
AffinePoint choose_point(Candidate& candidate, const Element& root) {
  const auto missing = static_cast<LaneMask>(~is_equal(square(root), candidate.square));
  candidate.status.set(SignatureStatus::kNotOnCurve, missing);
  const auto wrong_sign = static_cast<LaneMask>(is_odd(root) ^ candidate.odd);
  AffinePoint point{candidate.x, widen(select(wrong_sign, negate(root), root))};
  if (missing != 0) {
    point.x = select(missing, splat_element(kGeneratorX), point.x);
    point.y = select(missing, widen(splat_element(kGeneratorY)), point.y);
  }
  return point;
}

/// Writes x and y of each lane as 64 big-endian bytes.
void store_key(const Element& x, const Element& y, std::uint64_t (&keys)[kLanes][kLanes]) {
  Lanes little[kLanes];
  to_words(normalize(x), little);
  to_words(normalize(y), little + 4);
  const Lanes reverse_bytes =
      _mm512_broadcast_i32x4(_mm_setr_epi8(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8));
  Lanes big[kLanes];
  for (int i = 0; i < 4; ++i) {
    big[i] = _mm512_shuffle_epi8(little[3 - i], reverse_bytes);
    big[4 + i] = _mm512_shuffle_epi8(little[7 - i], reverse_bytes);
  }
  store_transposed(big, keys[0]);
}

/// 1 / (2 z) of every group; lanes with z = 0 are exceptions.
void invert_heights(LadderGroup* groups, Element* inverses, unsigned count) {
  Element products[kTileGroups + 1];
  products[0] = one_element();
  for (unsigned g = 0; g < count; ++g) {
    Element& z = groups[g].result.z;
    const LaneMask vanished = is_zero(z);
    groups[g].exceptions |= vanished;
    z = select(vanished, one_element(), z);
    inverses[g] = carry(scale<1>(widen(z)));
    products[g + 1] = multiply(products[g], inverses[g]);
  }
  Element rest = invert(products[count]);
  for (unsigned g = count; g > 0; --g) {
    const Element own = multiply(rest, products[g - 1]);
    rest = multiply(rest, inverses[g - 1]);
    inverses[g - 1] = own;
  }
}

void store_results(const RequestView& requests, unsigned group, const LadderGroup& ladder,
                   const StatusLanes& status, const Element& half_inverse, RecoverResult* results) {
  // x / z^2 and y2 / (2 z^3) from w = 1 / (2 z): 4 w^2 x and 4 w^3 y2.
  const Element four_ww = carry(scale<2>(square_wide(half_inverse)));
  const Element x = multiply(ladder.result.x, four_ww);
  const Element y = multiply(ladder.result.y2, multiply(four_ww, half_inverse));
  alignas(64) std::uint64_t keys[kLanes][kLanes];
  store_key(x, y, keys);
  for (unsigned lane = 0; lane < kLanes; ++lane) {
    const unsigned index = group * kLanes + lane;
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

void recover_tile(const KernelContext& context, const RequestView& requests,
                  RecoverResult* results) {
  LadderScratch& scratch = *static_cast<LadderScratch*>(context.scratch);
  LadderGroup* groups = scratch.groups;
  const unsigned count = requests.groups();
  Candidate candidates[kTileGroups];
  Element roots[kTileGroups];
  OrderElement r[kTileGroups];
  OrderElement inverses[kTileGroups];
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
    groups[g].negate_u1 = 0xff;
    groups[g].exceptions = 0;
  }
  AdditionList list = scratch.list();
  run_ladder(groups, count, context.generator_rows, list);
  Element half_inverses[kTileGroups];
  invert_heights(groups, half_inverses, count);
  for (unsigned g = 0; g < count; ++g) {
    store_results(requests, g, groups[g], candidates[g].status, half_inverses[g], results);
  }
}

}  // namespace

void recover(const KernelContext& context, const RecoverRequest* requests, std::size_t count,
             RecoverResult* results) {
  for (std::size_t done = 0; done < count; done += kTileSignatures) {
    recover_tile(context, view_tile(requests + done, count - done), results + done);
  }
}

}  // namespace buri::accel::avx512
