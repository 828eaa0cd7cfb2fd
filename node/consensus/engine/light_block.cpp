#include "node/consensus/engine/light_block.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/chain_state.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {
namespace wire {

/// Header, commit and set stay encoded: they have decoders of their own.
struct SignedHeaderFields {
  std::optional<Bytes> header{};
  std::optional<Bytes> commit{};
  static constexpr std::string_view kName = "tendermint.types.SignedHeader";
  static constexpr auto fields() {
    using S = SignedHeaderFields;
    return fields_of(Field{1, "header", &S::header}, Field{2, "commit", &S::commit});
  }
};
struct LightBlockFields {
  std::optional<SignedHeaderFields> signed_header{};
  std::optional<Bytes> validator_set{};
  static constexpr std::string_view kName = "tendermint.types.LightBlock";
  static constexpr auto fields() {
    using L = LightBlockFields;
    return fields_of(Field{1, "signed_header", &L::signed_header},
                     Field{2, "validator_set", &L::validator_set});
  }
};
/// The set with its proposer. The stock node leaves the sum of powers out.
struct ProposingSet {
  std::vector<Validator> validators{};
  std::optional<Validator> proposer{};
  static constexpr std::string_view kName = "tendermint.types.ValidatorSet";
  static constexpr auto fields() {
    return fields_of(Field{1, "validators", &ProposingSet::validators},
                     Field{2, "proposer", &ProposingSet::proposer});
  }
};

}  // namespace wire

namespace {

using codec::DecodeError;
using LightBlockKept = Status<std::string>;

Decoded<Validator> validator_of(const wire::Validator& read) {
  const Bytes& key = read.pub_key.secp256k1_uncompressed;
  if (key.size() != PublicKeyBytes::kSize) return Failure{DecodeError::kValue};
  ASSIGN_OR_RETURN(const Address address, address_of(read.address));
  return Validator{address, PublicKeyBytes::from(key), read.voting_power, read.proposer_priority};
}

wire::Validator wire_validator(const Validator& validator) {
  return {.address = bytes_of(ByteView(validator.address)),
          .pub_key = {bytes_of(ByteView(validator.public_key))},
          .voting_power = validator.voting_power,
          .proposer_priority = validator.proposer_priority};
}

LightBlockKept check_light_header(const Header& header, std::string_view chain_id) {
  if (header.block_version != kBlockProtocol) {
    return Failure{fmt::format("the header is of block protocol {}, expected {}",
                               header.block_version, kBlockProtocol)};
  }
  if (header.chain_id != chain_id) {
    return Failure{fmt::format("the header is of the chain \"{}\", expected \"{}\"",
                               header.chain_id, chain_id)};
  }
  if (header.height <= 0) {
    return Failure{fmt::format("the header has height {}, expected 1 or more", header.height)};
  }
  return Unit{};
}

LightBlockKept check_same_hash(std::string_view what, const OptionalHash& expected,
                               const Hash256& found) {
  if (expected == found) return Unit{};
  return Failure{fmt::format("{} {}, expected {}", what, to_upper_hex(found),
                             expected ? to_upper_hex(*expected) : std::string("none"))};
}

}  // namespace

Result<Validator, DecodeError> decode_validator(ByteView bytes) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<wire::Validator>(bytes));
  return validator_of(read);
}

Bytes encode_validator(const Validator& validator) {
  return codec::encode(wire_validator(validator));
}

Result<ValidatorSet, DecodeError> decode_validator_set(ByteView bytes) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<wire::ProposingSet>(bytes));
  if (!read.proposer) return Failure{DecodeError::kValue};
  ASSIGN_OR_RETURN(const Validator proposer, validator_of(*read.proposer));
  std::vector<Validator> members;
  for (const wire::Validator& one : read.validators) {
    ASSIGN_OR_RETURN(const Validator member, validator_of(one));
    members.push_back(member);
  }
  auto set = ValidatorSet::restore(std::move(members), proposer.address);
  if (!set.ok() || set->find(proposer.address) == nullptr) return Failure{DecodeError::kValue};
  return *std::move(set);
}

Bytes encode_validator_set(const ValidatorSet& validators) {
  wire::ProposingSet set;
  for (const Validator& member : validators.validators()) {
    set.validators.push_back(wire_validator(member));
  }
  set.proposer = wire_validator(validators.proposer());
  return codec::encode(set);
}

Result<LightBlockRecord, DecodeError> decode_light_block(ByteView bytes) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<wire::LightBlockFields>(bytes));
  if (!read.signed_header || !read.signed_header->header || !read.signed_header->commit ||
      !read.validator_set) {
    return Failure{DecodeError::kValue};
  }
  ASSIGN_OR_RETURN(Header header, decode_header(*read.signed_header->header));
  ASSIGN_OR_RETURN(Commit commit, decode_commit(*read.signed_header->commit));
  ASSIGN_OR_RETURN(ValidatorSet validators, decode_validator_set(*read.validator_set));
  return LightBlockRecord{std::move(header), std::move(commit), std::move(validators)};
}

Bytes encode_light_block(const LightBlockRecord& block) {
  return codec::encode(wire::LightBlockFields{
      wire::SignedHeaderFields{encode_header(block.header), encode_commit(block.commit)},
      encode_validator_set(block.validators)});
}

Status<std::string> check_light_block(accel::Engine& crypto, std::string_view chain_id,
                                      const LightBlockRecord& block) {
  RETURN_IF_ERROR(check_light_header(block.header, chain_id));
  if (block.commit.height != block.header.height) {
    return Failure{fmt::format("the commit is for height {}, expected {}", block.commit.height,
                               block.header.height)};
  }
  RETURN_IF_ERROR(check_same_hash("the header has hash", block.commit.block_id.hash,
                                  header_hash(crypto, block.header)));
  const auto members = block.validators.validators();
  const std::vector<Address> addresses = key_addresses(crypto, members);
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].address == addresses[i]) continue;
    return Failure{fmt::format("validator {} has address {}, expected its key's, {}", i,
                               to_upper_hex(members[i].address), to_upper_hex(addresses[i]))};
  }
  return check_same_hash("the validators have hash", block.header.validators_hash,
                         validators_hash(crypto, members));
}

}  // namespace buri::consensus::engine
