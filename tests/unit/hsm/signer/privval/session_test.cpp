#include "hsm/signer/privval/session.hpp"

#include <gtest/gtest.h>

#include "hsm/wire/sign_bytes.hpp"
#include "tests/unit/hsm/golden.hpp"

/// privval against the messages that Polygon's CometBFT fork wrote (tests/golden/signer).

namespace buri::hsm::signer::privval {
namespace {

/// The recorded message of that name, behind its length.
Bytes recorded(std::string_view name) {
  for (const JsonValue& line : testing::golden_lines("privval-messages.jsonl")) {
    if (testing::text_of(line, "name") == name) return testing::hex_of(line, "hex");
  }
  ADD_FAILURE() << "no recorded " << name;
  return {};
}

Message message_in(ByteView framed) {
  const auto bytes = take_message(framed);
  EXPECT_TRUE(bytes.ok() && bytes->has_value() && framed.empty());
  auto message = decode_message(**bytes);
  EXPECT_TRUE(message.ok()) << wire::describe(message.error());
  return *message;
}

template <class T>
T recorded_as(std::string_view name) {
  return std::get<T>(message_in(recorded(name)));
}

wire::Signature signature_of(const Bytes& bytes) { return wire::Signature::from(bytes); }

/// Answers as the recorded signer did.
wire::ResponseBody recorded_signer(const wire::RequestBody& request) {
  if (std::holds_alternative<wire::GetPublicKey>(request)) {
    const auto response = recorded_as<PublicKeyResponse>("PubKeyResponse");
    return wire::PublicKeyAnswer{FixedBytes<65>::from(response.public_key.uncompressed), {}};
  }
  if (std::holds_alternative<wire::SignProposal>(request)) {
    const auto response = recorded_as<SignedProposalResponse>("SignedProposalResponse");
    return wire::Signed{{{wire::Purpose::kProposal, signature_of(response.proposal.signature)}},
                        {}};
  }
  const auto vote = recorded_as<SignedVoteResponse>("SignedVoteResponse precommit").vote;
  return wire::Signed{
      {{wire::Purpose::kVote, signature_of(vote.signature)},
       {wire::Purpose::kVoteExtension, signature_of(vote.extension_signature)},
       {wire::Purpose::kPlainExtension, signature_of(vote.plain_extension_signature)}},
      {}};
}

Signer refusing(wire::Rule rule) {
  return [rule](const wire::RequestBody&) {
    return wire::Refusal{rule, "vote.block_id", "the one signed before", "another"};
  };
}

TEST(T60Privval, EveryRecordedMessageEncodesAsItWasRead) {
  for (const JsonValue& line : testing::golden_lines("privval-messages.jsonl")) {
    const Bytes bytes = testing::hex_of(line, "hex");
    EXPECT_EQ(encode_message(message_in(bytes)), bytes) << testing::text_of(line, "name");
  }
}

TEST(T60Privval, RecordedRequestsAreAnsweredByteForByte) {
  Session session(recorded_signer);
  for (const auto& [request, response] :
       {std::pair("PubKeyRequest", "PubKeyResponse"), std::pair("PingRequest", "PingResponse"),
        std::pair("SignVoteRequest precommit", "SignedVoteResponse precommit"),
        std::pair("SignProposalRequest", "SignedProposalResponse")}) {
    EXPECT_EQ(session.take(recorded(request)), recorded(response)) << request;
  }
}

/// The signatures of a recorded answer, in the order the signer gives them.
std::vector<Bytes> signatures_in(const Message& answer) {
  if (const auto* proposal = std::get_if<SignedProposalResponse>(&answer)) {
    return {proposal->proposal.signature};
  }
  const Vote& vote = std::get<SignedVoteResponse>(answer).vote;
  if (vote.extension.empty()) return {vote.signature};
  return {vote.signature, vote.extension_signature, vote.plain_extension_signature};
}

/// The bytes that the key signs for a request, in the same order, and what each is.
std::vector<std::pair<wire::Purpose, Bytes>> sign_bytes_of(const wire::RequestBody& request) {
  if (const auto* proposal = std::get_if<wire::SignProposal>(&request)) {
    return {{wire::Purpose::kProposal, wire::proposal_sign_bytes(*proposal)}};
  }
  const auto& vote = std::get<wire::SignVote>(request);
  std::vector<std::pair<wire::Purpose, Bytes>> all;
  all.emplace_back(wire::Purpose::kVote, wire::vote_sign_bytes(vote));
  if (!vote.extension) return all;
  all.emplace_back(
      wire::Purpose::kVoteExtension,
      wire::vote_extension_sign_bytes(vote.chain_id, vote.height, vote.round, *vote.extension));
  all.emplace_back(wire::Purpose::kPlainExtension, *vote.plain_extension);
  return all;
}

/// Why the recorded signer refused, whose policy had just switched off votes and proposals.
wire::Refusal recorded_refusal(const wire::RequestBody& request) {
  const bool is_vote = std::holds_alternative<wire::SignVote>(request);
  return {wire::Rule::kPurposeDisabled, is_vote ? "vote" : "proposal",
          "a purpose that the policy enables", "a disabled one"};
}

bool is_refusal(const Message& answer) {
  if (const auto* vote = std::get_if<SignedVoteResponse>(&answer)) return vote->error.has_value();
  const auto* proposal = std::get_if<SignedProposalResponse>(&answer);
  return proposal != nullptr && proposal->error.has_value();
}

/// A signer that gives the answers of a recording, after it has checked their signatures.
class RecordedKey {
 public:
  struct Count {
    std::size_t signatures = 0;
    std::size_t refusals = 0;
  };

