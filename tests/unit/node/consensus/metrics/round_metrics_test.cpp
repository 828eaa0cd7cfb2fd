#include "node/consensus/metrics/round_metrics.hpp"

#include <gtest/gtest.h>

#include "tests/unit/node/consensus/engine/puppet_rows.hpp"
#include "tests/unit/node/consensus/metrics/exposition.hpp"

/// Rounds of a state machine among scripted validators, as their figures tell them.

namespace buri::consensus::metrics {
namespace {

using buri::testing::Puppet;
using buri::testing::sample;
using engine::VoteType;

class RoundMetricsTest : public ::testing::Test {
 protected:
  /// Plays the words and tells the metrics what a host would; time goes on by `seconds` before.
  void play(const std::string& words, double seconds = 0) {
    clock_.advance(std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000)));
    puppet_->run(words);
    tell();
  }
  void send(engine::Message message) {
    puppet_->give(engine::MessagesArrived{{{std::move(message), "peer"}}});
    tell();
  }
  void tell() {
    const engine::RoundState& state = puppet_->machine().state();
    for (const engine::Effect& effect : puppet_->effects()) {
      if (const auto* note = std::get_if<engine::Noted>(&effect)) metrics_.noted(*note, state);
      const auto* written = std::get_if<engine::WriteWal>(&effect);
      const auto* step =
          written == nullptr ? nullptr : std::get_if<engine::StepEntered>(&written->entry);
      if (step != nullptr) metrics_.step_entered(*step, state);
    }
  }
  [[nodiscard]] std::optional<double> value(const std::string& name,
                                            const std::string& labels = "") const {
    return sample("\n" + registry_.expose(), "cometbft_consensus_" + name + "{chain_id=\"toy-1\"" +
                                                 (labels.empty() ? "" : "," + labels) + "}");
  }

  Metrics registry_;
  ManualClock clock_;
  RoundMetrics metrics_{registry_, {"cometbft", "toy-1"}, clock_};
  std::unique_ptr<Puppet> puppet_ = std::make_unique<Puppet>();
};

TEST_F(RoundMetricsTest, TellHeightRoundAndThePowerThatVoted) {
  play("begin");
  play("timeout NewHeight");
  EXPECT_EQ(value("height"), 1);
  EXPECT_EQ(value("rounds"), 0);
  play("propose A");
  EXPECT_EQ(value("round_voting_power_percent", R"(vote_type="prevote")"), 0.25) << "its own";
  play("prevote A 0");
  EXPECT_EQ(value("round_voting_power_percent", R"(vote_type="prevote")"), 0.5);
  EXPECT_EQ(value("round_voting_power_percent", R"(vote_type="precommit")"), 0);
  play("prevote A 2");
  EXPECT_EQ(value("round_voting_power_percent", R"(vote_type="precommit")"), 0.25);
  play("precommit A 0 2");
  EXPECT_EQ(value("height"), 2) << "decided";
}

TEST_F(RoundMetricsTest, TellHowLongStepsAndRoundsTook) {
  play("begin");
  play("timeout NewHeight", 0.5);
  play("propose A", 2);
  play("prevote A 0 2", 3);
  play("precommit A 0 2", 4);
  EXPECT_EQ(value("round_duration_seconds_sum"), 9);
  EXPECT_EQ(value("round_duration_seconds_count"), 1);
  play("timeout NewHeight", 0.5);
  EXPECT_EQ(value("step_duration_seconds_sum", R"(step="NewHeight")"), 0.5);
  EXPECT_EQ(value("step_duration_seconds_sum", R"(step="Propose")"), 2);
  EXPECT_EQ(value("step_duration_seconds_sum", R"(step="Prevote")"), 3);
  EXPECT_EQ(value("step_duration_seconds_sum", R"(step="Precommit")"), 4);
  EXPECT_EQ(value("step_duration_seconds_count", R"(step="NewRound")"), 2);
  EXPECT_EQ(value("round_duration_seconds_count"), 1) << "the second is not over";
}

