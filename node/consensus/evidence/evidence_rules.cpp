#include "node/consensus/evidence/evidence_rules.hpp"

#include <fmt/format.h>

#include "base/hex.hpp"
#include "hsm/wire/sign_bytes.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/evidence.hpp"
#include "node/consensus/engine/message.hpp"
#include "node/consensus/engine/times.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::evidence {
namespace {

using engine::DuplicateVote;
using engine::LightClientAttack;
using engine::Vote;
using Judged = Status<EvidenceFault>;

Judged invalid(std::string reason) { return Failure{EvidenceFault{true, std::move(reason)}}; }
Judged unknown(std::string reason) { return Failure{EvidenceFault{false, std::move(reason)}}; }

/// As the stock node orders block ids: by hash, then by the encoded header of the parts.
Bytes block_key(const engine::BlockId& id) {
  Bytes key = engine::bytes_of(id.hash);
  append(key, codec::encode(engine::to_wire(id.parts)));
  return key;
}

Result<Evidence, std::string> read_duplicate_vote(engine::EvidencePiece piece, Hash256 name) {
  auto read = engine::decode_duplicate_vote(piece.encoded);
  if (!read.ok()) {
    return Failure{fmt::format("a double vote does not decode: {}", codec::describe(read.error()))};
  }
  for (const Vote* vote : {&read->vote_a, &read->vote_b}) {
    const auto basic = engine::check_basic(*vote);
    if (basic.ok()) continue;
    return Failure{
        fmt::format("a vote of a double vote breaks the rule of {}: expected {}, found {}",
                    basic.error().field, basic.error().expected, basic.error().found)};
  }
  if (block_key(read->vote_a.block_id) >= block_key(read->vote_b.block_id)) {
    return Failure{std::string("the votes of a double vote are not in the order of their blocks")};
  }
  const std::int64_t height = read->vote_a.height;
  const engine::Timestamp time = read->timestamp;
  return Evidence{std::move(piece), name, height, time, *std::move(read)};
}

Result<Evidence, std::string> read_attack(accel::Engine& crypto, engine::EvidencePiece piece,
                                          Hash256 name) {
  auto read = engine::decode_light_client_attack(piece.encoded);
  if (!read.ok()) {
    return Failure{
        fmt::format("a light client attack does not decode: {}", codec::describe(read.error()))};
  }
  RETURN_IF_ERROR(engine::check_basic(crypto, *read));
  const std::int64_t height = read->common_height;
  const engine::Timestamp time = read->timestamp;
  return Evidence{std::move(piece), name, height, time, *std::move(read)};
}

/// Two signatures that are still to be checked, in the place of their evidence.
struct VoteClaim {
  std::size_t evidence = 0;
  Bytes message;
  const Vote* vote = nullptr;
  engine::PublicKeyBytes key;
};

/// All but the signatures.
Result<const engine::Validator*, EvidenceFault> check_duplicate_vote(
    const DuplicateVote& evidence, const engine::ValidatorSet& validators) {
  const Vote& a = evidence.vote_a;
  const Vote& b = evidence.vote_b;
  const auto fail = [](std::string reason) {
    return Failure{EvidenceFault{true, std::move(reason)}};
  };
  const engine::Validator* validator = validators.find(a.validator_address);
  if (validator == nullptr) {
    return fail(fmt::format("{} was no validator at height {}", to_upper_hex(a.validator_address),
                            a.height));
  }
  if (a.height != b.height || a.round != b.round || a.type != b.type) {
    return fail("the votes of a double vote are not for the same height, round and step");
  }
  if (a.validator_address != b.validator_address) {
    return fail("the votes of a double vote are of two validators");
  }
  if (a.block_id == b.block_id) return fail("the votes of a double vote are for the same block");
  if (validator->voting_power != evidence.validator_power) {
    return fail(fmt::format("the validator's power is {}, expected {}", evidence.validator_power,
                            validator->voting_power));
  }
  if (validators.total_voting_power() != evidence.total_voting_power) {
    return fail(fmt::format("the total power is {}, expected {}", evidence.total_voting_power,
                            validators.total_voting_power()));
  }
  return validator;
}

Bytes sign_bytes(std::string_view chain_id, const Vote& vote) {
  return hsm::wire::vote_sign_bytes(chain_id, vote.type, vote.height, vote.round, vote.block_id,
                                    vote.timestamp);
}

std::optional<engine::SignedHeader> signed_header(const EvidenceChain& chain, std::int64_t height) {
  auto header = chain.header(height);
  auto commit = chain.commit(height);
  if (!header || !commit) return std::nullopt;
  return engine::SignedHeader{*std::move(header), *std::move(commit)};
}

Judged check_attack(accel::Engine& crypto, const EvidenceChain& chain,
                    const LightClientAttack& attack, const engine::ValidatorSet& validators) {
  const auto common = signed_header(chain, attack.common_height);
  if (!common) return unknown(fmt::format("no header of height {}", attack.common_height));
  auto trusted = signed_header(chain, attack.conflicting.height());
  if (!trusted) {
    trusted = signed_header(chain, chain.height());
    if (!trusted) return unknown(fmt::format("no commit of height {} yet", chain.height()));
    if (trusted->header.time < attack.conflicting.header.time) {
      return unknown("the chain's last block is before the conflicting one");
    }
  }
  const auto verdict =
      engine::verify_light_client_attack(crypto, attack, {*common, validators, *trusted});
  return verdict.ok() ? Judged(Unit{}) : invalid(verdict.error());
}

/// Gathers what a batch is made of and gives its verdicts to the evidence they belong to.
class Judgement {
 public:
  Judgement(accel::Engine& crypto, const EvidenceChain& chain, std::string_view chain_id)
      : crypto_(crypto), chain_(chain), chain_id_(chain_id) {}

