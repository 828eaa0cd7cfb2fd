#include "node/consensus/api/value_json.hpp"

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/light_client_attack.hpp"

namespace buri::consensus::api {
namespace {

constexpr std::string_view kKeyType = "cometbft/PubKeySecp256k1eth";

void write_hash(JsonWriter& out, const engine::OptionalHash& hash) {
  out.upper_hex(hash ? ByteView(hash->bytes) : ByteView());
}

std::int64_t nanoseconds(const codec::Duration& duration) {
  return duration.seconds * 1'000'000'000 + duration.nanos;
}

void write_types(JsonWriter& out, const std::vector<std::string>& types) {
  out.begin_array();
  for (const std::string& type : types) out.text(type);
  out.end_array();
}

void write_validators(JsonWriter& out, std::span<const engine::Validator> validators) {
  out.begin_array();
  for (const engine::Validator& validator : validators) write_validator(out, validator);
  out.end_array();
}

void write_light_block(JsonWriter& out, const engine::LightBlockRecord& block) {
  out.begin_object().key("signed_header").begin_object();
  write_header(out.key("header"), block.header);
  write_commit(out.key("commit"), block.commit);
  out.end_object();
  out.key("validator_set").begin_object();
  write_validators(out.key("validators"), block.validators.validators());
  write_validator(out.key("proposer"), block.validators.proposer());
  out.end_object().end_object();
}

void write_attack(JsonWriter& out, const engine::LightClientAttack& attack) {
  out.begin_object().key("type").text("tendermint/LightClientAttackEvidence");
  out.key("value").begin_object();
  write_light_block(out.key("ConflictingBlock"), attack.conflicting);
  out.key("CommonHeight").integer(attack.common_height);
  out.key("ByzantineValidators");
  if (attack.byzantine.empty()) {
    out.null();  // Go's slice that nothing was added to
  } else {
    write_validators(out, attack.byzantine);
  }
  out.key("TotalVotingPower").integer(attack.total_voting_power);
  out.key("Timestamp").time(attack.timestamp);
  out.end_object().end_object();
}

void write_double_vote(JsonWriter& out, const engine::DuplicateVote& evidence) {
  out.begin_object().key("type").text("tendermint/DuplicateVoteEvidence");
  out.key("value").begin_object();
  write_vote(out.key("vote_a"), evidence.vote_a);
  write_vote(out.key("vote_b"), evidence.vote_b);
  out.key("TotalVotingPower").integer(evidence.total_voting_power);
  out.key("ValidatorPower").integer(evidence.validator_power);
  out.key("Timestamp").time(evidence.timestamp);
  out.end_object().end_object();
}

/// A member that is left out when it is zero.
void write_unless_zero(JsonWriter& out, std::string_view name, std::int64_t value) {
  if (value != 0) out.key(name).integer(value);
}

}  // namespace

void write_part_set_header(JsonWriter& out, const engine::PartSetHeader& parts) {
  out.begin_object().key("total").number(parts.total).key("hash");
  write_hash(out, parts.hash);
  out.end_object();
}

void write_block_id(JsonWriter& out, const engine::BlockId& block_id) {
  out.begin_object().key("hash");
  write_hash(out, block_id.hash);
  out.key("parts");
  write_part_set_header(out, block_id.parts);
  out.end_object();
}

void write_header(JsonWriter& out, const engine::Header& header) {
  out.begin_object().key("version").begin_object();
  if (header.block_version != 0) out.key("block").unsigned_integer(header.block_version);
  if (header.app_version != 0) out.key("app").unsigned_integer(header.app_version);
  out.end_object();
  out.key("chain_id").text(header.chain_id);
  out.key("height").integer(header.height);
  out.key("time").time(header.time);
  out.key("last_block_id");
  write_block_id(out, header.last_block_id);
  const std::pair<std::string_view, const engine::OptionalHash*> before_app[] = {
      {"last_commit_hash", &header.last_commit_hash},
      {"data_hash", &header.data_hash},
      {"validators_hash", &header.validators_hash},
      {"next_validators_hash", &header.next_validators_hash},
      {"consensus_hash", &header.consensus_hash}};
  for (const auto& [name, hash] : before_app) write_hash(out.key(name), *hash);
  out.key("app_hash").upper_hex(header.app_hash);
  write_hash(out.key("last_results_hash"), header.last_results_hash);
  write_hash(out.key("evidence_hash"), header.evidence_hash);
  out.key("proposer_address").upper_hex(header.proposer_address);
  out.end_object();
}

void write_commit(JsonWriter& out, const engine::Commit& commit) {
  out.begin_object();
  out.key("height").integer(commit.height);
  out.key("round").number(commit.round);
  write_block_id(out.key("block_id"), commit.block_id);
  out.key("signatures").begin_array();
  for (const engine::CommitSig& sig : commit.signatures) {
    out.begin_object();
    out.key("block_id_flag").number(static_cast<std::int64_t>(sig.flag));
    out.key("validator_address")
        .upper_hex(sig.validator_address ? ByteView(*sig.validator_address) : ByteView());
    out.key("timestamp").time(sig.timestamp);
    out.key("signature").base64_or_null(sig.signature);
    out.end_object();
  }
  out.end_array().end_object();
}

void write_public_key(JsonWriter& out, const engine::PublicKeyBytes& key) {
  out.begin_object().key("type").text(kKeyType).key("value").base64(key).end_object();
}

void write_validator(JsonWriter& out, const engine::Validator& validator) {
  out.begin_object();
  out.key("address").upper_hex(validator.address);
  write_public_key(out.key("pub_key"), validator.public_key);
  out.key("voting_power").integer(validator.voting_power);
  out.key("proposer_priority").integer(validator.proposer_priority);
  out.end_object();
}

void write_vote(JsonWriter& out, const engine::Vote& vote) {
  out.begin_object();
  out.key("type").number(static_cast<std::int64_t>(vote.type));
  out.key("height").integer(vote.height);
  out.key("round").number(vote.round);
  write_block_id(out.key("block_id"), vote.block_id);
  out.key("timestamp").time(vote.timestamp);
  out.key("validator_address").upper_hex(vote.validator_address);
  out.key("validator_index").number(vote.validator_index);
  out.key("signature").base64_or_null(vote.signature);
  out.key("extension").base64_or_null(vote.extension);
  out.key("extension_signature").base64_or_null(vote.extension_signature);
  out.key("non_rp_extension").base64_or_null(vote.non_rp_extension);
  out.key("non_rp_extension_signature").base64_or_null(vote.non_rp_signature);
  out.end_object();
}

void write_proposal(JsonWriter& out, const engine::Proposal& proposal) {
  constexpr std::int64_t kProposalType = 32;
  out.begin_object();
  out.key("Type").number(kProposalType);
  out.key("height").integer(proposal.height);
  out.key("round").number(proposal.round);
  out.key("pol_round").number(proposal.pol_round);
  write_block_id(out.key("block_id"), proposal.block_id);
  out.key("timestamp").time(proposal.timestamp);
  out.key("signature").base64_or_null(proposal.signature);
  write_block_id(out.key("blob_id"), proposal.blob_id);
  out.end_object();
}

void write_txs(JsonWriter& out, std::span<const Bytes> txs) {
  out.begin_array();
  for (const Bytes& tx : txs) out.base64(tx);
  out.end_array();
}

void write_evidence(JsonWriter& out, const engine::EvidencePiece& piece) {
  if (piece.is_light_client_attack) {
    const auto attack = engine::decode_light_client_attack(piece.encoded);
    if (attack.ok()) return write_attack(out, *attack);
  } else {
    const auto votes = engine::decode_duplicate_vote(piece.encoded);
    if (votes.ok()) return write_double_vote(out, *votes);
  }
  out.null();
}

void write_block(JsonWriter& out, const engine::Block& block) {
  out.begin_object();
  write_header(out.key("header"), block.header);
  out.key("data").begin_object();
  write_txs(out.key("txs"), block.txs);
  out.end_object();
  out.key("evidence").begin_object().key("evidence").begin_array();
  for (const engine::EvidencePiece& piece : block.evidence) write_evidence(out, piece);
  out.end_array().end_object();
  write_commit(out.key("last_commit"), block.last_commit);
  out.end_object();
}

void write_consensus_params(JsonWriter& out, const modules::consensus::ConsensusParams& params) {
  namespace types = modules::consensus;
  const auto block = params.block.value_or(types::BlockParams{});
  const auto evidence = params.evidence.value_or(types::EvidenceParams{});
  out.begin_object();
  out.key("block").begin_object();
  out.key("max_bytes").integer(block.max_bytes).key("max_gas").integer(block.max_gas);
  out.end_object();
  out.key("blob").begin_object();
  out.key("max_bytes").integer(params.blob.value_or(types::BlobParams{}).max_bytes);
  out.end_object();
  out.key("evidence").begin_object();
  out.key("max_age_num_blocks").integer(evidence.max_age_num_blocks);
  out.key("max_age_duration").integer(nanoseconds(evidence.max_age_duration));
  out.key("max_bytes").integer(evidence.max_bytes);
  out.end_object();
  out.key("validator").begin_object();
  write_types(out.key("pub_key_types"),
              params.validator.value_or(types::ValidatorParams{}).pub_key_types);
  out.end_object();
  out.key("version").begin_object();
  out.key("app").unsigned_integer(params.version.value_or(types::VersionParams{}).app);
  out.end_object();
  out.key("abci").begin_object();
  out.key("vote_extensions_enable_height")
      .integer(params.abci.value_or(types::AbciParams{}).vote_extensions_enable_height);
  out.end_object().end_object();
}

void write_param_updates(JsonWriter& out, const modules::consensus::ConsensusParams& params) {
  out.begin_object();
  if (params.block) {
    out.key("block").begin_object();
    write_unless_zero(out, "max_bytes", params.block->max_bytes);
    write_unless_zero(out, "max_gas", params.block->max_gas);
    out.end_object();
  }
  if (params.evidence) {
    out.key("evidence").begin_object();
    write_unless_zero(out, "max_age_num_blocks", params.evidence->max_age_num_blocks);
    out.key("max_age_duration").integer(nanoseconds(params.evidence->max_age_duration));
    write_unless_zero(out, "max_bytes", params.evidence->max_bytes);
    out.end_object();
  }
  if (params.validator) {
    out.key("validator").begin_object();
    const auto& types = params.validator->pub_key_types;
    if (!types.empty()) write_types(out.key("pub_key_types"), types);
    out.end_object();
  }
  if (params.version) {
    out.key("version").begin_object();
    if (params.version->app != 0) out.key("app").unsigned_integer(params.version->app);
    out.end_object();
  }
  if (params.abci) {
    out.key("abci").begin_object();
    write_unless_zero(out, "vote_extensions_enable_height",
                      params.abci->vote_extensions_enable_height);
    out.end_object();
  }
  if (params.blob) {
    out.key("blob").begin_object();
    write_unless_zero(out, "max_bytes", params.blob->max_bytes);
    out.end_object();
  }
  out.end_object();
}

}  // namespace buri::consensus::api