TEST_F(RoundMetricsTest, TellOfRoundsThatFail) {
  play("begin");
  play("timeout NewHeight");
  play("timeout Propose", 1);
  play("prevote - 0 2");
  play("precommit - 0 2");
  EXPECT_EQ(value("precommits_counted"), 0) << "the wait for more is not over";
  play("timeout PrecommitWait", 1);
  EXPECT_EQ(value("rounds"), 1);
  EXPECT_EQ(value("precommits_counted"), 3);
  EXPECT_EQ(value("precommits_staking_percentage"), 0.75);
  EXPECT_EQ(value("round_duration_seconds_count"), 1);
  EXPECT_EQ(value("round_duration_seconds_sum"), 2);
  EXPECT_EQ(value("round_voting_power_percent", R"(vote_type="prevote")"), 0.25)
      << "of the new round, which it proposes for itself";
  EXPECT_EQ(value("round_voting_power_percent", R"(vote_type="precommit")"), 0);
}

TEST_F(RoundMetricsTest, TellHowLongAfterTheProposalTwoThirdsVoted) {
  // The host tells of the step while the block is still being executed.
  puppet_ = std::make_unique<Puppet>(Puppet::Options{.answers = false, .extensions_height = 0});
  play("begin");
  play("timeout NewHeight");
  play("propose A");
  play("answer");
  play("answer");
  play("prevote A 0 2 3");
  const std::string proposer =
      "proposer_address=\"" + address_label(puppet_->machine().state().proposer().address) + "\"";
  EXPECT_FALSE(value("quorum_prevote_delay", proposer)) << "nothing is decided";
  const engine::RoundState& state = puppet_->machine().state();
  const engine::VoteSet* prevotes = state.votes->find(0, VoteType::kPrevote);
  std::vector<double> delays;
  for (std::size_t i = 0; i < 4; ++i) {
    const auto& time = prevotes->vote(i)->timestamp;
    delays.push_back(static_cast<double>(time.seconds - state.proposal->timestamp.seconds) +
                     (time.nanos - state.proposal->timestamp.nanos) / 1e9);
  }
  std::ranges::sort(delays);
  play("precommit A 0 2 3");
  EXPECT_NEAR(value("quorum_prevote_delay", proposer).value(), delays[2], 1e-9);
  EXPECT_NEAR(value("full_prevote_delay", proposer).value(), delays[3], 1e-9);
  EXPECT_TRUE(value("quorum_precommit_delay", proposer).has_value());
}

TEST_F(RoundMetricsTest, TellOfVotesAndPartsThatComeTwiceOrLate) {
  play("begin");
  play("timeout NewHeight");
  play("propose A");
  const engine::Vote prevote = puppet_->vote(VoteType::kPrevote, "A", 0, 0);
  send(prevote);
  send(prevote);
  play("prevote A 2");
  EXPECT_EQ(value("duplicate_vote"), 1);
  EXPECT_GT(value("block_gossip_parts_received", R"(matches_current="true")").value(), 0);
  play("precommit A 0 2");
  send(prevote);
  play("timeout NewHeight");
  EXPECT_EQ(value("late_votes", R"(vote_type="prevote")"), 1);
  EXPECT_EQ(value("late_votes", R"(vote_type="precommit")"), 0);
}

TEST_F(RoundMetricsTest, GoOnCountingWhenAnotherMachineBegins) {
  engine::RoundState state;
  state.intake.duplicate_votes = 5;
  metrics_.step_entered({1, 0, "RoundStepPropose"}, state);
  state.intake.duplicate_votes = 2;
  metrics_.step_entered({9, 0, "RoundStepPropose"}, state);
  EXPECT_EQ(value("duplicate_vote"), 7);
}

TEST_F(RoundMetricsTest, TellHowLongTheSignerTook) {
  metrics_.signed_own({host::OwnMessageKind::kPrevote, true, "", std::chrono::milliseconds(2)});
  metrics_.signed_own({host::OwnMessageKind::kPrecommit, false, "no", std::chrono::seconds(1)});
  const std::string page = "\n" + registry_.expose();
  EXPECT_EQ(sample(page, R"(buri_signer_request_seconds_sum{message="prevote"})"), 0.002);
  EXPECT_EQ(sample(page, "buri_signer_refusals_total"), 1);
  EXPECT_FALSE(sample(page, R"(buri_signer_request_seconds_sum{message="precommit"})"));
}

}  // namespace
}  // namespace buri::consensus::metrics
