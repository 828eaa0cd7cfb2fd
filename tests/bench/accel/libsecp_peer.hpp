#pragma once

#include <secp256k1.h>
#include <secp256k1_recovery.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "accel/signature.hpp"

/// What a node without Buri's engine would do, one signature at a time, with Debian's libsecp256k1:
/// the peer of every signature figure.

namespace buri::bench {

inline constexpr std::string_view kLibsecpRecover = "libsecp256k1 0.2.0 recover + serialize";
inline constexpr std::string_view kLibsecpVerify = "libsecp256k1 0.2.0 parse + verify";

/// r then s.
inline std::array<std::uint8_t, 64> compact(const accel::SignedDigest& signature) {
  std::array<std::uint8_t, 64> bytes;
  std::copy_n(signature.r.data(), 32, bytes.data());
  std::copy_n(signature.s.data(), 32, bytes.data() + 32);
  return bytes;
}

/// Parses, recovers and serializes each request; returns how many succeeded.
inline std::size_t libsecp_recover(std::span<const accel::RecoverRequest> requests,
                                   std::span<std::array<std::uint8_t, 65>> keys) {
  std::size_t recovered = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto bytes = compact(requests[i].signature);
    secp256k1_ecdsa_recoverable_signature signature;
    secp256k1_pubkey key;
    std::size_t length = 65;
    if (secp256k1_ecdsa_recoverable_signature_parse_compact(
            secp256k1_context_static, &signature, bytes.data(), requests[i].recovery_id) == 1 &&
        secp256k1_ecdsa_recover(secp256k1_context_static, &key, &signature,
                                requests[i].signature.digest.data()) == 1 &&
        secp256k1_ec_pubkey_serialize(secp256k1_context_static, keys[i].data(), &length, &key,
                                      SECP256K1_EC_UNCOMPRESSED) == 1) {
      ++recovered;
    }
  }
  return recovered;
}

/// Parses a 65-byte key and a compact signature and verifies, for each request; returns how many
/// were valid.
inline std::size_t libsecp_verify(std::span<const accel::VerifyRequest> requests) {
  std::size_t valid = 0;
  for (const accel::VerifyRequest& request : requests) {
    const auto bytes = compact(request.signature);
    secp256k1_ecdsa_signature signature;
    secp256k1_pubkey key;
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &key, request.key.bytes.data(),
                                  request.key.length) == 1 &&
        secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &signature,
                                                bytes.data()) == 1 &&
        secp256k1_ecdsa_verify(secp256k1_context_static, &signature,
                               request.signature.digest.data(), &key) == 1) {
      ++valid;
    }
  }
  return valid;
}

}  // namespace buri::bench
