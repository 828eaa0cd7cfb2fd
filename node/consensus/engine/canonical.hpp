#pragma once

#include <array>
#include <string_view>

#include "base/bytes.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator.hpp"

/// Byte-exact encodings of what CometBFT signs and hashes (spec/cometbft.md 2.1 and 2.3).

namespace buri::consensus::engine {

/// The bytes behind entry `index` of a commit: the precommit that became it
/// (hsm/wire/sign_bytes.hpp). REQUIRES: the entry is not absent.
Bytes precommit_sign_bytes(std::string_view chain_id, const Commit& commit, std::size_t index);

/// The 14 Merkle leaves of a header hash, in order.
std::array<Bytes, 14> header_leaves(const Header& header);

/// SimpleValidator: the Merkle leaf of a validator in the validators hash.
Bytes validator_leaf(const Validator& validator);

/// CommitSig: the Merkle leaf of an entry in the last commit hash.
Bytes commit_sig_leaf(const CommitSig& entry);

}  // namespace buri::consensus::engine
