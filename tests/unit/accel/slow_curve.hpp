#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <optional>

#include "accel/signature.hpp"

/// ECDSA over secp256k1 by the book (SEC 1 v2, 4.1.4 and 4.1.6) on Boost's integers: affine
/// coordinates, one bit at a time, one inversion an addition. Shares no code and no trick with
/// accel/, and tells why a signature fails, which libsecp256k1 does not.

namespace buri::accel::slow {

using Integer = boost::multiprecision::cpp_int;

/// A point of the curve; no value is infinity.
struct Coordinates {
  Integer x;
  Integer y;
  friend bool operator==(const Coordinates&, const Coordinates&) = default;
};
using Point = std::optional<Coordinates>;

const Integer& field_prime();
const Integer& group_order();
Point generator();

Integer to_integer(ByteView big_endian);
/// 32 bytes big-endian. REQUIRES: 0 <= value < 2^256.
Hash256 to_bytes(const Integer& value);

Point add(const Point& p, const Point& q);
Point multiply(Integer k, Point p);
/// The point with this x and that parity of y, if there is one.
Point lift_x(const Integer& x, bool odd);

/// What a backend must answer. The address is left zero.
RecoverResult recover(const RecoverRequest& request, LowS low_s);
SignatureStatus verify(const VerifyRequest& request, LowS low_s);

}  // namespace buri::accel::slow
