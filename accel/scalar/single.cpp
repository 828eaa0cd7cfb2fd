#include "accel/scalar/single.hpp"

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <span>

#include "accel/scalar/keccak256.hpp"
#include "accel/scalar/portable_field.hpp"
#include "accel/scalar/public_key.hpp"
#include "accel/signature_rules.hpp"

namespace buri::accel::scalar {
namespace {

/// r then s, as libsecp256k1 parses them.
std::array<std::uint8_t, 64> compact(const SignedDigest& signature) {
  std::array<std::uint8_t, 64> bytes;
  std::copy_n(signature.r.data(), 32, bytes.data());
  std::copy_n(signature.s.data(), 32, bytes.data() + 32);
  return bytes;
}

bool matches(const SignedDigest& request, const secp256k1_pubkey& key) {
  const auto bytes = compact(request);
  secp256k1_ecdsa_signature signature;
  if (secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &signature, bytes.data()) !=
      1) {
    return false;
  }
  // libsecp256k1 verifies low s only; -s signs the same digest.
  secp256k1_ecdsa_signature_normalize(secp256k1_context_static, &signature, &signature);
  return secp256k1_ecdsa_verify(secp256k1_context_static, &signature, request.digest.data(),
                                &key) == 1;
}

SignatureStatus as_status(bool matched) {
  return matched ? SignatureStatus::kOk : SignatureStatus::kMismatch;
}

bool length_is_valid(const PublicKey& key) { return key.length == 33 || key.length == 65; }

/// Why libsecp256k1 refused a recovery whose numbers are in range: R is no point, or the key is
/// infinity.
SignatureStatus refused_recovery(const Uint256& x) {
  curve::AffinePoint<PortableField> point;
  return lift_x<PortableField>(x, false, point) ? SignatureStatus::kInfinity
                                                : SignatureStatus::kNotOnCurve;
}

}  // namespace

RecoverResult recover_single(const RecoverRequest& request, LowS low_s) {
  RecoverResult result;
  SignatureNumbers numbers;
  Uint256 x;
  result.status = read_recovery(request, low_s, numbers, x);
  if (result.status != SignatureStatus::kOk) return result;
  const auto bytes = compact(request.signature);
  secp256k1_ecdsa_recoverable_signature signature;
  secp256k1_pubkey key;
  if (secp256k1_ecdsa_recoverable_signature_parse_compact(secp256k1_context_static, &signature,
                                                          bytes.data(), request.recovery_id) != 1 ||
      secp256k1_ecdsa_recover(secp256k1_context_static, &key, &signature,
                              request.signature.digest.data()) != 1) {
    result.status = refused_recovery(x);
    return result;
  }
  std::array<std::uint8_t, 65> serialized;
  std::size_t length = serialized.size();
  secp256k1_ec_pubkey_serialize(secp256k1_context_static, serialized.data(), &length, &key,
                                SECP256K1_EC_UNCOMPRESSED);
  std::copy_n(serialized.data() + 1, 64, result.public_key.data());
  Hash256 hash;
  keccak256(result.public_key, hash);
  std::copy_n(hash.data() + 12, 20, result.address.data());
  return result;
}

SignatureStatus verify_single(const VerifyRequest& request, LowS low_s) {
  if (!length_is_valid(request.key)) return SignatureStatus::kBadLength;
  SignatureNumbers numbers;
  const SignatureStatus status = read_signature(request.signature, low_s, numbers);
  if (status != SignatureStatus::kOk) return status;
  // libsecp256k1 reads the hybrid encodings 06 and 07 too.
  const std::uint8_t prefix = request.key.bytes[0];
  secp256k1_pubkey key;
  if ((request.key.length == 65) != (prefix == 4) ||
      secp256k1_ec_pubkey_parse(secp256k1_context_static, &key, request.key.bytes.data(),
                                request.key.length) != 1) {
    return SignatureStatus::kNotOnCurve;
  }
  return as_status(matches(request.signature, key));
}

SignatureStatus verify_known_single(const KeySet& keys, const KnownKeyRequest& request,
                                    LowS low_s) {
  if (request.key_index >= keys.size()) return SignatureStatus::kBadLength;
  const SignatureStatus key_status = keys.key_status(request.key_index);
  if (key_status != SignatureStatus::kOk) {
    SignatureNumbers numbers;
    return first_broken(key_status, read_signature(request.signature, low_s, numbers));
  }
  const AffineRow& row = keys.rows(request.key_index)[0];
  VerifyRequest verify{request.signature, {}};
  verify.key.length = 65;
  verify.key.bytes[0] = 4;
  Uint256 coordinate;
  std::copy(row.x.begin(), row.x.end(), coordinate.limb);
  curve::to_big_endian(coordinate, verify.key.bytes.data() + 1);
  std::copy(row.y.begin(), row.y.end(), coordinate.limb);
  curve::to_big_endian(coordinate, verify.key.bytes.data() + 33);
  return verify_single(verify, low_s);
}

}  // namespace buri::accel::scalar
