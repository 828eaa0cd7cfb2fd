#include "node/consensus/api/evidence_json.hpp"

#include "node/consensus/api/rpc_json.hpp"
#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/light_client_attack.hpp"

namespace buri::consensus::api {
namespace {

template <class T>
using Read = Result<T, JsonError>;

Read<std::int64_t> integer(const JsonCursor& cursor, std::string_view name) {
  ASSIGN_OR_RETURN(const JsonCursor member, cursor.member(name));
  return member.int64_string(0, INT64_MAX);
}
Read<std::int32_t> small_number(const JsonCursor& cursor, std::string_view name) {
  ASSIGN_OR_RETURN(const JsonCursor member, cursor.member(name));
  ASSIGN_OR_RETURN(const std::uint64_t value, member.unsigned_number(INT32_MAX));
  return static_cast<std::int32_t>(value);
}
Read<Bytes> bytes(const JsonCursor& cursor, std::string_view name) {
  if (!cursor.has(name)) return Bytes{};
  ASSIGN_OR_RETURN(const JsonCursor member, cursor.member(name));
  if (member.is_null()) return Bytes{};
  return member.base64();
}
Read<OptionalHash> hash(const JsonCursor& cursor) {
  ASSIGN_OR_RETURN(const JsonCursor member, cursor.member("hash"));
  ASSIGN_OR_RETURN(const std::string_view text, member.string());
  if (text.empty()) return OptionalHash{};
  ASSIGN_OR_RETURN(const Hash256 value, member.fixed_hex<32>(HexStyle::kUpper));
  return OptionalHash(value);
}

Read<BlockId> block_id(const JsonCursor& cursor) {
  BlockId id;
  ASSIGN_OR_RETURN(id.hash, hash(cursor));
  ASSIGN_OR_RETURN(const JsonCursor parts, cursor.member("parts"));
  ASSIGN_OR_RETURN(const JsonCursor total, parts.member("total"));
  ASSIGN_OR_RETURN(const std::uint64_t count, total.unsigned_number(UINT32_MAX));
  id.parts.total = static_cast<std::uint32_t>(count);
  ASSIGN_OR_RETURN(id.parts.hash, hash(parts));
  return id;
}

Read<engine::Vote> vote(const JsonCursor& cursor) {
  engine::Vote vote;
  ASSIGN_OR_RETURN(const std::int32_t type, small_number(cursor, "type"));
  if (type != 1 && type != 2) return Failure{cursor.error("a vote of type 1 or 2")};
  vote.type = static_cast<engine::VoteType>(type);
  ASSIGN_OR_RETURN(vote.height, integer(cursor, "height"));
  ASSIGN_OR_RETURN(vote.round, small_number(cursor, "round"));
  ASSIGN_OR_RETURN(const JsonCursor id, cursor.member("block_id"));
  ASSIGN_OR_RETURN(vote.block_id, block_id(id));
  ASSIGN_OR_RETURN(const JsonCursor time, cursor.member("timestamp"));
  ASSIGN_OR_RETURN(vote.timestamp, decode_timestamp(time));
  ASSIGN_OR_RETURN(const JsonCursor address, cursor.member("validator_address"));
  ASSIGN_OR_RETURN(vote.validator_address, address.fixed_hex<20>(HexStyle::kUpper));
  ASSIGN_OR_RETURN(vote.validator_index, small_number(cursor, "validator_index"));
  for (const auto& [name, field] :
       {std::pair("signature", &vote.signature), std::pair("extension", &vote.extension),
        std::pair("extension_signature", &vote.extension_signature),
        std::pair("non_rp_extension", &vote.non_rp_extension),
        std::pair("non_rp_extension_signature", &vote.non_rp_signature)}) {
    ASSIGN_OR_RETURN(*field, bytes(cursor, name));
  }
  return vote;
}

Read<engine::EvidencePiece> double_vote(const JsonCursor& value) {
  engine::DuplicateVote evidence;
  ASSIGN_OR_RETURN(const JsonCursor first, value.member("vote_a"));
  ASSIGN_OR_RETURN(evidence.vote_a, vote(first));
  ASSIGN_OR_RETURN(const JsonCursor second, value.member("vote_b"));
  ASSIGN_OR_RETURN(evidence.vote_b, vote(second));
  ASSIGN_OR_RETURN(evidence.total_voting_power, integer(value, "TotalVotingPower"));
  ASSIGN_OR_RETURN(evidence.validator_power, integer(value, "ValidatorPower"));
  ASSIGN_OR_RETURN(const JsonCursor time, value.member("Timestamp"));
  ASSIGN_OR_RETURN(evidence.timestamp, decode_timestamp(time));
  return engine::encode_duplicate_vote(evidence);
}

Read<std::vector<engine::Validator>> validators(const JsonCursor& cursor) {
  std::vector<engine::Validator> list;
  if (cursor.is_null()) return list;
  ASSIGN_OR_RETURN(const auto elements, cursor.elements(kMaxValidators));
  for (const JsonCursor& element : elements) {
    ASSIGN_OR_RETURN(list.emplace_back(), decode_validator(element));
  }
  return list;
}

Read<engine::ValidatorSet> validator_set(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"validators", "proposer"}));
  ASSIGN_OR_RETURN(const JsonCursor list, cursor.member("validators"));
  ASSIGN_OR_RETURN(auto members, validators(list));
  ASSIGN_OR_RETURN(const JsonCursor proposer, cursor.member("proposer"));
  ASSIGN_OR_RETURN(const engine::Validator chosen, decode_validator(proposer));
  auto set = engine::ValidatorSet::restore(std::move(members), chosen.address);
  if (!set.ok()) return Failure{list.error(std::string(describe(set.error())))};
  if (set->find(chosen.address) == nullptr) return Failure{proposer.error("a member of the set")};
  return *std::move(set);
}

