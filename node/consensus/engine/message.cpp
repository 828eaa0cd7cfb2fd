#include "node/consensus/engine/message.hpp"

#include <algorithm>

#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/message_fields.hpp"
#include "node/consensus/engine/wire_values.hpp"

namespace buri::consensus::engine {
namespace {

using codec::DecodeError;
using engine::to_wire;  // beside the overloads below

constexpr std::int32_t kProposalType = 32;
/// Numbers of the messages in the oneof that holds one of them.
enum class Kind : std::uint8_t {
  kNewRoundStep = 1,
  kNewValidBlock,
  kProposal,
  kProposalPol,
  kBlockPart,
  kVote,
  kHasVote,
  kVoteSetMaj23,
  kVoteSetBits,
  kBlobPart = 12
};

Decoded<VoteType> type_of(std::int32_t number) {
  return enumerator_of<VoteType, VoteType::kPrevote, VoteType::kPrecommit>(number);
}

/// The years 1 to 9999, as Go's reader has it.
Decoded<Timestamp> time_of(const std::optional<codec::Timestamp>& read) {
  constexpr std::int64_t kEndSeconds = 253402300800;
  if (!read) return Timestamp(kZeroTime);
  const bool is_time = read->seconds >= kZeroTime.seconds && read->seconds < kEndSeconds &&
                       read->nanos >= 0 && read->nanos < 1'000'000'000;
  if (!is_time) return Failure{DecodeError::kValue};
  return Timestamp{read->seconds, read->nanos};
}

Decoded<BitArray> bits_of(wire::BitArray&& read) {
  if (read.bits < 0) return Failure{DecodeError::kValue};
  auto bits = BitArray::from_words(static_cast<std::size_t>(read.bits), std::move(read.elems));
  if (!bits) return Failure{DecodeError::kValue};
  return *std::move(bits);
}

wire::BitArray to_wire(const BitArray& bits) {
  return {static_cast<std::int64_t>(bits.size()), {bits.words().begin(), bits.words().end()}};
}

Decoded<Part> part_of(wire::Part&& read) {
  Part part{read.index, std::move(read.bytes), {read.proof.total, read.proof.index, {}, {}}};
  if (read.proof.leaf_hash.size() != Hash256::kSize) return Failure{DecodeError::kValue};
  part.proof.leaf_hash = Hash256::from(read.proof.leaf_hash);
  for (const Bytes& aunt : read.proof.aunts) {
    if (aunt.size() != Hash256::kSize) return Failure{DecodeError::kValue};
    part.proof.aunts.push_back(Hash256::from(aunt));
  }
  return part;
}

wire::Part to_wire(const Part& part) {
  wire::Proof proof{
      part.proof.total, part.proof.index, bytes_of(ByteView(part.proof.leaf_hash)), {}};
  for (const Hash256& aunt : part.proof.aunts) proof.aunts.push_back(bytes_of(ByteView(aunt)));
  return {part.index, part.bytes, std::move(proof)};
}

Decoded<Vote> from_wire(wire::Vote&& read) {
  Vote vote;
  ASSIGN_OR_RETURN(vote.type, type_of(read.type));
  vote.height = read.height;
  vote.round = read.round;
  ASSIGN_OR_RETURN(vote.block_id, block_id_of(read.block_id));
  ASSIGN_OR_RETURN(vote.timestamp, time_of(read.timestamp));
  ASSIGN_OR_RETURN(vote.validator_address, address_of(read.validator_address));
  vote.validator_index = read.validator_index;
  vote.signature = std::move(read.signature);
  vote.extension = std::move(read.extension);
  vote.extension_signature = std::move(read.extension_signature);
  vote.non_rp_extension = std::move(read.non_rp_extension);
  vote.non_rp_signature = std::move(read.non_rp_signature);
  return vote;
}

wire::Vote to_wire(const Vote& vote) {
  const Address& address = vote.validator_address;
  return {static_cast<std::int32_t>(vote.type),
          vote.height,
          vote.round,
          to_wire(vote.block_id),
          codec::Timestamp{vote.timestamp.seconds, vote.timestamp.nanos},
          Bytes(address.bytes.begin(), address.bytes.end()),
          vote.validator_index,
          vote.signature,
          vote.extension,
          vote.extension_signature,
          vote.non_rp_extension,
          vote.non_rp_signature};
}

Decoded<Message> message_of(wire::VoteMessage&& read) {
  if (!read.vote) return Failure{DecodeError::kValue};
  ASSIGN_OR_RETURN(Vote vote, from_wire(*std::move(read.vote)));
  return Message(std::move(vote));
}
wire::VoteMessage envelope(const Vote& vote) { return {to_wire(vote)}; }

Decoded<Message> message_of(wire::ProposalMessage&& message) {
  wire::Proposal& read = message.proposal;
  if (read.type != kProposalType) return Failure{DecodeError::kValue};
  Proposal proposal;
  proposal.height = read.height;
  proposal.round = read.round;
  proposal.pol_round = read.pol_round;
  ASSIGN_OR_RETURN(proposal.block_id, block_id_of(read.block_id));
  ASSIGN_OR_RETURN(proposal.timestamp, time_of(read.timestamp));
  proposal.signature = std::move(read.signature);
  ASSIGN_OR_RETURN(proposal.blob_id, block_id_of(read.blob_id));
  return Message(std::move(proposal));
}
wire::ProposalMessage envelope(const Proposal& proposal) {
  return {{kProposalType, proposal.height, proposal.round, proposal.pol_round,
           to_wire(proposal.block_id),
           codec::Timestamp{proposal.timestamp.seconds, proposal.timestamp.nanos},
           proposal.signature, to_wire(proposal.blob_id)}};
}

Decoded<Message> message_of(wire::NewRoundStep&& read) {
  ASSIGN_OR_RETURN(const Step step,
                   (enumerator_of<Step, Step::kNewHeight, Step::kCommit>(std::int64_t{read.step})));
  return Message(NewRoundStep{read.height, read.round, step, read.seconds_since_start_time,
                              read.last_commit_round});
}
wire::NewRoundStep envelope(const NewRoundStep& message) {
  return {message.height, message.round, static_cast<std::uint32_t>(message.step),
          message.seconds_since_start_time, message.last_commit_round};
}

Decoded<Message> message_of(wire::NewValidBlock&& read) {
  NewValidBlock message{read.height, read.round, {}, {}, read.is_commit};
  ASSIGN_OR_RETURN(message.parts, parts_of(read.block_part_set_header));
  if (read.block_parts) {
    ASSIGN_OR_RETURN(message.present, bits_of(*std::move(read.block_parts)));
  }
  return Message(std::move(message));
}
wire::NewValidBlock envelope(const NewValidBlock& message) {
  wire::NewValidBlock written{
      message.height, message.round, to_wire(message.parts), {}, message.is_commit};
  if (message.present.size() > 0) written.block_parts = to_wire(message.present);
  return written;
}

Decoded<Message> message_of(wire::ProposalPol&& read) {
  ASSIGN_OR_RETURN(BitArray prevotes, bits_of(std::move(read.proposal_pol)));
  return Message(ProposalPol{read.height, read.proposal_pol_round, std::move(prevotes)});
}
wire::ProposalPol envelope(const ProposalPol& message) {
  return {message.height, message.pol_round, to_wire(message.prevotes)};
}

template <class Target>
Decoded<Message> part_message_of(wire::BlockPart&& read) {
  ASSIGN_OR_RETURN(Part part, part_of(std::move(read.part)));
  return Message(Target{read.height, read.round, std::move(part)});
}
wire::BlockPart envelope(const BlockPart& message) {
  return {message.height, message.round, to_wire(message.part)};
}
wire::BlockPart envelope(const BlobPart& message) {
  return {message.height, message.round, to_wire(message.part)};
}

Decoded<Message> message_of(wire::HasVote&& read) {
  ASSIGN_OR_RETURN(const VoteType type, type_of(read.type));
  return Message(HasVote{read.height, read.round, type, read.index});
}
wire::HasVote envelope(const HasVote& message) {
  return {message.height, message.round, static_cast<std::int32_t>(message.type), message.index};
}

Decoded<Message> message_of(wire::VoteSetMaj23&& read) {
  ASSIGN_OR_RETURN(const VoteType type, type_of(read.type));
  ASSIGN_OR_RETURN(BlockId id, block_id_of(read.block_id));
  return Message(VoteSetMaj23{read.height, read.round, type, id});
}
wire::VoteSetMaj23 envelope(const VoteSetMaj23& message) {
  return {message.height, message.round, static_cast<std::int32_t>(message.type),
          to_wire(message.block_id)};
}

Decoded<Message> message_of(wire::VoteSetBits&& read) {
  ASSIGN_OR_RETURN(const VoteType type, type_of(read.type));
  ASSIGN_OR_RETURN(BlockId id, block_id_of(read.block_id));
  ASSIGN_OR_RETURN(BitArray votes, bits_of(std::move(read.votes)));
  return Message(VoteSetBits{read.height, read.round, type, id, std::move(votes)});
}
wire::VoteSetBits envelope(const VoteSetBits& message) {
  return {message.height, message.round, static_cast<std::int32_t>(message.type),
          to_wire(message.block_id), to_wire(message.votes)};
}

template <codec::Message Wire>
Decoded<Message> decode_as(ByteView bytes) {
  ASSIGN_OR_RETURN(Wire read, codec::decode<Wire>(bytes));
  return message_of(std::move(read));
}

Decoded<Message> decode_kind(Kind kind, ByteView bytes) {
  switch (kind) {
    case Kind::kNewRoundStep:
      return decode_as<wire::NewRoundStep>(bytes);
    case Kind::kNewValidBlock:
      return decode_as<wire::NewValidBlock>(bytes);
    case Kind::kProposal:
      return decode_as<wire::ProposalMessage>(bytes);
    case Kind::kProposalPol:
      return decode_as<wire::ProposalPol>(bytes);
    case Kind::kVote:
      return decode_as<wire::VoteMessage>(bytes);
    case Kind::kHasVote:
      return decode_as<wire::HasVote>(bytes);
    case Kind::kVoteSetMaj23:
      return decode_as<wire::VoteSetMaj23>(bytes);
    case Kind::kVoteSetBits:
      return decode_as<wire::VoteSetBits>(bytes);
    case Kind::kBlockPart:
    case Kind::kBlobPart:
      break;
  }
  ASSIGN_OR_RETURN(wire::BlockPart read, codec::decode<wire::BlockPart>(bytes));
  return kind == Kind::kBlockPart ? part_message_of<BlockPart>(std::move(read))
                                  : part_message_of<BlobPart>(std::move(read));
}

bool is_message(std::uint32_t number) {
  return (number >= static_cast<std::uint32_t>(Kind::kNewRoundStep) &&
          number <= static_cast<std::uint32_t>(Kind::kVoteSetBits)) ||
         number == static_cast<std::uint32_t>(Kind::kBlobPart);
}

}  // namespace

Result<Message, DecodeError> decode_message(ByteView bytes) {
  codec::WireReader reader(bytes);
  std::optional<Message> message;
  while (!reader.at_end()) {
    ASSIGN_OR_RETURN(const codec::RawField raw, reader.next());
    if (!is_message(raw.number)) continue;
    if (raw.wire != codec::Wire::kBytes) return Failure{DecodeError::kWireType};
    ASSIGN_OR_RETURN(message, decode_kind(static_cast<Kind>(raw.number), raw.bytes));
  }
  if (!message) return Failure{DecodeError::kUnknownField};
  return *std::move(message);
}

Bytes encode_message(const Message& message) {
  // The variant's order is the wire's, but for the blob part.
  static_assert(std::variant_size_v<Message> == 10);
  const bool is_blob = std::holds_alternative<BlobPart>(message);
  const auto number = is_blob ? static_cast<std::uint32_t>(Kind::kBlobPart)
                              : static_cast<std::uint32_t>(message.index() + 1);
  Bytes bytes;
  std::visit(
      [&](const auto& value) {
        codec::detail::append_delimited(bytes, number, codec::encode(envelope(value)));
      },
      message);
  return bytes;
}

Result<Vote, DecodeError> decode_vote(ByteView bytes) {
  ASSIGN_OR_RETURN(wire::Vote read, codec::decode<wire::Vote>(bytes));
  return from_wire(std::move(read));
}

Bytes encode_vote(const Vote& vote) { return codec::encode(to_wire(vote)); }

}  // namespace buri::consensus::engine
