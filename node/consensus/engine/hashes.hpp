#pragma once

#include <span>

#include "accel/engine.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator.hpp"

/// The hashes of CometBFT's values (spec/cometbft.md 2.3): RFC 6962 trees of SHA-256 over canonical
/// leaves. All are computed exactly, never by sample.

namespace buri::consensus::engine {

/// The hash that commits name the block by. CometBFT has none for a header without validators hash;
/// callers check that first.
Hash256 header_hash(accel::Engine& crypto, const Header& header);

/// What a header's validators_hash and next_validators_hash hold. REQUIRES: set order.
Hash256 validators_hash(accel::Engine& crypto, std::span<const Validator> validators);

/// What the next header's last_commit_hash holds.
Hash256 commit_hash(accel::Engine& crypto, const Commit& commit);

/// The address of each key: the last 20 bytes of keccak256 over X and Y.
std::vector<Address> key_addresses(accel::Engine& crypto, std::span<const Validator> validators);

}  // namespace buri::consensus::engine
