#include "hsm/signer/privval/session.hpp"

namespace buri::hsm::signer::privval {
namespace {

constexpr std::uint32_t kProposalType = 32;

/// First byte of a message: its field number, length-delimited.
enum Tag : std::uint8_t { kPublicKeyTag = 0x0a, kVoteTag = 0x1a, kProposalTag = 0x2a };

RemoteSignerError error_for(const wire::Refusal& refusal) {
  return {static_cast<std::int32_t>(refusal.rule), wire::describe(refusal)};
}

// What the fork encodes where a vote or proposal is missing: Go's zero time, no value else.
Vote no_vote() {
  Vote vote;
  vote.timestamp = wire::kZeroTime;
  return vote;
}
Proposal no_proposal() {
  Proposal proposal;
  proposal.timestamp = wire::kZeroTime;
  return proposal;
}

/// A refusal that passes by itself ends the connection, so that the daemon asks again.
bool passes_by_itself(const wire::Refusal& refusal) {
  return refusal.rule == wire::Rule::kDeadline;
}

Bytes to_bytes(const wire::Signature& signature) {
  return {signature.bytes.begin(), signature.bytes.end()};
}

std::optional<Bytes> optional_bytes(const Bytes& bytes) {
  return bytes.empty() ? std::nullopt : std::optional<Bytes>(bytes);
}

wire::Refusal malformed(std::string field, std::string expected, std::string found) {
  return {wire::Rule::kMalformed, std::move(field), std::move(expected), std::move(found)};
}

Result<wire::RequestBody, wire::Refusal> typed(const SignVoteRequest& request) {
  const Vote& vote = request.vote;
  if (vote.type != 1 && vote.type != 2) {
    return Failure{malformed("vote.type", "1 or 2", std::to_string(vote.type))};
  }
  if (vote.validator_address.size() != Address::kSize) {
    return Failure{malformed("vote.validator_address", "20 bytes",
                             std::to_string(vote.validator_address.size()) + " bytes")};
  }
  if (!vote.signature.empty() || !vote.extension_signature.empty() ||
      !vote.plain_extension_signature.empty()) {
    return Failure{malformed("vote.signature", "no signature", "one")};
  }
  wire::SignVote body;
  body.chain_id = request.chain_id;
  body.type = static_cast<wire::VoteType>(vote.type);
  body.height = vote.height;
  body.round = vote.round;
  body.block_id = vote.block_id;
  body.timestamp = vote.timestamp;
  body.validator_address = Address::from(vote.validator_address);
  body.extension = optional_bytes(vote.extension);
  body.plain_extension = optional_bytes(vote.plain_extension);
  return wire::RequestBody(std::move(body));
}

Result<wire::RequestBody, wire::Refusal> typed(const SignProposalRequest& request) {
  const Proposal& proposal = request.proposal;
  if (proposal.type != kProposalType) {
    return Failure{malformed("proposal.type", "32", std::to_string(proposal.type))};
  }
  if (!proposal.signature.empty()) {
    return Failure{malformed("proposal.signature", "no signature", "one")};
  }
  if (!proposal.blob_id.is_nil()) {
    return Failure{malformed("proposal.blob_id", "no blob", "one")};
  }
  return wire::RequestBody(wire::SignProposal{request.chain_id, proposal.height, proposal.round,
                                              proposal.pol_round, proposal.block_id,
                                              proposal.timestamp});
}

void fill(Vote& vote, const wire::Signed& answer) {
  for (const wire::PurposeSignature& one : answer.signatures) {
    if (one.purpose == wire::Purpose::kVote) vote.signature = to_bytes(one.signature);
    if (one.purpose == wire::Purpose::kVoteExtension) {
      vote.extension_signature = to_bytes(one.signature);
    }
    if (one.purpose == wire::Purpose::kPlainExtension) {
      vote.plain_extension_signature = to_bytes(one.signature);
    }
  }
  if (answer.timestamp) vote.timestamp = *answer.timestamp;
}

void fill(Proposal& proposal, const wire::Signed& answer) {
  if (!answer.signatures.empty()) proposal.signature = to_bytes(answer.signatures[0].signature);
  if (answer.timestamp) proposal.timestamp = *answer.timestamp;
}

Message refused_vote(const wire::Refusal& refusal) {
  return SignedVoteResponse{no_vote(), error_for(refusal)};
}
Message refused_proposal(const wire::Refusal& refusal) {
  return SignedProposalResponse{no_proposal(), error_for(refusal)};
}

/// The answers to each message; no value where there is none.
struct Answerer {
  const Signer& signer;

  std::optional<Message> operator()(const PingRequest&) const { return PingResponse{}; }

  std::optional<Message> operator()(const PublicKeyRequest&) const {
    const wire::ResponseBody answer = signer(wire::GetPublicKey{});
    const auto* key = std::get_if<wire::PublicKeyAnswer>(&answer);
    if (key == nullptr) return std::nullopt;
    return PublicKeyResponse{{{key->public_key.bytes.begin(), key->public_key.bytes.end()}}, {}};
  }

  std::optional<Message> operator()(const SignVoteRequest& request) const {
    SignedVoteResponse response{request.vote, {}};
    return sign(request, response.vote, response, refused_vote);
  }

  std::optional<Message> operator()(const SignProposalRequest& request) const {
    SignedProposalResponse response{request.proposal, {}};
    return sign(request, response.proposal, response, refused_proposal);
  }

  /// Only signers answer.
  template <class Other>
  std::optional<Message> operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  template <class Request, class Content, class Response>
  std::optional<Message> sign(const Request& request, Content& content, const Response& response,
                              Message (*refuse)(const wire::Refusal&)) const {
    const auto body = typed(request);
    if (!body.ok()) return refuse(body.error());
    const wire::ResponseBody answer = signer(*body);
    if (const auto* refusal = std::get_if<wire::Refusal>(&answer)) {
      return passes_by_itself(*refusal) ? std::nullopt : std::optional(refuse(*refusal));
    }
    const auto* made = std::get_if<wire::Signed>(&answer);
    if (made == nullptr) return std::nullopt;
    fill(content, *made);
    return response;
  }
};

/// The refusal of a message that does not decode, in the answer that its kind expects.
std::optional<Message> refused_form(ByteView message, const wire::Refusal& refusal) {
  if (message.empty()) return std::nullopt;
  switch (message[0]) {
    case kPublicKeyTag:
      return PublicKeyResponse{{}, error_for(refusal)};
    case kVoteTag:
      return refused_vote(refusal);
    case kProposalTag:
      return refused_proposal(refusal);
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<Bytes> answer_message(ByteView message, const Signer& signer) {
  const auto decoded = decode_message(message);
  const std::optional<Message> answer = decoded.ok() ? std::visit(Answerer{signer}, *decoded)
                                                     : refused_form(message, decoded.error());
  if (!answer) return std::nullopt;
  return encode_message(*answer);
}

std::optional<Bytes> Session::take(ByteView received) {
  append(pending_, received);
  ByteView rest = pending_;
  Bytes replies;
  while (!rest.empty()) {
    const auto message = take_message(rest);
    if (!message.ok()) return std::nullopt;
    if (!*message) break;
    const auto reply = answer_message(**message, signer_);
    if (!reply) return std::nullopt;
    append(replies, *reply);
  }
  pending_.erase(pending_.begin(), pending_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return replies;
}

}  // namespace buri::hsm::signer::privval
