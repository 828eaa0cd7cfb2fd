#include "base/check.hpp"
#include "base/codec/protobuf_writer.hpp"
#include "hsm/wire/message_fields.hpp"
#include "hsm/wire/sign_bytes.hpp"

/// What CometBFT signs (spec/cometbft.md 2.1), and the proof of possession.

namespace buri::hsm::wire {
namespace {

/// SignedMsgType of a proposal.
constexpr std::uint64_t kProposalType = 32;

void append_with_length_byte(Bytes& target, ByteView field) {
  CHECK(field.size() < 256, "a field of a proof of possession is longer than its length byte");
  target.push_back(static_cast<std::uint8_t>(field.size()));
  append(target, field);
}

}  // namespace

Bytes vote_sign_bytes(std::string_view chain_id, VoteType type, std::int64_t height,
                      std::int32_t round, const BlockId& block_id, Timestamp timestamp) {
  ProtobufWriter vote;
  vote.varint(1, static_cast<std::uint64_t>(type)).sfixed64(2, height).sfixed64(3, round);
  if (!block_id.is_nil()) vote.message(4, to_protobuf(block_id));
  vote.message(5, to_protobuf(timestamp)).string(6, chain_id);
  return vote.length_prefixed();
}

Bytes vote_sign_bytes(const SignVote& vote) {
  return vote_sign_bytes(vote.chain_id, vote.type, vote.height, vote.round, vote.block_id,
                         vote.timestamp);
}

Bytes proposal_sign_bytes(const SignProposal& proposal) {
  ProtobufWriter message;
  message.varint(1, kProposalType).sfixed64(2, proposal.height).sfixed64(3, proposal.round);
  message.varint(4, static_cast<std::uint64_t>(std::int64_t{proposal.pol_round}));
  if (!proposal.block_id.is_nil()) message.message(5, to_protobuf(proposal.block_id));
  message.message(6, to_protobuf(proposal.timestamp)).string(7, proposal.chain_id);
  return message.length_prefixed();
}

Bytes vote_extension_sign_bytes(std::string_view chain_id, std::int64_t height, std::int32_t round,
                                ByteView extension) {
  ProtobufWriter message;
  message.bytes(1, extension).sfixed64(2, height).sfixed64(3, round).string(4, chain_id);
  return message.length_prefixed();
}

Bytes possession_sign_bytes(const ProveOfPossession& request, const Address& address) {
  Bytes bytes;
  append(bytes, as_bytes("POS-HSM-POP-v1"));
  append_with_length_byte(bytes, as_bytes(request.chain));
  append_with_length_byte(bytes, address);
  append_with_length_byte(bytes, as_bytes(request.ceremony_id));
  append_with_length_byte(bytes, request.nonce);
  return bytes;
}

}  // namespace buri::hsm::wire
