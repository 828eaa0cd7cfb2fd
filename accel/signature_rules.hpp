#pragma once

#include "accel/curve/order.hpp"
#include "accel/signature.hpp"

/// The rules on r, s and the recovery id that need no curve arithmetic, and the order in which
/// broken rules are reported: shared by every backend so that their statuses cannot differ.

namespace buri::accel {

/// The numbers of a signature: 0 < r, s < n; digest reduced mod n (SEC 1 v2, 4.1.4: the leftmost
/// 256 bits of the hash).
struct SignatureNumbers {
  curve::Uint256 digest;
  curve::Uint256 r;
  curve::Uint256 s;
};

/// Reads and checks a signature: kOk, kBadRange or kHighS. `numbers` is set in every case.
inline SignatureStatus read_signature(const SignedDigest& signature, LowS low_s,
                                      SignatureNumbers& numbers) {
  numbers.digest = curve::reduce_mod_n(curve::from_big_endian(signature.digest.data()));
  numbers.r = curve::from_big_endian(signature.r.data());
  numbers.s = curve::from_big_endian(signature.s.data());
  const auto in_range = [](const curve::Uint256& value) {
    return !is_zero(value) && less(value, curve::group_order());
  };
  if (!in_range(numbers.r) || !in_range(numbers.s)) return SignatureStatus::kBadRange;
  if (low_s == LowS::kRequired && less(curve::half_order(), numbers.s)) {
    return SignatureStatus::kHighS;
  }
  return SignatureStatus::kOk;
}

/// As read_signature, with the recovery id's range, and `x` set to the x-coordinate that r and bit
/// 1 of the id stand for. kNotOnCurve when r + n is no field element.
inline SignatureStatus read_recovery(const RecoverRequest& request, LowS low_s,
                                     SignatureNumbers& numbers, curve::Uint256& x) {
  const SignatureStatus status = read_signature(request.signature, low_s, numbers);
  if (request.recovery_id > 3) return SignatureStatus::kBadRange;
  if (status != SignatureStatus::kOk) return status;
  x = numbers.r;
  if ((request.recovery_id & 2) != 0) {
    if (!less(numbers.r, curve::prime_minus_order())) return SignatureStatus::kNotOnCurve;
    add_carry(numbers.r, curve::group_order(), x);
  }
  return SignatureStatus::kOk;
}

/// Which of a key's and a signature's statuses is reported: the length of the key first, then the
/// numbers, then the point.
inline SignatureStatus first_broken(SignatureStatus key, SignatureStatus numbers) {
  if (key == SignatureStatus::kBadLength) return key;
  return numbers != SignatureStatus::kOk ? numbers : key;
}

}  // namespace buri::accel
