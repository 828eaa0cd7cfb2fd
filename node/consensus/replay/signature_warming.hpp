#pragma once

#include <span>

#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/verify_commit.hpp"
#include "node/consensus/records/chain.hpp"
#include "node/consensus/tx/signature_memory.hpp"

/// The signatures of commits and of vote extensions as claims on a signature memory, so that those
/// of many heights are checked in one batch and each of them once.

namespace buri::consensus::replay {

/// A recorded height, decoded.
struct DecodedHeight {
  records::BlockRecord record;
  engine::Block block;
  engine::ExtendedCommitRecord extended_commit;
  engine::Commit seen_commit;
  std::vector<engine::Validator> validators;  ///< as recorded: who signed, before it is checked
};

/// Decodes a record. The error names the part that does not decode.
Result<DecodedHeight, std::string> decode_height(records::BlockRecord record);

/// What a vote's signature claims.
tx::SignatureClaim vote_claim(const engine::Validator& validator, std::string_view chain_id,
                              const engine::Commit& commit, std::size_t entry);
/// What the signatures on a vote's two extensions claim. REQUIRES: a vote for the block.
tx::SignatureClaim extension_claim(const engine::Validator& validator, std::string_view chain_id,
                                   const engine::ExtendedCommitRecord& commit, std::size_t entry);
tx::SignatureClaim non_rp_claim(const engine::Validator& validator,
                                const engine::ExtendedCommitSig& entry);

/// Checks the seen commits and the extended commits of those heights as one batch.
void warm(tx::SignatureMemory& memory, std::string_view chain_id,
          std::span<const DecodedHeight> heights);

/// Looks a commit's votes up in the memory.
engine::VoteChecker remembered(tx::SignatureMemory& memory, const engine::ValidatorSet& validators,
                               std::string_view chain_id, const engine::Commit& commit);

}  // namespace buri::consensus::replay
