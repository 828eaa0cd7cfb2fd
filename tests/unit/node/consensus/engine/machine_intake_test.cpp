#include <deque>

#include "node/consensus/engine/duplicate_vote.hpp"
#include "node/consensus/engine/machine.hpp"
#include "tests/unit/node/consensus/engine/puppet_rows.hpp"

/// What the machine takes in and what it refuses, in which order it speaks, and how it comes back
/// from its log.

namespace buri::consensus::engine {
namespace {

using namespace testing;

TEST(Machine, LatePrecommitsJoinTheLastCommitUntilTheNextRound) {
  Puppet puppet;
  play(puppet, {kBegin, kRound0, kProposeA, kLockA});
  const Vote late = puppet.vote(VoteType::kPrecommit, "A", 3, 0);
  const Vote later = puppet.vote(VoteType::kPrecommit, "A", 2, 0);
  play(puppet, {{"precommit A 0 2", kCommitA}});
  EXPECT_EQ(puppet.machine().state().last_commit->voters().count(), 3U);
  puppet.give(MessagesArrived{{{late, "peer"}}});
  EXPECT_EQ(puppet.machine().state().last_commit->voters().count(), 4U);
  play(puppet, {{"timeout NewHeight",
                 "round 0, timer Propose, ask, @Propose, sign proposal O pol -1, judge O, "
                 "@Prevote, sign prevote O"}});
  puppet.give(MessagesArrived{{{later, "peer"}}});
  EXPECT_EQ(puppet.machine().state().last_commit->voters().count(), 4U);
}

TEST(Machine, CountsVotesAndPartsThatComeLateOrTwice) {
  Puppet puppet;
  play(puppet, {kBegin, kRound0});
  const auto intake = [&]() -> const IntakeCounts& { return puppet.machine().state().intake; };
  const auto send = [&](Message message) {
    puppet.give(MessagesArrived{{{std::move(message), "peer"}}});
  };
  const PartSet parts = PartSet::split(Bytes(100, 1));
  send(BlockPart{1, 0, *parts.part(0)});
  EXPECT_EQ(intake().other_parts, 1U) << "no proposal is here";
  play(puppet, {kProposeA});
  const std::uint64_t of_block = intake().parts_of_block;
  EXPECT_GT(of_block, 0U);
  EXPECT_EQ(intake().duplicate_parts, 0U);
  send(BlockPart{1, 0, *puppet.machine().state().proposal_parts->part(0)});
  EXPECT_EQ(intake().duplicate_parts, 1U);
  EXPECT_EQ(intake().parts_of_block, of_block + 1) << "it is of the block all the same";
  Part beyond = *parts.part(0);
  beyond.index = 99;
  send(BlockPart{1, 0, beyond});
  EXPECT_EQ(intake().other_parts, 2U) << "the block has no such place";

  const Vote prevote = puppet.vote(VoteType::kPrevote, "A", 0, 0);
  send(prevote);
  EXPECT_EQ(intake().duplicate_votes, 0U);
  send(prevote);
  EXPECT_EQ(intake().duplicate_votes, 1U);
  play(puppet, {{"prevote A 2", "valid, lock, extend A, @Precommit, sign precommit A"},
                {"precommit A 0 2", kCommitA}});
  EXPECT_EQ(intake().late_prevotes, 0U);
  EXPECT_EQ(intake().late_precommits, 0U);
  send(prevote);
  EXPECT_EQ(intake().late_prevotes, 1U) << "the height is over, the counts go on";
  EXPECT_EQ(intake().duplicate_votes, 1U);
}

TEST(Machine, ConflictingVotesBecomeEvidenceOnceTheHeightIsDecided) {
  Puppet puppet;
  play(puppet, {kBegin,
                kRound0,
                kProposeA,
                {"prevote B 3", ""},
                {"prevote A 3", ""},
                {"prevote A 0", "timer PrevoteWait, @PrevoteWait"},
                {"prevote A 2", "valid, lock, extend A, @Precommit, sign precommit A"},
                {"precommit A 0 2",
                 "@Commit, save A, apply A, end 1, evidence, @NewHeight, timer NewHeight"}});
  for (const Effect& effect : puppet.effects()) {
    const auto* report = std::get_if<ReportEvidence>(&effect);
    if (report == nullptr) continue;
    const auto evidence = decode_duplicate_vote(report->piece.encoded);
    ASSERT_TRUE(evidence.ok());
    EXPECT_EQ(evidence->vote_a.validator_index, 3);
    EXPECT_EQ(evidence->total_voting_power, 40);
    EXPECT_EQ(evidence->validator_power, 10);
    EXPECT_EQ(evidence->timestamp, puppet.machine().chain().last_time);
    EXPECT_EQ(encode_duplicate_vote(*evidence).encoded, report->piece.encoded);
  }
}

TEST(Machine, AClaimedMajorityCountsWhatItWouldNotElse) {
  Puppet puppet;
  play(puppet, {kBegin,
                kRound0,
                kProposeA,
                {"prevote B 3", ""},
                {"claim A r 0", "answer bits"},
                {"claim B r 0", "drop peer"},
                {"prevote A 3", ""},
                {"prevote A 0", "valid, lock, extend A, @Precommit, sign precommit A"}});
}

TEST(Machine, AReplayCountsWhatAClaimLetCount) {
  Puppet puppet;
  play(puppet, {kBegin,
                kRound0,
                kProposeA,
                {"prevote B 3", ""},
                {"claim A r 0", "answer bits"},
                {"prevote A 3", ""},
                {"prevote A 0", "valid, lock, extend A, @Precommit, sign precommit A"}});
  puppet.restart(puppet.log().size());
  ASSERT_NE(puppet.machine().state().locked.block, nullptr) << "it has precommitted A";
  EXPECT_EQ(puppet.machine().state().locked.block->hash, puppet.id_of("A").hash);
}

/// Plays the words; the application accepts everything, the signer signs nothing.
void run_without_signer(Puppet& puppet, std::initializer_list<const char*> words) {
  for (const char* one : words) {
    puppet.run(one);
    std::deque<Effect> asked(puppet.effects().begin(), puppet.effects().end());
    for (; !asked.empty(); asked.pop_front()) {
      if (const auto* sign = std::get_if<Sign>(&asked.front())) {
        puppet.give(SignerAnswered{sign->id, std::nullopt});
      } else if (const auto* verdict = std::get_if<AskVerdict>(&asked.front())) {
        puppet.give(BlockJudged{verdict->id, true});
      } else {
        continue;
      }
      asked.insert(asked.end(), puppet.effects().begin(), puppet.effects().end());
    }
  }
}

TEST(Machine, APrevoteThatIsNotSignedDoesNotHoldUpAPolka) {
  Puppet puppet({.own = 2, .answers = false});
  run_without_signer(puppet, {"begin", "timeout NewHeight", "timeout Propose", "prevote - 0 3",
                              "precommit - 0 1 3", "timeout PrecommitWait", "propose A pol 0",
                              "prevote A 0 1 3 r 1"});
  EXPECT_EQ(puppet.machine().state().round, 1);
  EXPECT_EQ(puppet.machine().state().step, Step::kPropose) << "the proof of lock is missing";
  run_without_signer(puppet, {"prevote A 1 r 0", "claim A r 0", "prevote A 0 3 r 0"});
  EXPECT_EQ(puppet.machine().state().step, Step::kPrecommit);
  EXPECT_EQ(puppet.machine().state().locked.round, 1);
}

/// The requests to the signer in the last effects, answered with nothing.
std::string fail_to_sign(Puppet& puppet, bool is_final) {
  for (const Effect& effect : std::vector<Effect>(puppet.effects())) {
    const auto* sign = std::get_if<Sign>(&effect);
    if (sign != nullptr) return puppet.give(SignerAnswered{sign->id, std::nullopt, is_final});
  }
  return "nothing was to be signed";
}

TEST(Machine, ASignerThatWasNotReachedIsAskedAgainWhileTheRoundStands) {
  Puppet puppet({.own = 2, .answers = false});
  puppet.run("begin");
  puppet.run("timeout NewHeight");
  puppet.run("timeout Propose");
  EXPECT_EQ(fail_to_sign(puppet, false), "not signed, sign prevote -");
  EXPECT_EQ(fail_to_sign(puppet, false), "not signed, sign prevote -");
  EXPECT_EQ(fail_to_sign(puppet, true), "not signed") << "a refusal is final";
}

TEST(Machine, ASignerThatWasNotReachedIsNotAskedForWhatIsOver) {
  Puppet puppet({.own = 2, .answers = false});
  puppet.run("begin");
  puppet.run("timeout NewHeight");
  puppet.run("timeout Propose");
  const std::vector<Effect> asked = puppet.effects();
  puppet.run("precommit - 0 1 3");
  puppet.run("timeout PrecommitWait");
  EXPECT_EQ(puppet.machine().state().round, 1);
  for (const Effect& effect : asked) {
    const auto* sign = std::get_if<Sign>(&effect);
    if (sign == nullptr) continue;
    EXPECT_EQ(puppet.give(SignerAnswered{sign->id, std::nullopt, false}),
              "not signed, sign precommit -")
        << "the prevote is given up, the precommit of its round is next";
  }
}

TEST(Machine, RefusesAForgedProposal) {
  Puppet puppet;
  play(puppet, {kBegin, kRound0});
  Proposal proposal{1, 0, -1, puppet.id_of("A"), {1, 0}, Bytes(65, 1), {}};
  EXPECT_EQ(puppet.give(MessagesArrived{{{proposal, "peer"}}}), "erred");
  proposal.pol_round = 0;
  EXPECT_EQ(puppet.give(MessagesArrived{{{proposal, "peer"}}}), "erred");
  proposal.pol_round = -1;
  proposal.block_id.parts.total = 40;
  EXPECT_EQ(puppet.give(MessagesArrived{{{proposal, "peer"}}}), "drop peer");
  proposal.round = 1;
  EXPECT_EQ(puppet.give(MessagesArrived{{{proposal, "peer"}}}), "") << "of another round";
}

TEST(Machine, ForgedAndRefusedVotesDoNotCount) {
  Puppet puppet;
  play(puppet, {kBegin, kRound0, kProposeA});
  Vote forged = puppet.vote(VoteType::kPrevote, "A", 2, 0);
  forged.timestamp.nanos ^= 1;
  EXPECT_EQ(puppet.give(MessagesArrived{{{forged, "peer"}}}), "erred");
  forged.validator_index = 0;
  EXPECT_EQ(puppet.give(MessagesArrived{{{forged, "peer"}}}), "erred");
  Vote liar = puppet.vote(VoteType::kPrecommit, "A", 2, 0);
  liar.extension = {0xbb};
  testing::toy_sign("toy-1", liar, true);
  EXPECT_EQ(puppet.give(MessagesArrived{{{liar, "peer"}}}), "erred") << "the application refuses";
  EXPECT_EQ(puppet.machine().state().votes->find(0, VoteType::kPrecommit)->voters().count(), 0U);
  Vote far = puppet.vote(VoteType::kPrevote, "A", 2, 5);
  EXPECT_EQ(puppet.give(MessagesArrived{{{far, "peer"}}}), "") << "a peer may open two rounds";
  far = puppet.vote(VoteType::kPrevote, "A", 2, 6);
  EXPECT_EQ(puppet.give(MessagesArrived{{{far, "peer"}}}), "");
  far = puppet.vote(VoteType::kPrevote, "A", 2, 7);
  EXPECT_EQ(puppet.give(MessagesArrived{{{far, "peer"}}}), "erred");
}

TEST(Machine, VotesThatArriveTogetherAreOneBatch) {
  Puppet puppet;
  play(puppet, {kBegin, kRound0, kProposeA});
  const std::size_t before = puppet.signatures().batches;
  play(puppet, {{"prevote B 0 2 3", "timer PrevoteWait, @PrevoteWait, valid"}});
  EXPECT_EQ(puppet.signatures().batches, before + 1);
  EXPECT_EQ(puppet.signatures().longest_batch, 3U);
  play(puppet, {{"prevote B 0 2 3", ""}});
  EXPECT_EQ(puppet.signatures().batches, before + 1) << "known votes cost nothing";
}

TEST(Machine, TakesPartsInAnyOrderAndABlockOfSeveral) {
  Puppet puppet;
  play(puppet,
       {kBegin, kRound0, {"proposal L", ""}, {"parts L", "judge L, @Prevote, sign prevote L"}});
}

TEST(Machine, SaysThingsInTheOrderInWhichItDecidedOnThem) {
  Puppet::Options options;
  options.answers = false;
  Puppet puppet(options);
  play(puppet, {kBegin,
                kRound0,
                {"propose A", "judge A, @Prevote"},
                // It goes on while the application thinks.
                {"prevote A 0 2 3", "valid, lock, extend A, @Precommit"},
                {"answer", "sign prevote A"},
                {"answer", ""},
                {"answer", "sign precommit A"}});
}

TEST(Machine, WaitsWithEverythingWhileABlockIsExecuted) {
  Puppet::Options options;
  options.answers = false;
  options.extensions_height = 0;
  options.own = 3;
  Puppet puppet(options);
  play(puppet, {kBegin,
                kRound0,
                {"propose A", "judge A, @Prevote"},
                {"precommit A 0 1 2", "@Precommit, @Commit, save A, apply A"},
                {"timeout PrecommitWait", ""}});
  Vote next = puppet.vote(VoteType::kPrevote, "-", 0, 0);
  next.height = 2;
  testing::toy_sign("toy-1", next, false);
  EXPECT_EQ(puppet.give(MessagesArrived{{{next, "peer"}}}), "");
  play(puppet,
       {{"answer", ""}, {"answer", "end 1, sign precommit -, @NewHeight, timer NewHeight"}});
  EXPECT_EQ(puppet.machine().state().votes->find(0, VoteType::kPrevote)->voters().count(), 1U);
}

/// The log's part in a run's effects: "sync", and each write of the node's own, "durable" or not.
std::string durability_of(const Puppet& puppet) {
  std::string text;
  for (const Effect& effect : puppet.effects()) {
    std::string word;
    if (std::holds_alternative<SyncWal>(effect)) word = "sync";
    if (const auto* sign = std::get_if<Sign>(&effect)) {
      word = std::holds_alternative<hsm::wire::SignProposal>(sign->request) ? "sign proposal"
                                                                            : "sign vote";
    }
    const auto* write = std::get_if<WriteWal>(&effect);
    if (write != nullptr && !std::holds_alternative<StepEntered>(write->entry)) {
      word = write->is_synced ? "durable" : "write";
    }
    if (!word.empty()) text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

TEST(Machine, VotesAreDurableBeforeTheyCountAndAllBeforeThemIsToo) {
  Puppet::Options options;
  options.own = 0;
  Puppet puppet(options);
  play(puppet, {kBegin});
  puppet.run("timeout NewHeight");
  EXPECT_EQ(durability_of(puppet), "write, sign proposal, write, write, sync, sign vote, durable");
  puppet.run("prevote O 1 2");
  EXPECT_EQ(durability_of(puppet), "write, write, sync, sign vote, durable");
  puppet.run("precommit O 1 2");
  EXPECT_EQ(durability_of(puppet), "write, write, write");
}

TEST(Machine, PassesOverATimeoutOfALaterRound) {
  Puppet puppet;
  play(puppet, {kBegin});
  EXPECT_EQ(puppet.give(TimeoutFired{0, 1, 1, Step::kPropose}), "");
  play(puppet, {kRound0});
  EXPECT_EQ(puppet.give(TimeoutFired{0, 1, 1, Step::kPrevoteWait}), "");
  play(puppet, {kProposeA});
}

TEST(Machine, ReplayedLogLeadsToTheSamePlace) {
  Puppet puppet;
  play(puppet,
       {kBegin,
        kRound0,
        kProposeA,
        kLockA,
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, sign prevote A, @Prevote"}});
  const std::size_t whole = puppet.log().size();
  EXPECT_EQ(puppet.restart(whole), "round 0, valid, lock, round 1 | timer Propose");
  EXPECT_EQ(puppet.machine().state().locked.round, 0);
  EXPECT_EQ(puppet.machine().state().step, Step::kPrevote);
  play(puppet, {{"prevote A 0 2", "valid, relock, extend A, @Precommit, sign precommit A"}});
}

TEST(Machine, ReplayAsksAgainForWhatTheLogLacks) {
  Puppet puppet;
  play(puppet, {kBegin, kRound0, kProposeA, kLockA});
  // The last record is its own precommit.
  EXPECT_EQ(puppet.restart(puppet.log().size() - 1),
            "round 0, valid, lock | timer Propose, extend A, sign precommit A");
  EXPECT_EQ(puppet.restart(puppet.log().size()), "round 0, valid, lock | timer Propose");
  play(puppet, {{"precommit A 0 2", kCommitA}});
  EXPECT_EQ(puppet.restart(puppet.log().size()), " | timer NewHeight");
}

/// What the signer was asked for, by place: never two things for one place.
class Signatures {
 public:
  void look(const Puppet& puppet) {
    for (const Effect& effect : puppet.effects()) {
      const auto* sign = std::get_if<Sign>(&effect);
      if (sign == nullptr) continue;
      const auto* vote = std::get_if<hsm::wire::SignVote>(&sign->request);
      ASSERT_NE(vote, nullptr);
      const auto [known, is_new] =
          asked_.emplace(std::tuple(vote->height, vote->round, vote->type), vote->block_id);
      EXPECT_EQ(known->second, vote->block_id);
    }
  }

 private:
  std::map<std::tuple<std::int64_t, std::int32_t, VoteType>, BlockId> asked_;
};

TEST(Machine, ComesBackFromALogCutAtAnyRecord) {
  const std::vector<std::string> events{"timeout NewHeight", "propose A", "prevote A 0 2",
                                        "precommit A 0 2"};
  for (std::size_t before = 1; before < events.size(); ++before) {
    for (std::size_t records = 0; records <= 12; ++records) {
      Puppet puppet;
      Signatures signatures;
      puppet.run("begin");
      for (std::size_t i = 0; i < before; ++i) {
        puppet.run(events[i]);
        signatures.look(puppet);
      }
      puppet.restart(std::min(records, puppet.log().size()));
      signatures.look(puppet);
      for (const std::string& event : events) {
        puppet.run(event);
        signatures.look(puppet);
      }
      EXPECT_EQ(puppet.machine().chain().last_height, 1) << before << " " << records;
    }
  }
}

}  // namespace
}  // namespace buri::consensus::engine
