#include "node/consensus/replay/signature_warming.hpp"

#include "accel/hasher.hpp"
#include "node/consensus/app/vote_extension.hpp"
#include "node/consensus/engine/canonical.hpp"

namespace buri::consensus::replay {
namespace {

tx::SignatureClaim claim_of(const engine::Validator& validator, ByteView message,
                            const Bytes& signature) {
  Hash256 digest;
  accel::best_hasher().keccak256_batch(std::span(&message, 1), std::span(&digest, 1));
  const auto& key = validator.public_key.bytes;
  return {{key.begin(), key.end()}, digest, signature};
}

template <class T>
Result<T, std::string> named(Result<T, codec::DecodeError> decoded, std::string_view part) {
  if (decoded.ok()) return std::move(decoded).value();
  return Failure{std::string(part) + ": " + std::string(codec::describe(decoded.error()))};
}

void add_claims(std::vector<tx::SignatureClaim>& claims, std::string_view chain_id,
                const DecodedHeight& height) {
  const engine::ExtendedCommitRecord& extended = height.extended_commit;
  const std::size_t count =
      std::min(height.validators.size(), height.seen_commit.signatures.size());
  for (std::size_t i = 0; i < count; ++i) {
    if (height.seen_commit.signatures[i].flag == engine::BlockIdFlag::kAbsent) continue;
    claims.push_back(vote_claim(height.validators[i], chain_id, height.seen_commit, i));
  }
  const std::size_t extensions = std::min(height.validators.size(), extended.signatures.size());
  for (std::size_t i = 0; i < extensions; ++i) {
    if (extended.signatures[i].vote.flag != engine::BlockIdFlag::kCommit) continue;
    claims.push_back(extension_claim(height.validators[i], chain_id, extended, i));
    claims.push_back(non_rp_claim(height.validators[i], extended.signatures[i]));
  }
}

}  // namespace

Result<DecodedHeight, std::string> decode_height(records::BlockRecord record) {
  DecodedHeight height;
  ASSIGN_OR_RETURN(height.block, named(engine::decode_block(record.block), "block"));
  ASSIGN_OR_RETURN(
      height.extended_commit,
      named(engine::decode_extended_commit(record.extended_commit), "extended_commit"));
  ASSIGN_OR_RETURN(height.seen_commit,
                   named(engine::decode_commit(record.seen_commit), "seen_commit"));
  ASSIGN_OR_RETURN(height.validators,
                   named(engine::decode_validators(record.validators), "validators"));
  height.record = std::move(record);
  return height;
}

tx::SignatureClaim vote_claim(const engine::Validator& validator, std::string_view chain_id,
                              const engine::Commit& commit, std::size_t entry) {
  return claim_of(validator, engine::precommit_sign_bytes(chain_id, commit, entry),
                  commit.signatures[entry].signature);
}

tx::SignatureClaim extension_claim(const engine::Validator& validator, std::string_view chain_id,
                                   const engine::ExtendedCommitRecord& commit, std::size_t entry) {
  const engine::ExtendedCommitSig& signature = commit.signatures[entry];
  return claim_of(
      validator,
      app::extension_sign_bytes(chain_id, commit.height, commit.round, signature.extension),
      signature.extension_signature);
}

tx::SignatureClaim non_rp_claim(const engine::Validator& validator,
                                const engine::ExtendedCommitSig& entry) {
  return claim_of(validator, entry.non_rp_extension, entry.non_rp_signature);
}

void warm(tx::SignatureMemory& memory, std::string_view chain_id,
          std::span<const DecodedHeight> heights) {
  std::vector<tx::SignatureClaim> claims;
  for (const DecodedHeight& height : heights) add_claims(claims, chain_id, height);
  memory.check_all(claims);
}

engine::VoteChecker remembered(tx::SignatureMemory& memory, const engine::ValidatorSet& validators,
                               std::string_view chain_id, const engine::Commit& commit) {
  return [&memory, &validators, chain_id, &commit](std::span<const engine::VoteSigner> votes) {
    std::vector<accel::SignatureStatus> verdicts;
    for (const engine::VoteSigner& vote : votes) {
      const auto claim =
          vote_claim(validators.validators()[vote.key_index], chain_id, commit, vote.entry);
      verdicts.push_back(memory.is_valid(claim) ? accel::SignatureStatus::kOk
                                                : accel::SignatureStatus::kMismatch);
    }
    return verdicts;
  };
}

}  // namespace buri::consensus::replay
