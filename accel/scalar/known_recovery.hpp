#pragma once

#include <optional>

#include "accel/key_set.hpp"
#include "accel/signature.hpp"

namespace buri::accel::scalar {

/// The recovery id (0 or 1) with which the signature recovers to key `request.key_index` of `keys`;
/// nothing if it recovers to another key or none, breaks a rule on its numbers, or needs id 2 or 3.
/// One sum of table rows instead of a recovery: less than half the time of recover_single. Public
/// data only. Thread-safe.
std::optional<std::uint8_t> known_recovery_id(const KeySet& keys, const KnownKeyRequest& request,
                                              LowS low_s);

}  // namespace buri::accel::scalar
