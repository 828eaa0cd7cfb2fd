#include "node/consensus/api/event_publisher.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "node/consensus/api/block_results.hpp"
#include "node/consensus/app/finalize_response.hpp"
#include "tests/unit/node/consensus/engine/recorded_blocks.hpp"

/// The recorded chain B as subscribers hear of it.

namespace buri::consensus::api {
namespace {

/// Runs what was posted when the test says so.
class HeldExecutor final : public host::Executor {
 public:
  void post(std::function<void()> work) override { waiting_.push_back(std::move(work)); }
  void run() {
    for (auto& work : std::exchange(waiting_, {})) work();
  }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

 private:
  std::vector<std::function<void()>> waiting_;
};

class EventPublisherTest : public ::testing::Test {
 protected:
  /// Keeps everything that this query finds.
  void subscribe(const std::string& query) {
    EventSink sink;
    sink.deliver = [this](std::string_view data, std::string_view attributes) {
      data_.emplace_back(data);
      attributes_.emplace_back(attributes);
      return true;
    };
    sink.cancelled = [this](std::string_view reason) { cancelled_ = reason; };
    ASSERT_TRUE(bus_.subscribe("client " + query, query, std::move(sink)).ok());
  }
  host::AppliedBlock applied(const records::BlockRecord& record) {
    host::AppliedBlock applied;
    applied.block = std::make_shared<const engine::ProposedBlock>(
        engine::ProposedBlock{engine::decode_block(record.block).value(), record.block_hash});
    applied.block_id = {record.block_hash, {record.part_count, record.parts_hash}};
    applied.result = std::make_shared<const app::BlockResult>(
        app::decode_finalize_response(record.finalize_block_response).value());
    for (const runtime::ValidatorUpdate& update : applied.result->validator_updates) {
      applied.changes.push_back(
          {{}, engine::PublicKeyBytes::from(update.public_key), update.power, 0});
    }
    return applied;
  }
  [[nodiscard]] std::vector<std::string> types() const {
    std::vector<std::string> all;
    for (const std::string& data : data_) {
      const auto value = parse_json(data);
      EXPECT_TRUE(value.ok()) << data;
      if (value.ok()) all.push_back(value->children.front().text);
    }
    return all;
  }

  const std::unique_ptr<accel::Engine> crypto_ =
      accel::Engine::start(accel::best_cpu_backend_alone(1)).value();
  const std::vector<records::BlockRecord> blocks_ = engine::recorded_blocks();
  EventBus bus_;
  HeldExecutor executor_;
  EventPublisher publisher_{bus_, executor_, *crypto_};
  std::vector<std::string> data_;
  std::vector<std::string> attributes_;
  std::string cancelled_;
};

TEST_F(EventPublisherTest, MakesNothingWhereNobodyListens) {
  publisher_.block_applied(applied(blocks_[0]));
  EXPECT_EQ(executor_.waiting(), 0U);
}

TEST_F(EventPublisherTest, TellsOfABlockInStocksOrder) {
  subscribe("tm.event EXISTS");
  publisher_.block_applied(applied(blocks_[1]));
  executor_.run();
  ASSERT_EQ(types(), (std::vector<std::string>{
                         "tendermint/event/NewBlock", "tendermint/event/NewBlockHeader",
                         "tendermint/event/NewBlockEvents", "tendermint/event/Tx"}));
  EXPECT_NE(data_[0].find(R"("result_finalize_block":{"events":[)"), std::string::npos) << data_[0];
  EXPECT_NE(data_[2].find(R"("num_txs":"1")"), std::string::npos) << data_[2];
  EXPECT_NE(data_[3].find(R"({"TxResult":{"height":"2","tx":")"), std::string::npos) << data_[3];
  EXPECT_NE(attributes_[3].find(R"("tx.height":["2"])"), std::string::npos) << attributes_[3];
}

TEST_F(EventPublisherTest, TellsTheResultsThatAreStored) {
  for (const records::BlockRecord& record : blocks_) {
    const auto result = app::decode_finalize_response(record.finalize_block_response).value();
    EXPECT_EQ(codec::encode(block_results_of(result)), record.finalize_block_response)
        << record.height;
  }
}

TEST_F(EventPublisherTest, TellsOfEveryChangeOfValidators) {
  subscribe("tm.event = 'ValidatorSetUpdates'");
  std::size_t changes = 0;
  for (const records::BlockRecord& record : blocks_) {
    const host::AppliedBlock one = applied(record);
    changes += one.result->validator_updates.empty() ? 0 : 1;
    publisher_.block_applied(one);
  }
  executor_.run();
  EXPECT_GT(changes, 0U);
  EXPECT_EQ(types().size(), changes);
}

TEST_F(EventPublisherTest, EndsAllSubscriptionsWhereEventsPileUp) {
  subscribe("tm.event = 'NewBlockHeader'");
  const host::AppliedBlock one = applied(blocks_[0]);
  for (std::size_t i = 0; i < EventPublisher::kMaxWaiting; ++i) publisher_.block_applied(one);
  EXPECT_EQ(cancelled_, "");
  publisher_.block_applied(one);
  EXPECT_EQ(cancelled_, "the node makes events faster than it can deliver them");
  EXPECT_EQ(executor_.waiting(), EventPublisher::kMaxWaiting);
}

TEST_F(EventPublisherTest, TellsOfRoundsAndVotes) {
  subscribe("tm.event EXISTS");
  engine::RoundState state;
  state.height = 7;
  state.round = 1;
  state.step = engine::Step::kPrevote;
  publisher_.step_entered({7, 1, "RoundStepPrevote"}, state);
  const auto note = [&](engine::Note what, std::optional<engine::Vote> vote) {
    publisher_.noted({what, 7, 1, engine::Step::kPropose, {}, std::move(vote)}, state);
  };
  note(engine::Note::kPolka, {});
  engine::Vote vote;
  vote.height = 7;
  vote.round = 1;
  note(engine::Note::kVoteAdded, vote);
  note(engine::Note::kBlockRefused, {});
  note(engine::Note::kCompleteProposal, {});
  executor_.run();
  ASSERT_EQ(data_.size(), 4U) << "a refused block is no event of stock's";
  EXPECT_EQ(data_[0], R"({"type":"tendermint/event/RoundState","value":{"height":"7","round":1,)"
                      R"("step":"RoundStepPrevote"}})");
  EXPECT_EQ(attributes_[0], R"({"tm.event":["NewRoundStep"]})");
  EXPECT_EQ(attributes_[1], R"({"tm.event":["Polka"]})");
  EXPECT_NE(data_[2].find(R"("value":{"Vote":{"type":1,"height":"7","round":1,)"),
            std::string::npos)
      << data_[2];
  // As a stock node said it: the step in which it happened, and an empty blob.
  EXPECT_EQ(data_[3],
            R"({"type":"tendermint/event/CompleteProposal","value":{"height":"7","round":1,)"
            R"("step":"RoundStepPropose","block_id":{"hash":"","parts":{"total":0,"hash":""}},)"
            R"("blob_id":{"hash":"","parts":{"total":0,"hash":""}}}})");
}

}  // namespace
}  // namespace buri::consensus::api
