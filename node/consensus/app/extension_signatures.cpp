#include "node/consensus/app/extension_signatures.hpp"

#include "accel/hasher.hpp"
#include "node/consensus/app/extension_rules.hpp"

namespace buri::consensus::app {

tx::SignatureClaim ExtensionClaims::claim(const modules::stake::Validator& validator,
                                          const ExtendedVote& vote, ExtensionKind kind) const {
  const bool is_ordinary = kind == ExtensionKind::kOrdinary;
  const Bytes bytes = is_ordinary
                          ? extension_sign_bytes(chain_id, height, round, vote.vote_extension)
                          : vote.non_rp_extension;
  const ByteView message(bytes);
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  return {validator.pub_key, digest,
          is_ordinary ? vote.extension_signature : vote.non_rp_signature};
}

void check_ahead(tx::SignatureMemory& memory, const ExtensionClaims& claims, const Judges& judges,
                 std::span<const ExtendedVote> votes, std::span<const ExtensionKind> kinds) {
  std::vector<tx::SignatureClaim> all;
  for (const ExtendedVote& vote : votes) {
    const auto* validator = judges.find(vote.validator.address);
    if (validator == nullptr || !counts(vote)) continue;
    for (const ExtensionKind kind : kinds) all.push_back(claims.claim(*validator, vote, kind));
  }
  memory.check_all(all);
}

}  // namespace buri::consensus::app
