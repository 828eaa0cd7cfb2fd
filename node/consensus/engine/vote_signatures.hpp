#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "accel/engine.hpp"
#include "node/consensus/engine/types.hpp"
#include "node/consensus/engine/validator.hpp"

/// The signatures of a commit as batches for the crypto engine.

namespace buri::consensus::engine {

/// A signature is R, S and V, 32 + 32 + 1 bytes (spec/cometbft.md 1.1).
inline constexpr std::size_t kSignatureBytes = 65;

/// Entry `entry` of a commit and the place of its signer among the keys.
struct VoteSigner {
  std::size_t entry = 0;
  std::uint32_t key_index = 0;
};

/// The verdict on each vote, in order: one keccak batch over the sign bytes, one signature batch,
/// all exact. A signature that is not 65 bytes long is kBadLength. V is not looked at. REQUIRES: no
/// entry is absent.
std::vector<accel::SignatureStatus> check_votes(accel::Engine& crypto,
                                                const std::shared_ptr<const accel::KeySet>& keys,
                                                std::string_view chain_id, const Commit& commit,
                                                std::span<const VoteSigner> votes);

/// The address that each vote's R, S and V recover to; nothing where they recover to none.
/// Consensus does not ask this: V is not authenticated. REQUIRES: no entry is absent.
std::vector<std::optional<Address>> recover_signers(accel::Engine& crypto,
                                                    std::string_view chain_id, const Commit& commit,
                                                    std::span<const VoteSigner> votes);

}  // namespace buri::consensus::engine
