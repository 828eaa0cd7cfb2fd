#include <gtest/gtest.h>

#include "base/random.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/codec/message.hpp"
#include "tests/unit/node/consensus/replay/chain_run.hpp"

/// Proposals of a recorded chain: each as it was, and each rule broken once.

namespace buri::consensus::app {
namespace {

using replay::bundled_chain;
using replay::ChainRun;

ExtendedCommit commit_of(const ProposedBlock& block) {
  return codec::decode<ExtendedCommit>(block.txs.front()).value();
}
void put(ProposedBlock& block, const ExtendedCommit& commit) {
  block.txs.front() = codec::encode(commit);
}

std::string judgement(ChainRun& run, const ProposedBlock& block) {
  const auto verdict = run.app().process_proposal(block);
  if (!verdict.ok()) return "error: " + verdict.error().log;
  return verdict->ok() ? "accepted" : verdict->error();
}

TEST(Proposal, OfEveryRecordedHeightIsAccepted) {
  ChainRun run(bundled_chain());
  while (!run.at_end()) {
    EXPECT_EQ(judgement(run, run.proposal()), "accepted") << run.next().record.height;
    run.step();
  }
}

/// A proposer that saw the votes which a recorded block carries, and has its transactions, proposes
/// that block.
TEST(Proposal, IsMadeAsRecorded) {
  ChainRun run(bundled_chain());
  while (!run.at_end()) {
    const ProposedBlock block = run.proposal();
    const auto made = run.app().prepare_proposal({.height = block.height,
                                                  .time = block.time,
                                                  .proposer = block.proposer,
                                                  .max_tx_bytes = 2'000'000,
                                                  .last_commit = commit_of(block),
                                                  .txs = {block.txs.begin() + 1, block.txs.end()}});
    ASSERT_TRUE(made.ok()) << made.error().log;
    EXPECT_EQ(*made, block.txs) << block.height;
    run.step();
  }
}

/// One way to break a block, and a part of the reason for which it must be refused.
struct Breakage {
  const char* name;
  const char* reason;
  void (*apply)(ProposedBlock&);
};

template <auto Change>
void change_commit(ProposedBlock& block) {
  ExtendedCommit commit = commit_of(block);
  Change(commit);
  put(block, commit);
}
template <auto Change>
void change_extension(ProposedBlock& block) {
  ExtendedCommit commit = commit_of(block);
  // Not the first, whose block hash the others are held against.
  VoteExtension extension = decode_extension(commit.votes[1].vote_extension).value();
  Change(extension);
  commit.votes[1].vote_extension = codec::encode(extension);
  put(block, commit);
}

const std::vector<Breakage>& breakages() {
  using Commit = ExtendedCommit;
  using Extension = VoteExtension;
  static const std::vector<Breakage> all{
      {"no transactions", "no transactions", [](ProposedBlock& b) { b.txs.clear(); }},
      {"undecodable commit", "does not decode", [](ProposedBlock& b) { b.txs[0] = {0xff}; }},
      {"another round", "another round", &change_commit<[](Commit& c) { ++c.round; }>},
      {"a vote left out", "missing", &change_commit<[](Commit& c) { c.votes.pop_back(); }>},
      {"a vote turned nil", "missing",
       &change_commit<[](Commit& c) { c.votes[0].block_id_flag = kFlagNil; }>},
      {"an unknown flag", "missing",
       &change_commit<[](Commit& c) { c.votes[0].block_id_flag = 9; }>},
      {"unknown fields", "unknown fields",
       &change_commit<[](Commit& c) { append(c.votes[0].vote_extension, Bytes{0x78, 1}); }>},
      {"no signature", "no extension signature",
       &change_commit<[](Commit& c) { c.votes[0].extension_signature.clear(); }>},
      {"a bad signature", "bad extension signature",
       &change_commit<[](Commit& c) { c.votes[0].extension_signature[5] ^= 1; }>},
      {"a changed power", "mismatching power",
       &change_commit<[](Commit& c) { ++c.votes[0].validator.power; }>},
      {"a vote twice", "duplicate vote",
       &change_commit<[](Commit& c) { c.votes.push_back(c.votes[0]); }>},
      {"an unknown validator", "failed to get validator", &change_commit<[](Commit& c) {
         c.votes.push_back(c.votes[0]);
         c.votes.back().validator.address.assign(20, 7);
       }>},
      {"a short address", "invalid validator address", &change_commit<[](Commit& c) {
         c.votes.push_back(c.votes[0]);
         c.votes.back().validator.address.resize(19);
       }>},
      {"too many placeholders", "insufficient", &change_commit<[](Commit& c) {
         for (ExtendedVote& vote : c.votes) vote = to_placeholder(vote);
       }>},
      {"another height", "invalid height", &change_extension<[](Extension& e) { --e.height; }>},
      {"another block", "another block hash",
       &change_extension<[](Extension& e) { e.block_hash[0] ^= 1; }>},
      {"an answer of a short hash", "invalid tx hash",
       &change_extension<[](Extension& e) { e.side_tx_responses = {{Bytes(31, 1), 1}}; }>},
      {"an unknown answer", "invalid vote result",
       &change_extension<[](Extension& e) { e.side_tx_responses = {{Bytes(32, 1), 3}}; }>},
      {"an answer twice", "duplicated votes",
       &change_extension<[](Extension& e) { e.side_tx_responses.assign(2, {Bytes(32, 1), 1}); }>},
      {"too many answers", "too many side tx responses", &change_extension<[](Extension& e) {
         e.side_tx_responses.assign(kMaxSideResponses + 1, {Bytes(32, 1), 1});
       }>},
      {"a proposition without blocks", "blocks",
       &change_extension<[](Extension& e) { e.milestone_proposition.emplace(); }>},
      {"an undecodable transaction", "does not decode",
       [](ProposedBlock& b) { b.txs.push_back({1, 2, 3}); }},
      {"a transaction twice", "fails its checks",
       [](ProposedBlock& b) { b.txs.push_back(b.txs.back()); }},
  };
  return all;
}

/// On the first recorded block from Zurich on that carries transactions beside the votes.
TEST(Proposal, IsRefusedForEachRuleItBreaks) {
  ChainRun run(bundled_chain());
  while (run.next().record.height < 20 || run.next().block.txs.size() < 2) run.step();
  ASSERT_EQ(judgement(run, run.proposal()), "accepted");
  for (const Breakage& breakage : breakages()) {
    ProposedBlock block = run.proposal();
    breakage.apply(block);
    const std::string found = judgement(run, block);
    EXPECT_NE(found.find(breakage.reason), std::string::npos) << breakage.name << ": " << found;
  }
  EXPECT_EQ(judgement(run, run.proposal()), "accepted");
}

TEST(Proposal, CarriesNoVotesInTheFirstBlock) {
  ChainRun run(bundled_chain());
  const Bytes later = run.at(20).block.txs.front();
  ProposedBlock block = run.proposal();
  ASSERT_EQ(judgement(run, block), "accepted");
  block.txs.front() = later;
  EXPECT_NE(judgement(run, block), "accepted");
}

/// What a vote's signature covers: a flipped bit of any of it refuses the block.
TEST(Proposal, IsRefusedForAnyFlippedBitOfAVote) {
  const std::uint64_t seed = system_random().next();
  SCOPED_TRACE("seed " + std::to_string(seed));
  SeededRandom random(seed);
  ChainRun run(bundled_chain());
  run.run_to(30);
  for (; run.next().record.height < 60; run.step()) {
    const ExtendedCommit recorded = commit_of(run.proposal());
    for (int trial = 0; trial < 8; ++trial) {
      ExtendedCommit commit = recorded;
      ExtendedVote& vote = commit.votes[random.below(commit.votes.size())];
      if (!counts(vote)) continue;
      Bytes* const parts[] = {&vote.vote_extension, &vote.extension_signature,
                              &vote.validator.address};
      Bytes& part = *parts[random.below(3)];
      // The last byte of a signature is V, which nobody looks at.
      const bool is_signature = &part == &vote.extension_signature;
      const std::size_t bytes = is_signature ? 64 : part.size();
      part[random.below(bytes)] ^= static_cast<std::uint8_t>(1U << random.below(8));
      ProposedBlock block = run.proposal();
      put(block, commit);
      EXPECT_NE(judgement(run, block), "accepted") << block.height;
    }
  }
}

TEST(Proposal, IgnoresTheLastByteOfASignature) {
  ChainRun run(bundled_chain());
  run.run_to(30);
  ProposedBlock block = run.proposal();
  ExtendedCommit commit = commit_of(block);
  commit.votes[0].extension_signature[64] ^= 1;
  put(block, commit);
  EXPECT_EQ(judgement(run, block), "accepted");
}

/// From Phuket on a proposer empties a bad vote and keeps its entry; validators accept that.
TEST(Proposal, EmptiesABadVote) {
  ChainRun run(bundled_chain());
  run.run_to(30);
  ProposedBlock block = run.proposal();
  ExtendedCommit commit = commit_of(block);
  // The weakest validator, so that two thirds are left.
  const auto weakest = std::ranges::min_element(
      commit.votes, {}, [](const ExtendedVote& vote) { return vote.validator.power; });
  weakest->extension_signature[0] ^= 1;
  const auto made = run.app().prepare_proposal({.height = block.height,
                                                .time = block.time,
                                                .proposer = block.proposer,
                                                .max_tx_bytes = 2'000'000,
                                                .last_commit = commit,
                                                .txs = {}});
  ASSERT_TRUE(made.ok()) << made.error().log;
  block.txs = *made;
  const ExtendedCommit proposed = commit_of(block);
  EXPECT_EQ(std::ranges::count_if(proposed.votes, &is_placeholder), 1);
  EXPECT_EQ(judgement(run, block), "accepted");
}

TEST(Proposal, LeavesOutWhatDoesNotFit) {
  ChainRun run(bundled_chain());
  while (run.next().record.height < 20 || run.next().block.txs.size() < 2) run.step();
  const ProposedBlock block = run.proposal();
  const auto made = run.app().prepare_proposal(
      {.height = block.height,
       .time = block.time,
       .proposer = block.proposer,
       .max_tx_bytes = static_cast<std::int64_t>(block.txs.front().size()) + 4,
       .last_commit = commit_of(block),
       .txs = {block.txs.begin() + 1, block.txs.end()}});
  // Too little space for the votes of four empties them, so that nothing can be proposed.
  EXPECT_FALSE(made.ok());
  const auto fitting = run.app().prepare_proposal({.height = block.height,
                                                   .time = block.time,
                                                   .proposer = block.proposer,
                                                   .max_tx_bytes = 2'000'000,
                                                   .last_commit = commit_of(block),
                                                   .txs = {block.txs[1], block.txs[1]}});
  ASSERT_TRUE(fitting.ok());
  EXPECT_EQ(fitting->size(), 2U) << "a transaction that was taken is not taken again";
}

}  // namespace
}  // namespace buri::consensus::app
