#pragma once

#include <string_view>

#include "base/bytes.hpp"

/// Keys that anybody can derive: of validators that the root chain's script lets join and leave.

namespace buri::devnet {

/// The uncompressed public key of the secret keccak256(name). The secret is worth nothing, for its
/// name is known; nobody signs with it.
FixedBytes<65> scripted_public_key(std::string_view name);

/// keccak256.
Hash256 keccak(ByteView message);

}  // namespace buri::devnet