  wire::ResponseBody answer(const wire::RequestBody& request, const Message& recorded) {
    if (std::holds_alternative<wire::GetPublicKey>(request)) {
      const auto& response = std::get<PublicKeyResponse>(recorded);
      key_ = FixedBytes<65>::from(response.public_key.uncompressed);
      return wire::PublicKeyAnswer{key_, {}};
    }
    if (is_refusal(recorded)) {
      ++count.refusals;
      return recorded_refusal(request);
    }
    const std::vector<Bytes> signatures = signatures_in(recorded);
    const Hash256 hash = testing::keccak256(ByteView(key_).subspan(1));
    wire::Signed made;
    for (const auto& [purpose, bytes] : sign_bytes_of(request)) {
      const Bytes& signature = signatures.at(made.signatures.size());
      EXPECT_EQ(testing::signer_of(testing::keccak256(bytes), signature),
                Address::from(ByteView(hash).last(Address::kSize)));
      made.signatures.push_back({purpose, signature_of(signature)});
      ++count.signatures;
    }
    return made;
  }

  Count count;

 private:
  FixedBytes<65> key_;
};

TEST(T60Privval, ExchangeWithAStockDaemonIsRepeatedByteForByte) {
  const std::vector<JsonValue> lines = testing::golden_lines("privval-exchange.jsonl");
  RecordedKey key;
  std::size_t ping_count = 0;
  for (std::size_t i = 0; i < lines.size(); i += 2) {
    const Bytes request = testing::hex_of(lines[i], "daemon");
    const Bytes answer = testing::hex_of(lines[i + 1], "signer");
    const Message answered = message_in(answer);
    ping_count += std::holds_alternative<PingRequest>(message_in(request)) ? 1 : 0;
    Session session([&](const wire::RequestBody& body) { return key.answer(body, answered); });
    EXPECT_EQ(session.take(request), answer) << "line " << i + 1;
  }
  EXPECT_EQ(key.count.signatures, 4U * (1 + 1 + 3)) << "proposal, prevote, precommit of 4 heights";
  EXPECT_EQ(key.count.refusals, 2U) << "of a proposal and of the nil prevote that followed";
  EXPECT_EQ(ping_count, 5U) << "one between any two heights";
}

TEST(T60Privval, SignerGetsEveryFieldOfAVote) {
  std::optional<wire::RequestBody> seen;
  Session session([&](const wire::RequestBody& request) {
    seen = request;
    return recorded_signer(request);
  });
  ASSERT_TRUE(session.take(recorded("SignVoteRequest precommit")).has_value());
  const auto& vote = std::get<wire::SignVote>(*seen);
  EXPECT_EQ(vote.chain_id, "wire-test-1");
  EXPECT_EQ(vote.type, wire::VoteType::kPrecommit);
  EXPECT_EQ(vote.height, 77);
  EXPECT_EQ(vote.round, 0);
  EXPECT_TRUE(vote.block_id.is_complete());
  EXPECT_EQ(vote.block_id.parts.total, 2U);
  EXPECT_EQ(vote.timestamp, (wire::Timestamp{1'767'323'045, 678'901'234}));
  EXPECT_EQ(as_text(*vote.extension), "extension bytes");
  EXPECT_EQ(as_text(*vote.plain_extension), "non rp bytes");
}

TEST(T60Privval, MessagesMayComeInAnyPieces) {
  Bytes requests;
  Bytes responses;
  for (const char* name : {"PubKey", "Ping"}) {
    append(requests, recorded(name + std::string("Request")));
    append(responses, recorded(name + std::string("Response")));
  }
  for (std::size_t cut = 0; cut <= requests.size(); ++cut) {
    Session session(recorded_signer);
    Bytes got = *session.take(ByteView(requests).first(cut));
    append(got, *session.take(ByteView(requests).subspan(cut)));
    EXPECT_EQ(got, responses) << cut;
    EXPECT_FALSE(session.is_amid_message());
  }
}

TEST(T60Privval, RefusalIsARemoteSignerErrorThatNamesTheRule) {
  Session session(refusing(wire::Rule::kEquivocation));
  const auto vote = std::get<SignedVoteResponse>(
      message_in(*session.take(recorded("SignVoteRequest precommit"))));
  ASSERT_TRUE(vote.error.has_value());
  EXPECT_EQ(vote.error->code, static_cast<std::int32_t>(wire::Rule::kEquivocation));
  EXPECT_EQ(vote.error->description,
            "equivocation: vote.block_id: expected the one signed before, found another");
  EXPECT_EQ(vote.vote, recorded_as<SignedVoteResponse>("SignedVoteResponse error").vote);
  const auto proposal =
      std::get<SignedProposalResponse>(message_in(*session.take(recorded("SignProposalRequest"))));
  EXPECT_EQ(proposal.proposal,
            recorded_as<SignedProposalResponse>("SignedProposalResponse error").proposal);
  EXPECT_TRUE(proposal.error.has_value());
}

TEST(T60Privval, ConnectionEndsWhereTheSameRequestMayPassLater) {
  const Bytes request = recorded("SignVoteRequest precommit");
  Session unavailable([](const wire::RequestBody&) { return wire::Unavailable{"no device"}; });
  EXPECT_EQ(unavailable.take(request), std::nullopt);
  Session late(refusing(wire::Rule::kDeadline));
  EXPECT_EQ(late.take(request), std::nullopt);
}

TEST(T60Privval, ReplayCarriesTheStoredTimestamp) {
  const wire::Timestamp stored{1'700'000'000, 5};
  Session session([&](const wire::RequestBody& request) {
    auto answer = std::get<wire::Signed>(recorded_signer(request));
    answer.timestamp = stored;
    return answer;
  });
  const auto vote = std::get<SignedVoteResponse>(
      message_in(*session.take(recorded("SignVoteRequest precommit"))));
  EXPECT_EQ(vote.vote.timestamp, stored);
  const auto proposal =
      std::get<SignedProposalResponse>(message_in(*session.take(recorded("SignProposalRequest"))));
  EXPECT_EQ(proposal.proposal.timestamp, stored);
}

TEST(T60Privval, FormsThatNoDaemonWritesAreRefusedUnasked) {
  bool asked = false;
  Session session([&](const wire::RequestBody& request) {
    asked = true;
    return recorded_signer(request);
  });
  const auto refused = [&](SignVoteRequest request) {
    const auto reply = session.take(encode_message(request));
    return reply && std::get<SignedVoteResponse>(message_in(*reply)).error.has_value();
  };
  const auto good = recorded_as<SignVoteRequest>("SignVoteRequest precommit");
  SignVoteRequest bad = good;
  bad.vote.type = 32;
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.vote.validator_address.pop_back();
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.vote.signature = Bytes(65);
  EXPECT_TRUE(refused(bad));
  auto proposal = recorded_as<SignProposalRequest>("SignProposalRequest");
  proposal.proposal.blob_id.hash.emplace();
  const auto reply = session.take(encode_message(proposal));
  EXPECT_TRUE(std::get<SignedProposalResponse>(message_in(*reply)).error.has_value());
  EXPECT_FALSE(asked);
}

TEST(T60Privval, EveryTruncationAndEveryTrailingByteOfAVoteIsRefused) {
  const Bytes framed = recorded("SignVoteRequest precommit");
  const ByteView message = ByteView(framed).subspan(2);
  for (std::size_t size = 0; size < message.size(); ++size) {
    EXPECT_FALSE(decode_message(message.first(size)).ok()) << size;
  }
  Bytes longer(message.begin(), message.end());
  longer.push_back(0);
  EXPECT_FALSE(decode_message(longer).ok());
}

TEST(T63Privval, LengthsAboveTheBoundAndOtherKindsEndTheConnection) {
  for (const Bytes& bytes :
       {Bytes{0xff, 0xff, 0x7f}, Bytes{0x80, 0x80, 0x80, 0x01}, Bytes{0x80, 0x00}, Bytes{0x00},
        Bytes{0x02, 0x4a, 0x00}, recorded("PingResponse"), recorded("PubKeyResponse")}) {
    Session session(recorded_signer);
    EXPECT_EQ(session.take(bytes), std::nullopt);
  }
}

}  // namespace
}  // namespace buri::hsm::signer::privval
