#pragma once

#include "accel/hasher.hpp"
#include "base/bytes.hpp"

namespace buri::hsm::rules {

/// keccak256 of one message: every digest that the key signs, block hashes, addresses.
inline Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

}  // namespace buri::hsm::rules
