#include "node/consensus/mempool/mempool_reactor.hpp"

#include <gtest/gtest.h>

#include "node/consensus/mempool/tx_message.hpp"
#include "node/consensus/p2p/channels.hpp"
#include "tests/unit/node/consensus/mempool/peer_bench.hpp"
#include "tests/unit/node/consensus/mempool/scripted_checker.hpp"
#include "tests/unit/node/golden.hpp"

namespace buri::consensus::mempool {
namespace {

using consensus::testing::node_number;

class MempoolReactorTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kPlenty = 1'000'000;

  void connect(std::uint8_t number, std::int64_t height, std::size_t room = kPlenty) {
    network_.room[node_number(number)] = room;
    heights_.heights[node_number(number)] = height;
    reactor_.peer_added({node_number(number), p2p::Direction::kInbound, {}, {}});
  }
  void hear(std::uint8_t number, Bytes message) {
    reactor_.receive(node_number(number), {p2p::kMempoolChannel, std::move(message), {}});
  }
  void hear(std::uint8_t number, std::string_view tx) {
    hear(number, encode_tx_message(as_bytes(tx)));
  }
  /// The transactions that a peer was sent.
  std::string sent(std::uint8_t number) {
    std::string all;
    for (const Bytes& message : network_.sent[node_number(number)]) {
      const auto txs = decode_tx_message(message);
      EXPECT_EQ(txs->size(), 1u);
      all += std::string(as_text(txs->front())) + " ";
    }
    return all;
  }
  void submit(std::string_view tx) { ASSERT_TRUE(pool_.submit(as_bytes(tx)).ok()); }

  testing::ScriptedChecker checker_;
  ManualClock clock_;
  TxPool pool_{{}, checker_, buri::testing::engine(), clock_, 7, {}};
  consensus::testing::ScriptedNetwork network_;
  consensus::testing::ScriptedHeights heights_;
  consensus::testing::ManualApplicationThread application_;
  MempoolReactor reactor_{
      {&pool_, &network_, &heights_, &application_}, true, Logger("mempool", LogLevel::kOff)};
};

TEST_F(MempoolReactorTest, PassesOnInOrderButNotToTheSender) {
  connect(1, 8);
  connect(2, 8);
  hear(1, "a");
  hear(1, "b");
  hear(2, "c");
  application_.run();
  EXPECT_EQ(sent(1), "c ");
  EXPECT_EQ(sent(2), "a b ");
  EXPECT_EQ(checker_.batches, std::vector<std::size_t>{3}) << "what waits is checked together";
  connect(3, 8);
  EXPECT_EQ(sent(3), "a b c ") << "a new peer gets all";
}

TEST_F(MempoolReactorTest, APeerThatIsBehindWaitsAloneAndCatchesUp) {
  connect(1, 5);
  connect(2, 6);
  submit("a");
  EXPECT_EQ(sent(1), "");
  EXPECT_EQ(sent(2), "a ") << "one block of lag is allowed: it was checked at height 7";
  EXPECT_EQ(reactor_.gossip(), MempoolReactor::kCatchUpPause);
  heights_.heights[node_number(1)] = 6;
  reactor_.gossip();
  EXPECT_EQ(sent(1), "a ");
  heights_.heights.erase(node_number(2));
  submit("b");
  EXPECT_EQ(sent(2), "a ") << "its height is not known";
}

TEST_F(MempoolReactorTest, ASlowPeerHoldsUpNobody) {
  connect(1, 8, 1);
  connect(2, 8);
  for (const auto* tx : {"a", "b", "c"}) submit(tx);
  EXPECT_EQ(sent(1), "a ");
  EXPECT_EQ(sent(2), "a b c ");
  EXPECT_EQ(reactor_.gossip(), MempoolReactor::kFullPause);
  network_.room[node_number(1)] = 5;
  EXPECT_EQ(reactor_.gossip(), MempoolReactor::kCatchUpPause);
  EXPECT_EQ(sent(1), "a b c ");
}

TEST_F(MempoolReactorTest, HangsUpOnWhatIsNoMessage) {
  connect(1, 8);
  hear(1, Bytes{0xff});
  EXPECT_EQ(network_.disconnected.at(node_number(1)), p2p::Refusal::kUnwanted);
  connect(2, 8);
  hear(2, Bytes{0x0a, 0x00});
  EXPECT_FALSE(network_.disconnected.contains(node_number(2))) << "no transactions, no harm";
}

TEST_F(MempoolReactorTest, AFloodIsBoundedAndOthersAreServed) {
  connect(1, 8);
  connect(2, 8);
  for (std::size_t i = 0; i < MempoolReactor::kMaxWaitingOfPeer + 100; ++i) {
    hear(1, "flood " + std::to_string(i));
  }
  hear(2, "honest");
  application_.run();
  EXPECT_EQ(checker_.asked.size(), MempoolReactor::kMaxWaitingOfPeer + 1);
  EXPECT_EQ(checker_.asked.back(), "honest");
}

TEST_F(MempoolReactorTest, TriesAgainWhenTheApplicationWasBusy) {
  connect(1, 8);
  application_.is_full = true;
  hear(1, "a");
  application_.run();
  EXPECT_TRUE(checker_.asked.empty());
  application_.is_full = false;
  reactor_.gossip();
  application_.run();
  EXPECT_EQ(checker_.asked.size(), 1u);
}

TEST_F(MempoolReactorTest, APeerThatComesBackIsANewOne) {
  connect(1, 8);
  hear(1, "a");
  reactor_.peer_removed(node_number(1), "gone");
  application_.run();
  hear(1, "unheard");
  application_.run();
  EXPECT_EQ(pool_.size().txs, 1u);
  connect(1, 8);
  EXPECT_EQ(sent(1), "a ") << "it may have lost it";
}

}  // namespace
}  // namespace buri::consensus::mempool
