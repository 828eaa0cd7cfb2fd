#include "node/consensus/engine/light_client_attack.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/key_set_cache.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {
namespace {

using codec::DecodeError;
using codec::Field;
using AttackKept = Status<std::string>;

/// Block and validators stay encoded.
struct AttackFields {
  std::optional<Bytes> conflicting_block{};
  std::int64_t common_height = 0;
  std::vector<Bytes> byzantine_validators{};
  std::int64_t total_voting_power = 0;
  codec::Timestamp timestamp{};
  static constexpr std::string_view kName = "tendermint.types.LightClientAttackEvidence";
  static constexpr auto fields() {
    using A = AttackFields;
    return fields_of(Field{1, "conflicting_block", &A::conflicting_block},
                     Field{2, "common_height", &A::common_height},
                     Field{3, "byzantine_validators", &A::byzantine_validators},
                     Field{4, "total_voting_power", &A::total_voting_power},
                     Field{5, "timestamp", &A::timestamp});
  }
};

bool by_power(const Validator& one, const Validator& other) {
  if (one.voting_power != other.voting_power) return one.voting_power > other.voting_power;
  return one.address < other.address;
}

/// The trusted set's power behind the conflicting commit, if there is a jump between them.
AttackKept check_jump(accel::Engine& crypto, const LightClientAttack& attack,
                      const AttackWitness& chain) {
  if (chain.common.header.height == attack.conflicting.height()) {
    if (!is_lunatic(attack.conflicting.header, chain.trusted.header)) return Unit{};
    return Failure{
        std::string("the conflicting block is of the common height and does not follow from the "
                    "chain, which no attack of this kind does")};
  }
  KeySetCache keys;
  const auto tables = keys.keys_of(chain.common_validators);
  const auto jump = verify_commit_trusting(crypto, {chain.common_validators, tables},
                                           chain.trusted.header.chain_id, attack.conflicting.commit,
                                           TrustLevel{}, Coverage::kAll);
  if (jump.ok()) return Unit{};
  return Failure{
      fmt::format("a third of the common validators did not sign: {}: expected {}, found {}",
                  describe(jump.error().rule), jump.error().expected, jump.error().found)};
}

AttackKept check_own_commit(accel::Engine& crypto, const LightBlockRecord& block,
                            std::string_view chain_id) {
  KeySetCache keys;
  const auto tables = keys.keys_of(block.validators);
  const CommitClaim claim{chain_id, block.height(), block.commit.block_id};
  const auto own =
      verify_commit_light(crypto, {block.validators, tables}, claim, block.commit, Coverage::kAll);
  if (own.ok()) return Unit{};
  return Failure{fmt::format("the conflicting commit does not hold: {}: expected {}, found {}",
                             describe(own.error().rule), own.error().expected, own.error().found)};
}

AttackKept check_accused(const LightClientAttack& attack, const AttackWitness& chain) {
  const auto guilty =
      byzantine_validators(attack.conflicting, chain.common_validators, chain.trusted);
  const auto same = [](const Validator& one, const Validator& other) {
    return one.address == other.address && one.voting_power == other.voting_power;
  };
  if (std::ranges::equal(guilty, attack.byzantine, same)) return Unit{};
  return Failure{fmt::format("the evidence accuses {} validators, expected these {} by power",
                             attack.byzantine.size(), guilty.size())};
}

}  // namespace

EvidencePiece encode_light_client_attack(const LightClientAttack& attack) {
  AttackFields fields{encode_light_block(attack.conflicting),
                      attack.common_height,
                      {},
                      attack.total_voting_power,
                      {attack.timestamp.seconds, attack.timestamp.nanos}};
  for (const Validator& one : attack.byzantine) {
    fields.byzantine_validators.push_back(encode_validator(one));
  }
  return {true, codec::encode(fields)};
}