  Judged judge(std::size_t place, const Evidence& evidence, const EvidenceAge& age) {
    const auto header = chain_.header(evidence.height);
    if (!header) return unknown(fmt::format("no header of height {}", evidence.height));
    if (header->time != evidence.time) {
      return invalid(fmt::format("the evidence has another time than block {}", evidence.height));
    }
    if (age.is_expired(evidence.height, header->time)) {
      return invalid(fmt::format("evidence of height {} is too old at height {}", evidence.height,
                                 age.last_height));
    }
    const auto validators = chain_.validators(evidence.height);
    if (!validators) return unknown(fmt::format("no validators of height {}", evidence.height));
    if (const auto* attack = std::get_if<LightClientAttack>(&evidence.content)) {
      return check_attack(crypto_, chain_, *attack, *validators);
    }
    const auto& votes = std::get<DuplicateVote>(evidence.content);
    ASSIGN_OR_RETURN(const auto* validator, check_duplicate_vote(votes, *validators));
    for (const Vote* vote : {&votes.vote_a, &votes.vote_b}) {
      claims_.push_back({place, sign_bytes(chain_id_, *vote), vote, validator->public_key});
    }
    return Unit{};
  }

  void check_signatures(std::vector<Judged>& verdicts) {
    std::vector<ByteView> messages;
    for (const VoteClaim& claim : claims_) messages.emplace_back(claim.message);
    std::vector<Hash256> digests(messages.size());
    crypto_.keccak256(messages, digests, accel::Assurance::kExact);
    std::vector<accel::VerifyRequest> requests;
    for (std::size_t i = 0; i < claims_.size(); ++i) requests.push_back(request(i, digests[i]));
    std::vector<accel::SignatureStatus> statuses(requests.size());
    crypto_.verify(requests, accel::LowS::kRequired, statuses, accel::Assurance::kExact);
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      const bool is_good = statuses[i] == accel::SignatureStatus::kOk &&
                           claims_[i].vote->signature.size() == engine::kSignatureBytes;
      if (is_good) continue;
      verdicts[claims_[i].evidence] = invalid("a vote's signature is not the validator's");
    }
  }

 private:
  [[nodiscard]] accel::VerifyRequest request(std::size_t index, const Hash256& digest) const {
    accel::VerifyRequest request;
    const ByteView signature(claims_[index].vote->signature);
    request.signature.digest = digest;
    if (signature.size() == engine::kSignatureBytes) {
      request.signature.r = Hash256::from(signature.first(32));
      request.signature.s = Hash256::from(signature.subspan(32, 32));
    }
    const engine::PublicKeyBytes& key = claims_[index].key;
    std::copy(key.bytes.begin(), key.bytes.end(), request.key.bytes.begin());
    request.key.length = static_cast<std::uint8_t>(key.bytes.size());
    return request;
  }

  accel::Engine& crypto_;
  const EvidenceChain& chain_;
  std::string_view chain_id_;
  std::vector<VoteClaim> claims_;
};

}  // namespace

Result<Evidence, std::string> read_evidence(accel::Engine& crypto, engine::EvidencePiece piece) {
  const auto name = engine::evidence_name(crypto, piece);
  if (!name.ok()) {
    return Failure{
        fmt::format("a piece of evidence has no name: {}", codec::describe(name.error()))};
  }
  if (piece.is_light_client_attack) return read_attack(crypto, std::move(piece), *name);
  return read_duplicate_vote(std::move(piece), *name);
}

EvidenceAge EvidenceAge::of(const engine::ChainState& chain) {
  return {chain.last_height, chain.last_time, chain.params.evidence_age_blocks,
          chain.params.evidence_age_nanos};
}

bool EvidenceAge::is_expired(std::int64_t height, const engine::Timestamp& time) const {
  return last_height - height > max_blocks && engine::nanos_between(time, last_time) > max_nanos;
}

std::vector<Status<EvidenceFault>> verify_evidence(accel::Engine& crypto,
                                                   const EvidenceChain& chain,
                                                   std::string_view chain_id,
                                                   const EvidenceAge& age,
                                                   std::span<const Evidence* const> all) {
  Judgement judgement(crypto, chain, chain_id);
  std::vector<Judged> verdicts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    verdicts.push_back(judgement.judge(i, *all[i], age));
  }
  judgement.check_signatures(verdicts);
  return verdicts;
}

}  // namespace buri::consensus::evidence
