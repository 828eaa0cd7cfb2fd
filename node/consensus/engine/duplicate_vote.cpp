#include "node/consensus/engine/duplicate_vote.hpp"

#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/message.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {
namespace {

using codec::Field;

/// Votes stay encoded.
struct DuplicateVoteFields {
  Bytes vote_a{};
  Bytes vote_b{};
  std::int64_t total_voting_power = 0;
  std::int64_t validator_power = 0;
  codec::Timestamp timestamp{};
  static constexpr std::string_view kName = "tendermint.types.DuplicateVoteEvidence";
  static constexpr auto fields() {
    using D = DuplicateVoteFields;
    return std::tuple{Field{1, "vote_a", &D::vote_a}, Field{2, "vote_b", &D::vote_b},
                      Field{3, "total_voting_power", &D::total_voting_power},
                      Field{4, "validator_power", &D::validator_power},
                      Field{5, "timestamp", &D::timestamp}};
  }
};

}  // namespace

std::optional<DuplicateVote> make_duplicate_vote(const Vote& one, const Vote& other,
                                                 const Timestamp& block_time,
                                                 const ValidatorSet& validators) {
  const Validator* validator = validators.find(one.validator_address);
  if (validator == nullptr) return std::nullopt;
  // The stock node compares the text of hash and encoded part set header, which orders as these.
  const auto key = [](const Vote& vote) {
    Bytes bytes = bytes_of(vote.block_id.hash);
    append(bytes, codec::encode(to_wire(vote.block_id.parts)));
    return bytes;
  };
  const bool is_ordered = key(one) < key(other);
  return DuplicateVote{is_ordered ? one : other, is_ordered ? other : one,
                       validators.total_voting_power(), validator->voting_power, block_time};
}

EvidencePiece encode_duplicate_vote(const DuplicateVote& evidence) {
  return {false, codec::encode(
                     DuplicateVoteFields{encode_vote(evidence.vote_a),
                                         encode_vote(evidence.vote_b),
                                         evidence.total_voting_power,
                                         evidence.validator_power,
                                         {evidence.timestamp.seconds, evidence.timestamp.nanos}})};
}

Result<DuplicateVote, codec::DecodeError> decode_duplicate_vote(ByteView bytes) {
  ASSIGN_OR_RETURN(const auto read, codec::decode<DuplicateVoteFields>(bytes));
  if (read.vote_a.empty() || read.vote_b.empty()) return Failure{codec::DecodeError::kValue};
  DuplicateVote evidence;
  ASSIGN_OR_RETURN(evidence.vote_a, decode_vote(read.vote_a));
  ASSIGN_OR_RETURN(evidence.vote_b, decode_vote(read.vote_b));
  evidence.total_voting_power = read.total_voting_power;
  evidence.validator_power = read.validator_power;
  evidence.timestamp = {read.timestamp.seconds, read.timestamp.nanos};
  return evidence;
}

}  // namespace buri::consensus::engine
