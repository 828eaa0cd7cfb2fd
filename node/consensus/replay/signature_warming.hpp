#pragma once

#include <span>

#include "node/consensus/app/vote_extension.hpp"
#include "node/consensus/engine/block.hpp"
#include "node/consensus/engine/verify_commit.hpp"
#include "node/consensus/records/chain.hpp"
#include "node/consensus/tx/signature_memory.hpp"

/// The signatures of commits and of vote extensions of many heights, checked in one batch and each
/// of them once: a height's votes come again in the next block, and so do its extensions.

namespace buri::consensus::replay {

/// Verdicts on the signatures of a height by entry, under the keys of the recorded validators. Zero
/// says nothing: the entry is absent, was not checked, or is bad.
struct SignatureVerdicts {
  std::vector<std::uint8_t> votes;       ///< of the seen commit
  std::vector<std::uint8_t> last_votes;  ///< of the block's last commit: the height before's keys
  std::vector<std::uint8_t> extensions;  ///< of the extended commit
  std::vector<std::uint8_t> non_rps;     ///< the same, of the extensions without replay protection
  std::vector<std::uint8_t> carried;  ///< of the extensions that the block carries: as last_votes
};

/// A recorded height, decoded.
struct DecodedHeight {
  records::BlockRecord record;
  engine::Block block;
  engine::ExtendedCommitRecord extended_commit;
  engine::Commit seen_commit;
  std::vector<engine::Validator> validators;  ///< as recorded: who signed, before it is checked
  app::ExtendedCommit carried;                ///< the first transaction; empty if it is none
  bool has_carried = false;                   ///< whether it is one
  SignatureVerdicts verdicts;                 ///< empty until warm()
};

/// Decodes a record. The error names the part that does not decode.
Result<DecodedHeight, std::string> decode_height(records::BlockRecord record);

/// What a vote's signature claims.
tx::SignatureClaim vote_claim(const engine::Validator& validator, std::string_view chain_id,
                              const engine::Commit& commit, std::size_t entry);
/// What the signature on an ordinary extension claims.
tx::SignatureClaim extension_claim(const engine::Validator& validator, std::string_view chain_id,
                                   std::int64_t height, std::int32_t round, ByteView extension,
                                   ByteView signature);
/// What the signature on an extension without replay protection claims.
tx::SignatureClaim non_rp_claim(const engine::Validator& validator,
                                const engine::ExtendedCommitSig& entry);

/// Fills the verdicts of those heights, whose signatures are hashed and checked as one batch.
/// `before`, which has its verdicts, is the height before the first; null if there is none.
void warm(tx::SignatureMemory& memory, std::string_view chain_id, const DecodedHeight* before,
          std::span<DecodedHeight> heights);

/// Verdicts on a commit that were made under those validators' keys.
struct CommitVerdicts {
  std::span<const engine::Validator> validators;
  std::span<const std::uint8_t> votes;
};
/// Takes the verdicts where the validator's key is the one they were made under, and asks the
/// memory about every other vote.
engine::VoteChecker remembered(tx::SignatureMemory& memory, const engine::ValidatorSet& validators,
                               std::string_view chain_id, const engine::Commit& commit,
                               CommitVerdicts verdicts);
}  // namespace buri::consensus::replay
