#include "tests/unit/accel/slow_curve.hpp"

#include <algorithm>

namespace buri::accel::slow {
namespace {

Integer modulo(const Integer& value, const Integer& modulus) {
  const Integer rest = value % modulus;
  return rest < 0 ? rest + modulus : rest;
}

/// 1 / value by Fermat. REQUIRES: modulus prime.
Integer inverse(const Integer& value, const Integer& modulus) {
  return powm(modulo(value, modulus), Integer(modulus - 2), modulus);
}

bool in_range(const Integer& value) { return value > 0 && value < group_order(); }

SignatureStatus check_numbers(const SignedDigest& signature, LowS low_s) {
  const Integer s = to_integer(signature.s);
  if (!in_range(to_integer(signature.r)) || !in_range(s)) return SignatureStatus::kBadRange;
  if (low_s == LowS::kRequired && 2 * s > group_order()) return SignatureStatus::kHighS;
  return SignatureStatus::kOk;
}

Point decode(const PublicKey& key) {
  const ByteView bytes = key.view();
  const Integer x = to_integer(bytes.subspan(1, 32));
  if (bytes.size() == 33) {
    if ((bytes[0] != 2 && bytes[0] != 3) || x >= field_prime()) return std::nullopt;
    return lift_x(x, bytes[0] == 3);
  }
  const Integer y = to_integer(bytes.subspan(33, 32));
  if (bytes[0] != 4 || x >= field_prime() || y >= field_prime()) return std::nullopt;
  if (modulo(x * x * x + 7 - y * y, field_prime()) != 0) return std::nullopt;
  return Coordinates{x, y};
}

}  // namespace

const Integer& field_prime() {
  static const Integer p = (Integer(1) << 256) - (Integer(1) << 32) - 977;
  return p;
}
const Integer& group_order() {
  static const Integer n("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  return n;
}
Point generator() {
  return lift_x(Integer("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),
                false);
}

Integer to_integer(ByteView big_endian) {
  Integer value;
  for (const std::uint8_t byte : big_endian) value = (value << 8) + byte;
  return value;
}

Hash256 to_bytes(const Integer& value) {
  Hash256 bytes;
  Integer rest = value;
  for (std::size_t i = 32; i-- > 0; rest >>= 8) {
    bytes.bytes[i] = static_cast<std::uint8_t>(Integer(rest & 0xff));
  }
  return bytes;
}

Point add(const Point& p, const Point& q) {
  if (!p) return q;
  if (!q) return p;
  const Integer& prime = field_prime();
  if (p->x == q->x && modulo(p->y + q->y, prime) == 0) return std::nullopt;
  const Integer slope = p->x == q->x ? modulo(3 * p->x * p->x * inverse(2 * p->y, prime), prime)
                                     : modulo((q->y - p->y) * inverse(q->x - p->x, prime), prime);
  const Integer x = modulo(slope * slope - p->x - q->x, prime);
  return Coordinates{x, modulo(slope * (p->x - x) - p->y, prime)};
}

Point multiply(Integer k, Point p) {
  Point sum;
  for (; k > 0; k >>= 1, p = add(p, p)) {
    if (k % 2 == 1) sum = add(sum, p);
  }
  return sum;
}

Point lift_x(const Integer& x, bool odd) {
  const Integer& prime = field_prime();
  const Integer square = modulo(x * x * x + 7, prime);
  const Integer root = powm(square, Integer((prime + 1) / 4), prime);
  if (modulo(root * root - square, prime) != 0) return std::nullopt;
  return Coordinates{x, (root % 2 == 1) == odd ? root : Integer(prime - root)};
}

RecoverResult recover(const RecoverRequest& request, LowS low_s) {
  RecoverResult result;
  result.status = check_numbers(request.signature, low_s);
  if (request.recovery_id > 3) result.status = SignatureStatus::kBadRange;
  if (result.status != SignatureStatus::kOk) return result;
  const Integer& n = group_order();
  const Integer r = to_integer(request.signature.r);
  const Integer x = (request.recovery_id & 2) != 0 ? Integer(r + n) : r;
  const Point nonce = x < field_prime() ? lift_x(x, request.recovery_id % 2 == 1) : std::nullopt;
  if (!nonce) {
    result.status = SignatureStatus::kNotOnCurve;
    return result;
  }
  const Integer w = inverse(r, n);
  const Point key = add(multiply(modulo(-to_integer(request.signature.digest) * w, n), generator()),
                        multiply(modulo(to_integer(request.signature.s) * w, n), nonce));
  if (!key) {
    result.status = SignatureStatus::kInfinity;
    return result;
  }
  std::copy_n(to_bytes(key->x).data(), 32, result.public_key.data());
  std::copy_n(to_bytes(key->y).data(), 32, result.public_key.data() + 32);
  return result;
}

SignatureStatus verify(const VerifyRequest& request, LowS low_s) {
  if (request.key.length != 33 && request.key.length != 65) return SignatureStatus::kBadLength;
  const SignatureStatus status = check_numbers(request.signature, low_s);
  if (status != SignatureStatus::kOk) return status;
  const Point key = decode(request.key);
  if (!key) return SignatureStatus::kNotOnCurve;
  const Integer& n = group_order();
  const Integer r = to_integer(request.signature.r);
  const Integer w = inverse(to_integer(request.signature.s), n);
  const Point sum = add(multiply(modulo(to_integer(request.signature.digest) * w, n), generator()),
                        multiply(modulo(r * w, n), key));
  return sum && sum->x % n == r ? SignatureStatus::kOk : SignatureStatus::kMismatch;
}

}  // namespace buri::accel::slow
