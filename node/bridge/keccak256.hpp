#pragma once

#include "accel/engine.hpp"
#include "base/bytes.hpp"

namespace buri::bridge {

/// Keccak-256 of one message, exact: for chains of hashes, where each needs the one before.
inline Hash256 keccak256(accel::Engine& crypto, ByteView message) {
  Hash256 digest;
  crypto.keccak256({&message, 1}, {&digest, 1}, accel::Assurance::kExact);
  return digest;
}

}  // namespace buri::bridge
