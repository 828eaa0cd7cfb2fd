#pragma once

#include "accel/key_set.hpp"
#include "accel/signature.hpp"

/// One signature at a time, decided by libsecp256k1: the path for single items, for whatever a
/// batch finds exceptional (equal points, infinity), and the oracle of the tests. Every function is
/// thread-safe and reports statuses as accel/signature.hpp orders them.

namespace buri::accel::scalar {

/// Recovers the key of one signature.
RecoverResult recover_single(const RecoverRequest& request, LowS low_s);

/// Checks one signature against a serialized key.
SignatureStatus verify_single(const VerifyRequest& request, LowS low_s);

/// Checks one signature against a key of `keys`.
SignatureStatus verify_known_single(const KeySet& keys, const KnownKeyRequest& request, LowS low_s);

}  // namespace buri::accel::scalar
