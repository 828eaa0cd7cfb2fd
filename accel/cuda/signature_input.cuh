#pragma once

#include "accel/cuda/point.cuh"
#include "accel/curve/comb.hpp"
#include "accel/curve/order.hpp"
#include "accel/signature.hpp"

/// From the bytes of a request to points and multipliers: range rules, decompression, the scalars
/// of the final sum. One item at a time; what is shared by a block lies in the kernels.

namespace buri::accel::cuda {

/// A verdict as it travels: a SignatureStatus, or kUndecided for an item whose computation met an
/// exceptional addition and which the host decides.
using Verdict = std::uint8_t;
inline constexpr Verdict kUndecided = 0xff;

BURI_HOST_DEVICE constexpr Verdict verdict(SignatureStatus status) {
  return static_cast<Verdict>(status);
}
inline constexpr Verdict kVerdictOk = 0;
static_assert(kVerdictOk == static_cast<Verdict>(SignatureStatus::kOk));

/// 32 big-endian bytes as they stand in memory.
struct alignas(16) BigEndian256 {
  std::uint32_t words[8];
};

BURI_HOST_DEVICE inline curve::Uint256 load(const BigEndian256& source) {
  curve::Uint256 value{};
#pragma unroll
  for (unsigned i = 0; i < 4; ++i)
    value.limb[i] = byte_swap(source.words[7 - 2 * i]) |
                    static_cast<std::uint64_t>(byte_swap(source.words[6 - 2 * i])) << 32;
  return value;
}

/// A digest with its signature, as numbers; the digest is not reduced.
struct Signature {
  curve::Uint256 digest;
  curve::Uint256 r;
  curve::Uint256 s;
};

BURI_HOST_DEVICE inline bool in_range(const curve::Uint256& scalar) {
  return !curve::is_zero(scalar) && curve::less(scalar, curve::group_order());
}

/// kOk, kBadRange or kHighS.
BURI_HOST_DEVICE inline Verdict check_scalars(const Signature& signature, bool low_s) {
  if (!in_range(signature.r) || !in_range(signature.s)) return verdict(SignatureStatus::kBadRange);
  if (low_s && curve::less(curve::half_order(), signature.s))
    return verdict(SignatureStatus::kHighS);
  return kVerdictOk;
}

/// The point with this x whose y is odd or even as asked; false if there is none. x < p.
BURI_HOST_DEVICE inline bool lift_x(const curve::Uint256& x, bool odd, Affine& point) {
  using F = DeviceField;
  point.x = F::constant(x);
  const FieldElement square = curve::curve_right_side<F>(point.x);
  const FieldElement root = F::normalize(curve::square_root<F>(square));
  const FieldElement other = F::normalize(field_sub(F::constant({{0, 0, 0, 0}}), root));
  point.y = F::select(F::is_odd(root) == odd, root, other);
  return F::is_zero(field_sub(F::sqr(root), square));
}

/// The point R of a signature (SEC 1 v2, 4.1.6 step 1); kOk or kNotOnCurve.
BURI_HOST_DEVICE inline Verdict lift_r(const curve::Uint256& r, unsigned recovery_id,
                                       Affine& point) {
  curve::Uint256 x = r;
  bool possible = true;
  if ((recovery_id & 2) != 0) {
    possible = curve::less(r, curve::prime_minus_order());
    curve::Uint256 above{};
    curve::add_carry(r, curve::group_order(), above);
    x = curve::select(possible, above, r);
  }
  const bool on_curve = lift_x(x, (recovery_id & 1) != 0, point);
  return possible && on_curve ? kVerdictOk : verdict(SignatureStatus::kNotOnCurve);
}

/// How a serialized key has to be read; the host looks at its length and first byte.
enum class KeyForm : std::uint8_t { kBadLength, kBadPrefix, kEven, kOdd, kUncompressed };

/// kOk, kBadLength or kNotOnCurve.
BURI_HOST_DEVICE inline Verdict decode_key(KeyForm form, const curve::Uint256& x,
                                           const curve::Uint256& y, Affine& point) {
  using F = DeviceField;
  if (form == KeyForm::kBadLength) return verdict(SignatureStatus::kBadLength);
  const Verdict bad = verdict(SignatureStatus::kNotOnCurve);
  if (form == KeyForm::kBadPrefix || !curve::less(x, curve::field_prime())) return bad;
  if (form != KeyForm::kUncompressed)
    return lift_x(x, form == KeyForm::kOdd, point) ? kVerdictOk : bad;
  if (!curve::less(y, curve::field_prime())) return bad;
  point = {F::constant(x), F::constant(y)};
  const FieldElement off = field_sub(F::sqr(point.y), curve::curve_right_side<F>(point.x));
  return F::is_zero(off) ? kVerdictOk : bad;
}

/// A stand-in for items that are already refused: the generator.
BURI_HOST_DEVICE inline Affine generator() {
  return {DeviceField::constant(curve::generator_x()), DeviceField::constant(curve::generator_y())};
}

/// The digits of the four short multipliers of a sum u1 * G + u2 * Q.
struct SumDigits {
  curve::OddDigits generator[2];
  curve::OddDigits point[2];
};

/// `point_bits` is the kBits of the table of Q.
BURI_HOST_DEVICE inline SumDigits recode(const curve::Uint256& u1, const curve::Uint256& u2,
                                         unsigned point_bits) {
  const curve::OddSplit g = curve::split_odd(u1);
  const curve::OddSplit q = curve::split_odd(u2);
  constexpr unsigned kBits = curve::GeneratorComb::kBits;
  return {{curve::OddDigits::of(g.first, kBits), curve::OddDigits::of(g.second, kBits)},
          {curve::OddDigits::of(q.first, point_bits), curve::OddDigits::of(q.second, point_bits)}};
}

/// Recovery: Q = -(z / r) G + (s / r) R.
BURI_HOST_DEVICE inline SumDigits recover_digits(const Signature& signature,
                                                 const curve::Uint256& r_inverse,
                                                 unsigned point_bits) {
  const curve::Uint256 z = curve::reduce_mod_n(signature.digest);
  return recode(curve::negate_mod_n(curve::mul_mod_n(z, r_inverse)),
                curve::mul_mod_n(signature.s, r_inverse), point_bits);
}

/// Verification: (z / s) G + (r / s) Q.
BURI_HOST_DEVICE inline SumDigits verify_digits(const Signature& signature,
                                                const curve::Uint256& s_inverse,
                                                unsigned point_bits) {
  const curve::Uint256 z = curve::reduce_mod_n(signature.digest);
  return recode(curve::mul_mod_n(z, s_inverse), curve::mul_mod_n(signature.r, s_inverse),
                point_bits);
}

}  // namespace buri::accel::cuda
