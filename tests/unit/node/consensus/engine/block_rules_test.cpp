#include "node/consensus/engine/block_rules.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/hashes.hpp"
#include "node/consensus/engine/part_set.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"
#include "tests/unit/node/consensus/engine/recorded_messages.hpp"
#include "tests/unit/node/golden.hpp"

/// Blocks of the recorded chain B, with four validators whose powers and number change: each is
/// made again byte for byte from what came before it, keeps the rules, and breaks them once
/// changed.

namespace buri::consensus::engine {
namespace {

struct Slip {
  std::string_view rule;
  std::function<void(Block&)> make;
};

/// Changes that a header cannot hide, since the rules before theirs still hold.
const std::vector<Slip>& slips() {
  static const std::vector<Slip> kSlips{
      {"block version", [](Block& b) { ++b.header.block_version; }},
      {"app version", [](Block& b) { ++b.header.app_version; }},
      {"chain id", [](Block& b) { b.header.chain_id += "x"; }},
      {"height", [](Block& b) { ++b.header.height; }},
      {"last block id", [](Block& b) { ++b.header.last_block_id.parts.total; }},
      {"last commit hash", [](Block& b) { ++b.last_commit.signatures[0].timestamp.nanos; }},
      {"data hash", [](Block& b) { b.txs.emplace_back(Bytes{1}); }},
      {"evidence hash", [](Block& b) { b.evidence.push_back({false, {1}}); }},
      {"app hash", [](Block& b) { b.header.app_hash[0] ^= 1; }},
      {"consensus hash", [](Block& b) { b.header.consensus_hash->bytes[0] ^= 1; }},
      {"last results hash", [](Block& b) { b.header.last_results_hash->bytes[0] ^= 1; }},
      {"validators hash", [](Block& b) { b.header.validators_hash->bytes[0] ^= 1; }},
      {"next validators hash", [](Block& b) { b.header.next_validators_hash.reset(); }},
      {"proposer", [](Block& b) { b.header.proposer_address.bytes[0] ^= 1; }},
      {"last commit",
       [](Block& b) {
         b.last_commit.signatures[0].signature[5] ^= 1;
         b.header.last_commit_hash = commit_hash(testing::engine(), b.last_commit);
       }},
      {"time", [](Block& b) { ++b.header.time.nanos; }},
      {"evidence",
       [](Block& b) {
         b.evidence.push_back({false, Bytes(11'000, 1)});
         b.header.evidence_hash = evidence_hash(testing::engine(), b.evidence);
       }},
  };
  return kSlips;
}

TEST(BlockRules, RecordedChainIsMadeAgainAndKeepsThem) {
  const std::vector<records::BlockRecord> records = recorded_blocks();
  ASSERT_EQ(records.size(), 160U);
  ChainState chain = chain_before(records[0]);
  BatchedSignatures signatures(testing::engine(), chain.chain_id);
  std::size_t proposers = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const records::BlockRecord& record = records[i];
    const Block block = decode_block(record.block).value();
    const auto checked = check_block(testing::engine(), signatures, chain, block);
    ASSERT_TRUE(checked.ok()) << record.height << ": " << describe(checked.error());
    const Block again =
        make_block(testing::engine(), chain, {block.txs, block.evidence, block.last_commit},
                   block.header.proposer_address);
    EXPECT_EQ(header_hash(testing::engine(), again.header), record.block_hash) << record.height;
    EXPECT_EQ(encode_block(again), record.block) << record.height;
    const std::int64_t room = max_transaction_bytes(chain, evidence_bytes(block.evidence));
    EXPECT_LE(transaction_bytes(block.txs), room);
    if (decode_commit(record.seen_commit)->round == 0) {
      ++proposers;
      EXPECT_EQ(chain.validators.proposer().address, block.header.proposer_address);
    }
    const Slip& slip = slips()[i % slips().size()];
    Block wrong = block;
    if (!chain.is_first()) {
      slip.make(wrong);
      const auto refused = check_block(testing::engine(), signatures, chain, wrong);
      ASSERT_FALSE(refused.ok()) << slip.rule;
      EXPECT_EQ(refused.error().rule, slip.rule);
    }
    if (i + 1 == records.size()) break;
    chain = chain_after(chain, record, records[i + 1]);
  }
  EXPECT_GT(proposers, 100U);
}

TEST(BlockRules, MedianTimeIsWeightedByPower) {
  std::vector<Validator> members(3);
  for (std::size_t i = 0; i < 3; ++i) {
    members[i].address.bytes[0] = static_cast<std::uint8_t>(i + 1);
    members[i].voting_power = 10;
  }
  members[0].voting_power = 30;
  const ValidatorSet set = ValidatorSet::restore(members).value();
  Commit commit;
  for (std::size_t i = 0; i < 3; ++i) {
    commit.signatures.push_back(
        {BlockIdFlag::kCommit, members[i].address, {100 + static_cast<std::int64_t>(i), 0}, {}});
  }
  EXPECT_EQ(median_time(commit, set).seconds, 100);
  commit.signatures[0].timestamp.seconds = 500;
  EXPECT_EQ(median_time(commit, set).seconds, 500) << "25 of 50 lie beyond the two small ones";
  commit.signatures[0].flag = BlockIdFlag::kAbsent;
  EXPECT_EQ(median_time(commit, set).seconds, 101);
  commit.signatures[1].flag = BlockIdFlag::kNil;
  EXPECT_EQ(median_time(commit, set).seconds, 101) << "nil votes count";
  commit.signatures[1].validator_address->bytes[0] = 9;
  EXPECT_EQ(median_time(commit, set).seconds, 102) << "strangers do not";
}

// wire/messages.json, "evidence bytes (leaf of the evidence hash)".
TEST(DuplicateVote, RoundTripsTheStockNodesEvidence) {
  const auto recorded = testing::recorded_messages("evidence bytes");
  if (!recorded) GTEST_SKIP() << "no recorded messages beside the large suites";
  ASSERT_EQ(recorded->size(), 1U);
  const Bytes& bytes = recorded->front().bytes;
  const auto evidence = decode_duplicate_vote(bytes);
  ASSERT_TRUE(evidence.ok());
  EXPECT_EQ(encode_duplicate_vote(*evidence).encoded, bytes);
  Validator validator;
  validator.address = evidence->vote_a.validator_address;
  validator.voting_power = evidence->validator_power;
  Validator rest;
  rest.address.bytes[0] = 1;
  rest.voting_power =
      std::max<std::int64_t>(evidence->total_voting_power - evidence->validator_power, 1);
  const Validator members[] = {validator, rest};
  const ValidatorSet set = ValidatorSet::create(members).value();
  const auto made =
      make_duplicate_vote(evidence->vote_b, evidence->vote_a, evidence->timestamp, set);
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(made->vote_a, evidence->vote_a);
  EXPECT_EQ(made->vote_b, evidence->vote_b);
  EXPECT_EQ(made->validator_power, evidence->validator_power);
  Vote stranger = evidence->vote_a;
  stranger.validator_address.bytes[0] ^= 1;
  EXPECT_FALSE(make_duplicate_vote(stranger, evidence->vote_b, {}, set).has_value());
}

TEST(ProposalSignBytes, HoldTheBlobIdWhereThereIsOne) {
  Proposal proposal;
  proposal.height = 5;
  proposal.block_id.hash.emplace();
  proposal.block_id.parts = {1, Hash256{}};
  const Bytes plain = proposal_sign_bytes("chain", proposal);
  proposal.blob_id = proposal.block_id;
  const Bytes longer = proposal_sign_bytes("chain", proposal);
  // Tag, length and the blob id's 72 bytes; the length before all of it takes a byte more.
  ASSERT_EQ(longer.size(), plain.size() + 75);
  EXPECT_TRUE(equal(ByteView(longer).subspan(2, plain.size() - 1), ByteView(plain).subspan(1)));
  EXPECT_EQ(longer[plain.size() + 1], 0x42);
}

}  // namespace
}  // namespace buri::consensus::engine
