#include "node/consensus/engine/message.hpp"

#include <gtest/gtest.h>

#include "base/hex.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"

namespace buri::consensus::engine {
namespace {

Message decoded(std::string_view hex) { return decode_message(*from_hex(hex)).value(); }

BlockId some_block() {
  BlockId id;
  id.hash.emplace().bytes.fill(0x11);
  id.parts.total = 2;
  id.parts.hash.emplace().bytes.fill(0x22);
  return id;
}

Vote precommit() {
  Vote vote;
  vote.type = VoteType::kPrecommit;
  vote.height = 77;
  vote.block_id = some_block();
  vote.timestamp = {1'700'000'000, 5};
  vote.signature = Bytes(65, 1);
  vote.extension = {1, 2};
  vote.extension_signature = Bytes(65, 2);
  vote.non_rp_extension = {3};
  vote.non_rp_signature = Bytes(65, 3);
  return vote;
}

// golden/heimdall-devnet/wire/messages.json, marshalled by the fork's own code.
TEST(ConsensusMessage, RecordedMessagesEncodeToTheSameBytes) {
  const auto messages = testing::recorded_messages("consensus ");
  if (!messages) GTEST_SKIP() << "no recorded messages beside the large suites";
  EXPECT_EQ(messages->size(), 16U);
  for (const testing::RecordedMessage& recorded : *messages) {
    const auto message = decode_message(recorded.bytes);
    ASSERT_TRUE(message.ok()) << recorded.name << ": " << codec::describe(message.error());
    EXPECT_EQ(to_hex(encode_message(*message)), to_hex(recorded.bytes)) << recorded.name;
    // The recording's inner part of ten bytes, and its 70 bits for two parts, keep no rules.
    const bool is_odd = recorded.name.ends_with("Part") || recorded.name.ends_with("ValidBlock");
    EXPECT_EQ(check_basic(*message).ok(), !is_odd) << recorded.name;
  }
}

TEST(ConsensusMessage, FieldsAreRead) {
  const auto step = std::get<NewRoundStep>(decoded("0a0f0801180128ffffffffffffffffff01"));
  EXPECT_EQ(step, (NewRoundStep{1, 0, Step::kNewHeight, 0, -1}));
  const auto has = std::get<HasVote>(decoded("3a08084d100118022003"));
  EXPECT_EQ(has, (HasVote{77, 1, VoteType::kPrecommit, 3}));
  const auto pol = std::get<ProposalPol>(decoded("2213084d1a0f0846120b8980808080808080800121"));
  EXPECT_EQ(pol.prevotes.size(), 70U);
  EXPECT_EQ(pol.prevotes.count(), 5U);
}

TEST(ConsensusMessage, OfSeveralTheLastCountsAndUnknownFieldsAreSkipped) {
  EXPECT_EQ(std::get<HasVote>(decoded("0a04080518035200"
                                      "3a08084d100118022003")),
            (HasVote{77, 1, VoteType::kPrecommit, 3}));
}

TEST(ConsensusMessage, WithoutATimeIsGosZeroTime) {
  Vote vote = precommit();
  vote.timestamp = kZeroTime;
  Bytes bytes = encode_vote(vote);
  const Bytes field = *from_hex("2a0b088092b8c398feffffff01");
  const auto found = std::search(bytes.begin(), bytes.end(), field.begin(), field.end());
  ASSERT_NE(found, bytes.end());
  bytes.erase(found, found + static_cast<std::ptrdiff_t>(field.size()));
  EXPECT_EQ(decode_vote(bytes).value(), vote);
}

TEST(ConsensusMessage, RefusesWhatIsNoMessage) {
  const std::vector<std::pair<std::string_view, codec::DecodeError>> cases = {
      {"", codec::DecodeError::kUnknownField},
      {"5200", codec::DecodeError::kUnknownField},                     // field 10
      {"0801", codec::DecodeError::kWireType},                         // field 1 as a number
      {"0a02080d1803", codec::DecodeError::kValue},                    // step 0
      {"0a021809", codec::DecodeError::kValue},                        // step 9
      {"3200", codec::DecodeError::kValue},                            // no vote
      {"3a021803", codec::DecodeError::kValue},                        // vote type 3
      {"22041a020801", codec::DecodeError::kValue},                    // one bit, no word
      {"220d1a0b08ffffffffffffffffff01", codec::DecodeError::kValue},  // -1 bits
      {"0a0508", codec::DecodeError::kTruncated},
  };
  for (const auto& [hex, error] : cases) {
    const auto message = decode_message(*from_hex(hex));
    ASSERT_FALSE(message.ok()) << hex;
    EXPECT_EQ(message.error(), error) << hex;
  }
}

TEST(ConsensusMessage, RefusesTimesThatGoHasNot) {
  Vote vote = precommit();
  for (const Timestamp time : {Timestamp{0, -1}, Timestamp{0, 1'000'000'000},
                               Timestamp{253'402'300'800, 0}, Timestamp{-62'135'596'801, 0}}) {
    vote.timestamp = time;
    EXPECT_FALSE(decode_vote(encode_vote(vote)).ok()) << time.seconds << ' ' << time.nanos;
  }
}

struct VoteSlip {
  std::string_view field;
  void (*make)(Vote& vote);
};

TEST(ConsensusMessage, VotesKeepTheBasicRules) {
  ASSERT_TRUE(check_basic(precommit()).ok());
  const std::vector<VoteSlip> slips = {
      {"height", [](Vote& vote) { vote.height = 0; }},
      {"round", [](Vote& vote) { vote.round = -1; }},
      {"block_id", [](Vote& vote) { vote.block_id.parts.hash.reset(); }},
      {"validator_index", [](Vote& vote) { vote.validator_index = -1; }},
      {"signature", [](Vote& vote) { vote.signature.clear(); }},
      {"signature", [](Vote& vote) { vote.signature.push_back(0); }},
      {"extension", [](Vote& vote) { vote.type = VoteType::kPrevote; }},
      {"extension", [](Vote& vote) { vote.block_id = BlockId{}; }},
      {"extension_signature", [](Vote& vote) { vote.extension_signature.clear(); }},
      {"extension_signature", [](Vote& vote) { vote.extension_signature.push_back(0); }},
      {"non_rp_extension_signature", [](Vote& vote) { vote.non_rp_signature.clear(); }},
      {"extension_signature",
       [](Vote& vote) {
         vote.non_rp_extension.clear();
         vote.non_rp_signature.clear();
       }},
  };
  for (const VoteSlip& slip : slips) {
    Vote vote = precommit();
    slip.make(vote);
    const auto checked = check_basic(vote);
    ASSERT_FALSE(checked.ok()) << slip.field;
    EXPECT_EQ(checked.error().field, slip.field) << checked.error().expected;
  }
}

TEST(ConsensusMessage, OtherMessagesKeepTheirBasicRules) {
  const auto field = [](const Message& message) {
    const auto checked = check_basic(message);
    return checked.ok() ? std::string_view() : checked.error().field;
  };
  Proposal proposal{5, 1, -1, some_block(), {}, Bytes(65, 1), {}};
  EXPECT_EQ(field(proposal), "");
  proposal.pol_round = -2;
  EXPECT_EQ(field(proposal), "pol_round");
  proposal.pol_round = 0;
  proposal.block_id = {};
  EXPECT_EQ(field(proposal), "block_id");
  EXPECT_EQ(field(NewRoundStep{1, 0, Step::kPropose, -5, -1}), "");
  EXPECT_EQ(field(NewRoundStep{1, 0, Step::kPropose, 0, -2}), "last_commit_round");
  const PartSetHeader parts = some_block().parts;
  EXPECT_EQ(field(NewValidBlock{1, 0, parts, BitArray(2), false}), "");
  EXPECT_EQ(field(NewValidBlock{1, 0, parts, BitArray(3), false}), "block_parts");
  EXPECT_EQ(field(NewValidBlock{1, 0, {}, {}, false}), "block_parts");
  EXPECT_EQ(field(NewValidBlock{1, 0, {1602, parts.hash}, BitArray(1602), false}), "block_parts");
  EXPECT_EQ(field(ProposalPol{1, 0, BitArray(10'000)}), "");
  EXPECT_EQ(field(ProposalPol{1, 0, BitArray(10'001)}), "proposal_pol");
  EXPECT_EQ(field(ProposalPol{1, 0, {}}), "proposal_pol");
  EXPECT_EQ(field(HasVote{1, 0, VoteType::kPrevote, -1}), "index");
  EXPECT_EQ(field(VoteSetMaj23{-1, 0, VoteType::kPrevote, {}}), "height");
  EXPECT_EQ(field(VoteSetBits{1, -7, VoteType::kPrevote, {}, {}}), "") << "as in the stock node";
  EXPECT_EQ(field(VoteSetBits{1, 0, VoteType::kPrevote, {}, BitArray(10'001)}), "votes");
}

}  // namespace
}  // namespace buri::consensus::engine
