#include "node/consensus/engine/machine.hpp"

#include "tests/unit/node/consensus/engine/puppet_rows.hpp"

/// The fork's consensus scenarios as tables of events and effects: four validators of equal power,
/// three of which are more than two thirds; validator r proposes in round r. The words are
/// puppet.hpp's.

namespace buri::consensus::engine {
namespace {

using namespace testing;

TEST(Machine, DecidesAProposedBlock) {
  play({kBegin, kRound0, kProposeA, kLockA, {"precommit A 0 3", kCommitA}});
}

TEST(Machine, ProposesWhenItIsItsTurn) {
  play({kBegin,
        {"timeout NewHeight",
         "round 0, timer Propose, ask, @Propose, sign proposal O pol -1, judge O, @Prevote, sign "
         "prevote O"},
        {"prevote O 1 2", "valid, lock, extend O, @Precommit, sign precommit O"},
        {"precommit O 1 2", "@Commit, save O, apply O, end 1, @NewHeight, timer NewHeight"}},
       {.own = 0});
}

TEST(Machine, ObserverFollowsWithoutAWord) {
  Puppet::Options options;
  options.own = 4;
  play({kBegin,
        kRound0,
        {"propose A", "@Prevote"},
        {"prevote A 0 1 2", "valid, lock, @Precommit"},
        {"precommit A 0 1 2", kCommitA}},
       options);
}

TEST(Machine, WithoutAProposalItVotesNilAndGoesOn) {
  play({kBegin,
        kRound0,
        {"timeout Propose", "sign prevote -, @Prevote"},
        {"prevote - 0 2", "sign precommit -, @Precommit"},
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, ask, @Propose, sign proposal O pol -1, judge O, @Prevote, sign "
         "prevote O"}});
}

TEST(Machine, WaitsForPrevotesWhereTheyDiffer) {
  play({kBegin,
        kRound0,
        kProposeA,
        {"prevote - 0", ""},
        {"prevote B 2", "timer PrevoteWait, @PrevoteWait"},
        {"timeout PrevoteWait", "sign precommit -, @Precommit"},
        {"precommit - 0", ""},
        {"precommit B 2", "timer PrecommitWait, @Precommit"}});
}

TEST(Machine, RefusesWhatRulesOrApplicationRefuse) {
  play({kBegin, kRound0, {"propose X", "judge X, @Prevote, refused, sign prevote -"}});
  play({kBegin, kRound0, {"propose Y", "refused, sign prevote -, @Prevote"}});
  play({kBegin, kRound0, {"propose Z", "refused, sign prevote -, @Prevote"}});
}

TEST(Machine, StopsWhereTheNetworkAgreesOnAnInvalidBlock) {
  Puppet puppet;
  play(puppet, {kBegin,
                kRound0,
                {"propose Y", "refused, sign prevote -, @Prevote"},
                {"prevote Y 0 2", "timer PrevoteWait, @PrevoteWait"},
                {"prevote Y 3", "valid, halt"},
                {"timeout PrevoteWait", ""}});
  EXPECT_TRUE(puppet.machine().is_halted());
}

TEST(Machine, PrevotesItsLockWhateverIsProposed) {
  play({kBegin,
        kRound0,
        kProposeA,
        kLockA,
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, sign prevote A, @Prevote"},
        {"prevote - 0", ""},
        {"prevote B 2", "timer PrevoteWait, @PrevoteWait"},
        {"timeout PrevoteWait", "sign precommit -, @Precommit"},
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait", "round 2, timer Propose, @Propose"},
        {"propose B", "sign prevote A, @Prevote"}});
}

TEST(Machine, RelocksByALaterPolkaForItsLock) {
  Puppet puppet;
  play(puppet,
       {kBegin,
        kRound0,
        kProposeA,
        kLockA,
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, sign prevote A, @Prevote"},
        {"prevote A 0 2", "valid, relock, extend A, @Precommit, sign precommit A"}});
  EXPECT_EQ(puppet.machine().state().locked.round, 1);
  EXPECT_EQ(puppet.machine().state().valid.round, 1);
}

TEST(Machine, UnlocksByAPolkaForNil) {
  Puppet puppet;
  play(puppet,
       {kBegin,
        kRound0,
        kProposeA,
        kLockA,
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, sign prevote A, @Prevote"},
        {"prevote - 0 2 3",
         "timer PrevoteWait, @PrevoteWait, unlock, sign precommit -, @Precommit"}});
  EXPECT_EQ(puppet.machine().state().locked.round, -1);
  EXPECT_EQ(puppet.machine().state().valid.round, 0) << "what had a polka stays the one to propose";
}

TEST(Machine, LocksAnotherBlockByALaterPolka) {
  Puppet puppet;
  play(puppet,
       {kBegin,
        kRound0,
        kProposeA,
        kLockA,
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, sign prevote A, @Prevote"},
        {"prevote - 0", ""},
        {"prevote B 2", "timer PrevoteWait, @PrevoteWait"},
        {"timeout PrevoteWait", "sign precommit -, @Precommit"},
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait", "round 2, timer Propose, @Propose"},
        {"propose B", "sign prevote A, @Prevote"},
        {"prevote B 0 2", "timer PrevoteWait, @PrevoteWait"},
        {"prevote B 3", "unlock, valid, lock, extend B, @Precommit, sign precommit B"}});
  EXPECT_EQ(puppet.machine().state().locked.round, 2);
}

TEST(Machine, FetchesTheBlockOfAPolkaThatFreesIt) {
  Puppet puppet;
  play(puppet,
       {kBegin,
        kRound0,
        kProposeA,
        kLockA,
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, sign prevote A, @Prevote"},
        {"prevote B 0 2", "timer PrevoteWait, @PrevoteWait"},
        {"prevote B 3", "unlock, valid"},
        {"parts B", ""},
        {"timeout PrevoteWait", "lock, extend B, @Precommit, sign precommit B"}});
  EXPECT_EQ(puppet.machine().state().locked.round, 1);
}

TEST(Machine, UnlocksByAPolkaOfABlockItDoesNotHave) {
  Puppet puppet;
  play(puppet, {kBegin,
                kRound0,
                {"timeout Propose", "sign prevote -, @Prevote"},
                {"prevote B 0 2", "timer PrevoteWait, @PrevoteWait"},
                {"prevote B 3", "valid"},
                {"timeout PrevoteWait", "unlock, sign precommit -, @Precommit"},
                {"precommit B 0 2", "timer PrecommitWait, @Precommit"},
                {"precommit B 3", "@Commit"},
                {"parts B", "save B, apply B, end 1, @NewHeight, timer NewHeight"}});
}

TEST(Machine, ProposesTheValidBlockAgain) {
  // It never locked: the polka came after its precommit.
  play({kBegin,
        kRound0,
        kProposeA,
        {"prevote - 0", ""},
        {"prevote A 2", "timer PrevoteWait, @PrevoteWait"},
        {"timeout PrevoteWait", "sign precommit -, @Precommit"},
        {"prevote A 3", "valid"},
        {"precommit - 0 2", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait",
         "round 1, timer Propose, sign proposal A pol 0, @Propose, judge A, @Prevote, sign prevote "
         "A"}});
}

TEST(Machine, KnowsAValidBlockThatComesAfterItsPolka) {
  Puppet puppet;
  play(puppet, {kBegin,
                kRound0,
                {"timeout Propose", "sign prevote -, @Prevote"},
                {"prevote A 0 2 3", "timer PrevoteWait, @PrevoteWait, valid"},
                {"parts A", ""}});
  EXPECT_EQ(puppet.machine().state().valid.round, 0);
}

TEST(Machine, AProposalThatAppealsToAPolkaWaitsForIt) {
  Puppet::Options options;
  options.own = 3;
  play({kBegin,
        kRound0,
        {"timeout Propose", "sign prevote -, @Prevote"},
        {"precommit - 0 1 2", "sign precommit -, @Precommit, timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait", "round 1, timer Propose, @Propose"},
        {"propose A pol 0", ""},
        {"prevote A 0 1 r 0", ""},
        {"prevote A 2 r 0", "judge A, @Prevote, sign prevote A"}},
       options);
}

TEST(Machine, SkipsToARoundThatTwoThirdsHaveReached) {
  Puppet::Options options;
  options.own = 3;
  play({kBegin, kRound0, {"prevote - 0 1 2 r 1", "round 1, timer Propose, @Propose"}}, options);
  play({kBegin,
        kRound0,
        {"precommit - 0 1 r 1", ""},
        {"precommit A 2 r 1", "round 1, timer Propose, @Propose, timer PrecommitWait, @Propose"}},
       options);
  play({kBegin,
        kRound0,
        {"precommit - 0 1 2 r 1",
         "round 1, timer Propose, @Propose, sign precommit -, @Precommit, timer PrecommitWait, "
         "@Precommit"}},
       options);
}

TEST(Machine, CommitsABlockOfAnotherRound) {
  Puppet::Options options;
  options.own = 3;
  // Of an earlier one, while waiting in a later one.
  play({kBegin,
        kRound0,
        {"propose A", "judge A, @Prevote, sign prevote A"},
        {"prevote A 0 1", "valid, lock, extend A, @Precommit, sign precommit A"},
        {"precommit A 0", ""},
        {"precommit - 1", "timer PrecommitWait, @Precommit"},
        {"timeout PrecommitWait", "round 1, timer Propose, @Propose"},
        {"precommit A 2 r 0", kCommitA}},
       options);
  // Of a later one, that it never saw the votes of before.
  play({kBegin,
        kRound0,
        {"precommit A 0 1 2 r 1",
         "round 1, timer Propose, @Propose, sign precommit -, @Precommit, @Commit, valid"},
        {"parts A", "save A, apply A, end 1, @NewHeight, timer NewHeight"}},
       options);
}

TEST(Machine, RemembersADecisionThatLaterRoundsTookItAwayFrom) {
  Puppet::Options options;
  options.own = 3;
  // Whoever decided has gone on: no vote of round 0 comes again, and round 1 is never decided.
  play({kBegin,
        kRound0,
        {"precommit A 0 1 2", "sign precommit -, @Precommit, @Commit, valid"},
        {"prevote - 0 1 2 r 1", "round 1, timer Propose, @Propose"},
        {"propose A", kCommitA}},
       options);
  // Peers hear of it behind the word of the new round, at which they forget what was wanted.
  Puppet puppet(options);
  play(puppet, {kBegin,
                kRound0,
                {"precommit A 0 1 2", "sign precommit -, @Precommit, @Commit, valid"},
                {"prevote - 0 1 2 r 1", "round 1, timer Propose, @Propose"}});
  std::vector<Message> told;
  for (const Effect& effect : puppet.effects()) {
    const auto* announced = std::get_if<Announce>(&effect);
    if (announced != nullptr) told.push_back(announced->message);
  }
  ASSERT_GE(told.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<NewRoundStep>(told[told.size() - 2]));
  const auto* wanted = std::get_if<NewValidBlock>(&told.back());
  ASSERT_NE(wanted, nullptr);
  EXPECT_TRUE(wanted->is_commit);
  EXPECT_EQ(wanted->round, 1);
  EXPECT_EQ(wanted->parts, puppet.id_of("A").parts);
  // Nor is anything proposed there: the parts come from a peer of a later height.
  play({kBegin,
        kRound0,
        {"precommit A 0 1 2", "sign precommit -, @Precommit, @Commit, valid"},
        {"prevote - 0 1 2 r 1", "round 1, timer Propose, @Propose"},
        {"timeout Propose", "sign prevote -, @Prevote, sign precommit -, @Precommit"},
        {"parts A", kCommitA}},
       options);
}

TEST(Machine, TakesPrecommitsBeforePrevotes) {
  play({kBegin,
        kRound0,
        kProposeA,
        {"precommit A 0 2 3", "sign precommit -, @Precommit, " + kCommitA}});
}

}  // namespace
}  // namespace buri::consensus::engine
