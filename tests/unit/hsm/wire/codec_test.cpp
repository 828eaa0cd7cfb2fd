#include "hsm/wire/codec.hpp"

#include <gtest/gtest.h>

#include "hsm/wire/message_fields.hpp"
#include "hsm/wire/vote_extension.hpp"
#include "tests/unit/hsm/golden.hpp"

namespace buri::hsm::wire {
namespace {

SignVote sample_vote() {
  for (const JsonValue& line : testing::golden_lines("votes.jsonl")) {
    if (!testing::text_of(line, "extension").empty()) return testing::recorded_vote(line);
  }
  CHECK(false, "the golden file has precommits with extensions");
}

/// One request of every kind, the optional parts filled in.
std::vector<RequestBody> every_body() {
  SignBorHeader header;
  header.header.base_fee = U256{};
  header.header.extra.shape = BorExtraShape::kGiugliano;
  header.header.extra.validators.resize(2);
  header.header.extra.transaction_dependencies = {{{0, 1, 2}}, {}};
  header.branch = {Bytes{1, 2}, Bytes{3}};
  SignHeimdallTransaction heimdall;
  heimdall.transaction.messages.resize(2);
  SignRootChainTransaction submit;
  submit.transaction.value_wei = U256::from_uint64(1);
  submit.transaction.call = SubmitCheckpoint{{}, {{}, {}}};
  SignRootChainTransaction call;
  call.transaction.call = ContractCall{{{1}}, Bytes(32)};
  SignProposal proposal;
  proposal.height = 5;
  return {Hello{1, 2, {Purpose::kProposal, Purpose::kVote}},
          proposal,
          sample_vote(),
          SignVote{},
          header,
          heimdall,
          submit,
          call,
          ProveOfPossession{"c", "i", {}},
          ReportMilestone{},
          ReportCheckpoint{},
          GetPublicKey{},
          GetStatus{}};
}

TEST(Codec, EveryRequestSurvivesItsEncoding) {
  for (const RequestBody& body : every_body()) {
    const Request request{9, 500, body};
    const Bytes frame = encode_request(request);
    EXPECT_EQ(encoded_size(request), frame.size());
    const auto decoded = decode_request(frame);
    ASSERT_TRUE(decoded.ok()) << request_name(body) << ": " << describe(decoded.error());
    EXPECT_EQ(*decoded, request) << request_name(body);
    EXPECT_EQ(peek_request_id(frame), 9u);
  }
}

TEST(Codec, EveryResponseSurvivesItsEncoding) {
  const ResponseBody bodies[] = {
      Signed{{{Purpose::kVote, {}}, {Purpose::kPlainExtension, {}}}, Timestamp{-1, 5}},
      Signed{},
      Refusal{Rule::kCeremony, "a.b", "x", "y"},
      Unavailable{"no device"},
      Acknowledged{},
      HelloAnswer{1, {Purpose::kVote}, 65536},
      PublicKeyAnswer{},
      StatusAnswer{SignerState::kHalted, "why", 1, {}, 2, 3, 3, 4}};
  for (const ResponseBody& body : bodies) {
    const Response response{1, body};
    const auto decoded = decode_response(encode_response(response));
    ASSERT_TRUE(decoded.ok()) << describe(decoded.error());
    EXPECT_EQ(*decoded, response);
  }
}

TEST(T34Codec, EveryTruncationAndEveryTrailingByteIsRefused) {
  for (const RequestBody& body : every_body()) {
    Bytes frame = encode_request({9, 500, body});
    for (std::size_t size = 0; size < frame.size(); ++size) {
      ASSERT_FALSE(decode_request(ByteView(frame).first(size)).ok()) << size;
    }
    frame.push_back(0);
    EXPECT_FALSE(decode_request(frame).ok()) << request_name(body);
  }
}

TEST(T34Codec, WhatAFlippedBitStillDecodesToEncodesToTheSameBytes) {
  const Bytes frame = encode_request({9, 500, sample_vote()});
  for (std::size_t bit = 0; bit < frame.size() * 8; ++bit) {
    Bytes flipped = frame;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << bit % 8);
    const auto decoded = decode_request(flipped);
    if (decoded.ok()) EXPECT_EQ(encode_request(*decoded), flipped) << bit;
  }
}

/// The refusal of bytes appended to a small request.
Refusal refusal_with(std::initializer_list<std::uint8_t> front,
                     std::initializer_list<std::uint8_t> back) {
  const Bytes frame = encode_request({9, 500, ReportCheckpoint{5}});
  Bytes bytes(front);
  append(bytes, frame);
  bytes.insert(bytes.end(), back);
  const auto decoded = decode_request(bytes);
  return decoded.ok() ? Refusal{} : decoded.error();
}

TEST(T34Codec, UnknownFieldsRepeatedFieldsAndOverlongVarintsNameTheField) {
  EXPECT_EQ(refusal_with({}, {0xfa, 0x01, 0x00}).field, "field 31");
  EXPECT_EQ(refusal_with({0x08, 0x09}, {}).field, "timeout_ms") << "the id stands twice";
  EXPECT_EQ(refusal_with({0x08, 0x89, 0x00}, {}).rule, Rule::kEncoding);
  EXPECT_NE(refusal_with({}, {0x08, 0x09}).expected, "") << "out of order";
}

TEST(T34Codec, BoundsAreNamedInThePath) {
  Request request{9, kMaxTimeoutMs + 1, GetStatus{}};
  EXPECT_EQ(decode_request(encode_request(request)).error(),
            (Refusal{Rule::kEncoding, "timeout_ms", "a value from 1 to 60000", "60001"}));
  request.timeout_ms = 1;
  SignVote vote;
  vote.chain_id = std::string(51, 'c');
  request.body = vote;
  EXPECT_EQ(decode_request(encode_request(request)).error(),
            (Refusal{Rule::kEncoding, "sign_vote.chain_id", "at most 50 bytes", "51 bytes"}));
  vote.chain_id = "tab\t";
  request.body = vote;
  EXPECT_EQ(decode_request(encode_request(request)).error().expected, "printable ASCII");
  vote = {};
  vote.timestamp.nanos = 1'000'000'000;
  request.body = vote;
  EXPECT_EQ(decode_request(encode_request(request)).error().field, "sign_vote.timestamp.nanos");
  vote = {};
  vote.extension = Bytes(10 * 1024 + 1);
  request.body = vote;
  EXPECT_EQ(decode_request(encode_request(request)).error().field, "sign_vote.extension");
}

TEST(T34Codec, AnOversizeFrameIsRefusedUnread) {
  const Refusal refusal = decode_request(Bytes(kMaxFrameBytes + 1)).error();
  EXPECT_EQ(refusal.field, "frame");
  EXPECT_EQ(refusal.found, "65537 bytes");
}

TEST(T34Codec, DefaultValuesWrittenOutAreRefused) {
  // report_checkpoint (field 11) with end_block written as zero.
  const Bytes zero{0x08, 0x09, 0x10, 0x01, 0x5a, 0x02, 0x08, 0x00};
  EXPECT_EQ(decode_request(zero).error().field, "report_checkpoint.end_block");
  const Bytes absent{0x08, 0x09, 0x10, 0x01, 0x5a, 0x00};
  EXPECT_TRUE(decode_request(absent).ok());
  const Bytes no_body{0x08, 0x09, 0x10, 0x01};
  EXPECT_EQ(decode_request(no_body).error().field, "body");
}

TEST(T34Codec, UnknownFieldsOfAVoteExtensionAreRefused) {
  Bytes extension = *sample_vote().extension;
  ASSERT_TRUE(decode_vote_extension(extension).ok());
  extension.insert(extension.end(), {0x28, 0x01});
  EXPECT_EQ(decode_vote_extension(extension).error(),
            (Refusal{Rule::kVoteExtension, "field 5", "known fields, each once, in ascending order",
                     "this one"}));
  EXPECT_FALSE(decode_vote_extension(Bytes(kMaxVoteExtensionBytes + 1)).ok());
}

TEST(Names, EveryPurposeAndRequestHasOne) {
  for (const Purpose purpose : kAllPurposes) {
    EXPECT_EQ(purpose_from_name(purpose_name(purpose)), purpose);
  }
  EXPECT_FALSE(purpose_from_name("raw_digest"));
  EXPECT_EQ(purpose_of(sample_vote()), Purpose::kVote);
  EXPECT_FALSE(purpose_of(GetStatus{}));
  EXPECT_EQ(rule_name(Rule::kVoteExtension), "vote_extension");
  EXPECT_EQ(rule_name(Rule{200}), "unknown");
}

}  // namespace
}  // namespace buri::hsm::wire
