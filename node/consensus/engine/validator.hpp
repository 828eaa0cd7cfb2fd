#pragma once

#include <cstdint>

#include "base/bytes.hpp"

namespace buri::consensus::engine {

/// An uncompressed secp256k1 key: 0x04, X, Y.
using PublicKeyBytes = FixedBytes<65>;

/// A member of a validator set.
struct Validator {
  Address address;  ///< last 20 bytes of keccak256(public_key without its first byte)
  PublicKeyBytes public_key;
  std::int64_t voting_power = 0;       ///< stake in whole tokens; 0 in a change means removal
  std::int64_t proposer_priority = 0;  ///< not covered by any hash

  friend bool operator==(const Validator&, const Validator&) = default;
};

}  // namespace buri::consensus::engine