Read<engine::EvidencePiece> attack(const JsonCursor& value) {
  RETURN_IF_ERROR(value.allow_only({"ConflictingBlock", "CommonHeight", "ByzantineValidators",
                                    "TotalVotingPower", "Timestamp"}));
  ASSIGN_OR_RETURN(const JsonCursor block, value.member("ConflictingBlock"));
  RETURN_IF_ERROR(block.allow_only({"signed_header", "validator_set"}));
  ASSIGN_OR_RETURN(const JsonCursor signed_header, block.member("signed_header"));
  ASSIGN_OR_RETURN(SignedHeader conflicting, decode_signed_header(signed_header));
  ASSIGN_OR_RETURN(const JsonCursor set, block.member("validator_set"));
  ASSIGN_OR_RETURN(engine::ValidatorSet members, validator_set(set));
  ASSIGN_OR_RETURN(const std::int64_t common_height, integer(value, "CommonHeight"));
  ASSIGN_OR_RETURN(const JsonCursor byzantine, value.member("ByzantineValidators"));
  ASSIGN_OR_RETURN(auto accused, validators(byzantine));
  ASSIGN_OR_RETURN(const std::int64_t power, integer(value, "TotalVotingPower"));
  ASSIGN_OR_RETURN(const JsonCursor time, value.member("Timestamp"));
  ASSIGN_OR_RETURN(const Timestamp timestamp, decode_timestamp(time));
  return engine::encode_light_client_attack(
      {{std::move(conflicting.header), std::move(conflicting.commit), std::move(members)},
       common_height,
       std::move(accused),
       power,
       timestamp});
}

}  // namespace

Result<engine::EvidencePiece, JsonError> decode_evidence(const JsonCursor& cursor) {
  RETURN_IF_ERROR(cursor.allow_only({"type", "value"}));
  ASSIGN_OR_RETURN(const JsonCursor type, cursor.member("type"));
  ASSIGN_OR_RETURN(const std::string_view name, type.string());
  ASSIGN_OR_RETURN(const JsonCursor value, cursor.member("value"));
  if (name == "tendermint/DuplicateVoteEvidence") return double_vote(value);
  if (name == "tendermint/LightClientAttackEvidence") return attack(value);
  return Failure{type.error(
      "\"tendermint/DuplicateVoteEvidence\" or \"tendermint/LightClientAttackEvidence\"")};
}

}  // namespace buri::consensus::api
