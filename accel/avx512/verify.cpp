#include "accel/avx512/root.hpp"
#include "accel/avx512/tile.hpp"

namespace buri::accel::avx512 {

namespace {

constexpr std::uint8_t kEvenKey = 2;  // SEC 1 v2, 2.3.3
constexpr std::uint8_t kOddKey = 3;
constexpr std::uint8_t kUncompressedKey = 4;
constexpr std::size_t kKeyOffset = sizeof(SignedDigest);
constexpr std::size_t kLengthOffset = kKeyOffset + sizeof(PublicKey) - 1;

/// How the keys of a group are encoded.
struct KeyForms {
  LaneMask bad_length = 0;
  LaneMask bad_form = 0;
  LaneMask compressed = 0;
  LaneMask odd = 0;
};

KeyForms read_forms(const RequestView& requests, unsigned group) {
  static_assert(offsetof(PublicKey, length) == sizeof(PublicKey) - 1);
  const void* rows[kLanes];
  requests.addresses(group, 0, rows);
  KeyForms forms;
  for (unsigned lane = 0; lane < kLanes; ++lane) {
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
AffinePoint load_keys(const RequestView& requests, unsigned group, const KeyForms& forms,
                      StatusLanes& status) {
  const void* rows[kLanes];
  requests.addresses(group, kKeyOffset + 1, rows);
  const NumberPair key = load_big_endian(rows);
  const Element square_of_y = curve_square(key.first);
  Element y = key.second;
  LaneMask bad = forms.bad_form | static_cast<LaneMask>(~is_below(key.first, kFieldPrime)) |
                 static_cast<LaneMask>(~is_below(y, kFieldPrime) & ~forms.compressed);
  if (forms.compressed != 0) {
    Element root = square_of_y;
    square_roots(&root, 1);
    const auto wrong_sign = static_cast<LaneMask>(is_odd(root) ^ forms.odd);
    y = select(forms.compressed, select(wrong_sign, negate(root), root), y);
  }
  bad |= static_cast<LaneMask>(~is_equal(square(y), square_of_y));
  bad |= forms.bad_length;
  status.set(SignatureStatus::kNotOnCurve, bad);
  return {select(bad, splat_element(kGeneratorX), key.first),
          widen(select(bad, splat_element(kGeneratorY), y))};
}

/// Lanes in which the x of `point` is r modulo n. No inversion: x z^-2 = r is x = r z^2.
LaneMask matches(const JacobianPoint& point, const Element& r) {
  const Element zz = square(point.z);
  const LaneMask direct = is_equal(point.x, multiply(r, zz));
  const LaneMask wraps = is_below(r, kPrimeMinusOrder);
  if (wraps == 0) [[likely]]
    return direct;
  return direct | (wraps & is_equal(point.x, multiply(plus_order(r), zz)));
}

void verify_tile(const KernelContext& context, const RequestView& requests,
                 SignatureStatus* results) {
  LadderScratch& scratch = *static_cast<LadderScratch*>(context.scratch);
  LadderGroup* groups = scratch.groups;
  const unsigned count = requests.groups();
  SignatureLanes signatures[kTileGroups];
  StatusLanes status[kTileGroups];
  OrderElement s[kTileGroups];
  OrderElement inverses[kTileGroups];
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
  AdditionList list = scratch.list();
  run_ladder(groups, count, context.generator_rows, list);
  for (unsigned g = 0; g < count; ++g) {
    const LaneMask exceptions = groups[g].exceptions | is_zero(groups[g].result.z);
    store_verdicts(requests, g, status[g], exceptions,
                   matches(groups[g].result, as_limbs(signatures[g].r)), results);
  }
}

}  // namespace

void verify(const KernelContext& context, const VerifyRequest* requests, std::size_t count,
            SignatureStatus* results) {
  for (std::size_t done = 0; done < count; done += kTileSignatures) {
    verify_tile(context, view_tile(requests + done, count - done), results + done);
  }
}

}  // namespace buri::accel::avx512
