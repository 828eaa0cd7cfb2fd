#pragma once

#include "accel/hasher.hpp"

namespace buri::execution::evm {

/// Keccak-256 of one message. Thread-safe.
inline Hash256 keccak256(ByteView message) {
  Hash256 digest;
  accel::scalar_hasher().keccak256_batch({&message, 1}, {&digest, 1});
  return digest;
}

}  // namespace buri::execution::evm
