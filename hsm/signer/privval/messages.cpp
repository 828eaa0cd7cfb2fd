#include "hsm/signer/privval/messages.hpp"

#include "hsm/wire/message_fields.hpp"

namespace buri::hsm::signer::privval {
namespace {

constexpr std::size_t kMaxSignatureBytes = 65;
constexpr std::size_t kMaxExtensionBytes = 10 * 1024;  // Heimdall's own bound
constexpr std::size_t kMaxDescriptionBytes = 1024;
constexpr std::size_t kMaxLengthBytes = 3;  // of the varint before a message

}  // namespace

template <class Visitor, wire::Of<Vote> T>
void fields(Visitor& visit, T& vote) {
  visit.number(1, "type", vote.type);
  visit.number(2, "height", vote.height);
  visit.number(3, "round", vote.round);
  visit.message(4, "block_id", vote.block_id);
  visit.message(5, "timestamp", vote.timestamp);
  visit.bytes(6, "validator_address", vote.validator_address, Address::kSize);
  visit.number(7, "validator_index", vote.validator_index);
  visit.bytes(8, "signature", vote.signature, kMaxSignatureBytes);
  visit.bytes(9, "extension", vote.extension, kMaxExtensionBytes);
  visit.bytes(10, "extension_signature", vote.extension_signature, kMaxSignatureBytes);
  visit.bytes(11, "non_rp_extension", vote.plain_extension, kMaxExtensionBytes);
  visit.bytes(12, "non_rp_extension_signature", vote.plain_extension_signature, kMaxSignatureBytes);
}

template <class Visitor, wire::Of<Proposal> T>
void fields(Visitor& visit, T& proposal) {
  visit.number(1, "type", proposal.type);
  visit.number(2, "height", proposal.height);
  visit.number(3, "round", proposal.round);
  visit.number(4, "pol_round", proposal.pol_round);
  visit.message(5, "block_id", proposal.block_id);
  visit.message(6, "timestamp", proposal.timestamp);
  visit.bytes(7, "signature", proposal.signature, kMaxSignatureBytes);
  visit.message(8, "blob_id", proposal.blob_id);
}

template <class Visitor, wire::Of<RemoteSignerError> T>
void fields(Visitor& visit, T& error) {
  visit.number(1, "code", error.code);
  visit.text(2, "description", error.description, kMaxDescriptionBytes);
}

template <class Visitor, wire::Of<PublicKey> T>
void fields(Visitor& visit, T& key) {
  visit.bytes(3, "secp256k1_uncompressed", key.uncompressed, 65);
}

template <class Visitor, wire::Of<PublicKeyRequest> T>
void fields(Visitor& visit, T& request) {
  visit.text(1, "chain_id", request.chain_id, wire::kMaxChainIdBytes);
}

template <class Visitor, wire::Of<PublicKeyResponse> T>
void fields(Visitor& visit, T& response) {
  visit.message(1, "pub_key", response.public_key);
  visit.optional_message(2, "error", response.error);
}

template <class Visitor, wire::Of<SignVoteRequest> T>
void fields(Visitor& visit, T& request) {
  visit.message(1, "vote", request.vote);
  visit.text(2, "chain_id", request.chain_id, wire::kMaxChainIdBytes);
}

template <class Visitor, wire::Of<SignedVoteResponse> T>
void fields(Visitor& visit, T& response) {
  visit.message(1, "vote", response.vote);
  visit.optional_message(2, "error", response.error);
}

template <class Visitor, wire::Of<SignProposalRequest> T>
void fields(Visitor& visit, T& request) {
  visit.message(1, "proposal", request.proposal);
  visit.text(2, "chain_id", request.chain_id, wire::kMaxChainIdBytes);
}

template <class Visitor, wire::Of<SignedProposalResponse> T>
void fields(Visitor& visit, T& response) {
  visit.message(1, "proposal", response.proposal);
  visit.optional_message(2, "error", response.error);
}

template <class Visitor, wire::Of<PingRequest> T>
void fields(Visitor&, T&) {}

template <class Visitor, wire::Of<PingResponse> T>
void fields(Visitor&, T&) {}

namespace {

struct Envelope {
  Message body;
};

template <class Visitor, wire::Of<Envelope> T>
void fields(Visitor& visit, T& envelope) {
  visit.choice(
      1,
      {"pub_key_request", "pub_key_response", "sign_vote_request", "signed_vote_response",
       "sign_proposal_request", "signed_proposal_response", "ping_request", "ping_response"},
      envelope.body);
}

}  // namespace

Bytes encode_message(const Message& message) {
  return wire::to_protobuf(Envelope{message}).length_prefixed();
}

Result<Message, wire::Refusal> decode_message(ByteView bytes) {
  auto envelope = wire::decode_fields<Envelope>(bytes, wire::Rule::kEncoding);
  if (!envelope.ok()) return Failure{std::move(envelope).error()};
  return std::move(envelope->body);
}

Result<std::optional<ByteView>, wire::Refusal> take_message(ByteView& received) {
  ByteView rest = received;
  const auto length = take_varint(rest);
  if (!length.ok() && length.error() == ProtobufError::kTruncated &&
      received.size() < kMaxLengthBytes) {
    return std::optional<ByteView>();
  }
  if (!length.ok() || *length > kMaxMessageBytes) {
    return Failure{wire::Refusal{wire::Rule::kEncoding, "length",
                                 "at most " + std::to_string(kMaxMessageBytes),
                                 length.ok() ? std::to_string(*length) : "no number"}};
  }
  if (rest.size() < *length) return std::optional<ByteView>();
  received = rest.subspan(*length);
  return std::optional<ByteView>(rest.first(*length));
}

}  // namespace buri::hsm::signer::privval