Result<LightClientAttack, DecodeError> decode_light_client_attack(ByteView bytes) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<AttackFields>(bytes));
  if (!read.conflicting_block) return Failure{DecodeError::kValue};
  ASSIGN_OR_RETURN(LightBlockRecord block, decode_light_block(*read.conflicting_block));
  LightClientAttack attack{std::move(block),
                           read.common_height,
                           {},
                           read.total_voting_power,
                           {read.timestamp.seconds, read.timestamp.nanos}};
  for (const Bytes& one : read.byzantine_validators) {
    ASSIGN_OR_RETURN(const Validator validator, decode_validator(one));
    attack.byzantine.push_back(validator);
  }
  return attack;
}

Status<std::string> check_basic(accel::Engine& crypto, const LightClientAttack& attack) {
  if (attack.total_voting_power <= 0) {
    return Failure{
        fmt::format("the total power is {}, expected more than 0", attack.total_voting_power)};
  }
  if (attack.common_height <= 0 || attack.common_height > attack.conflicting.height()) {
    return Failure{fmt::format("the common height is {}, expected 1 to {}", attack.common_height,
                               attack.conflicting.height())};
  }
  const auto addresses = key_addresses(crypto, attack.byzantine);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i] == attack.byzantine[i].address) continue;
    return Failure{fmt::format("accused validator {} has address {}, expected its key's, {}", i,
                               to_upper_hex(attack.byzantine[i].address),
                               to_upper_hex(addresses[i]))};
  }
  return check_light_block(crypto, attack.conflicting.header.chain_id, attack.conflicting);
}

bool is_lunatic(const Header& conflicting, const Header& trusted) {
  return conflicting.validators_hash != trusted.validators_hash ||
         conflicting.next_validators_hash != trusted.next_validators_hash ||
         conflicting.consensus_hash != trusted.consensus_hash ||
         conflicting.app_hash != trusted.app_hash ||
         conflicting.last_results_hash != trusted.last_results_hash;
}

std::vector<Validator> byzantine_validators(const LightBlockRecord& conflicting,
                                            const ValidatorSet& common,
                                            const SignedHeader& trusted) {
  std::vector<Validator> guilty;
  const bool is_lunatic_attack = is_lunatic(conflicting.header, trusted.header);
  if (!is_lunatic_attack && trusted.commit.round != conflicting.commit.round) return guilty;
  const auto& entries = conflicting.commit.signatures;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].flag != BlockIdFlag::kCommit || !entries[i].validator_address) continue;
    const auto& other = trusted.commit.signatures;
    const bool signed_both = i < other.size() && other[i].flag == BlockIdFlag::kCommit;
    if (!is_lunatic_attack && !signed_both) continue;
    const ValidatorSet& judged = is_lunatic_attack ? common : conflicting.validators;
    const Validator* member = judged.find(*entries[i].validator_address);
    if (member != nullptr) guilty.push_back(*member);
  }
  std::ranges::sort(guilty, by_power);
  return guilty;
}

Status<std::string> verify_light_client_attack(accel::Engine& crypto,
                                               const LightClientAttack& attack,
                                               const AttackWitness& chain) {
  RETURN_IF_ERROR(check_jump(crypto, attack, chain));
  RETURN_IF_ERROR(check_own_commit(crypto, attack.conflicting, chain.trusted.header.chain_id));
  const std::int64_t total = chain.common_validators.total_voting_power();
  if (attack.total_voting_power != total) {
    return Failure{
        fmt::format("the total power is {}, expected {}", attack.total_voting_power, total)};
  }
  const Header& header = attack.conflicting.header;
  const Header& trusted = chain.trusted.header;
  if (header.height > trusted.height && header.time > trusted.time) {
    return Failure{std::string(
        "the conflicting block is above the chain's last and later, which is no contradiction")};
  }
  if (header_hash(crypto, header) == header_hash(crypto, trusted)) {
    return Failure{std::string("the conflicting block is the chain's own")};
  }
  return check_accused(attack, chain);
}

}  // namespace buri::consensus::engine
