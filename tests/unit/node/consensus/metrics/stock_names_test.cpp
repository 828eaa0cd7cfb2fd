#include <gtest/gtest.h>

#include <set>

#include "base/hex.hpp"
#include "node/consensus/metrics/application_metrics.hpp"
#include "node/consensus/metrics/node_figures.hpp"
#include "tests/unit/node/consensus/metrics/exposition.hpp"
#include "tests/unit/node/consensus/p2p/live_nodes.hpp"
#include "tests/unit/node/golden.hpp"

/// The list of stock's names, its buckets, and the figures of peers and mempool under them. That a
/// whole node serves every name is tested in tests/unit/node/app/node_test.cpp.

namespace buri::consensus::metrics {
namespace {

using buri::testing::sample;

TEST(StockNames, AreAHundredAndFortySeven) {
  const auto figures = buri::testing::stock_figures();
  EXPECT_EQ(figures.size(), 147U);
  std::set<std::string> names;
  for (const auto& figure : figures) {
    names.insert(figure.name);
    EXPECT_TRUE((std::set<std::string>{"validating", "event", "unused"}).contains(figure.when))
        << figure.name;
  }
  EXPECT_EQ(names.size(), 147U);
}

TEST(StockNames, BeginWithTheNamespaceIfThereIsOne) {
  EXPECT_EQ((StockNames{"mine", "c"}.name("consensus_height")), "mine_consensus_height");
  EXPECT_EQ((StockNames{"", "c"}.name("consensus_height")), "consensus_height");
  EXPECT_EQ((StockNames{"x", "c"}.labels({{"step", "Propose"}})),
            (MetricLabels{{"chain_id", "c"}, {"step", "Propose"}}));
  EXPECT_EQ(address_label(Address::from(Bytes(20, 0xab))).substr(0, 4), "ABAB");
}

TEST(StockBuckets, OfRoundsGrowByOneFactorFromATenthToAHundred) {
  const auto bounds = round_second_bounds();
  ASSERT_EQ(bounds.size(), 8U);
  EXPECT_DOUBLE_EQ(bounds.front(), 0.1);
  EXPECT_NEAR(bounds.back(), 100, 1e-9);
  EXPECT_NEAR(bounds[1], 0.2682695795279726, 1e-15);
  EXPECT_EQ(default_second_bounds().size(), 11U);
  EXPECT_EQ(tx_byte_bounds().back(), 729);
}

/// A mempool that takes everything.
class Willing final : public mempool::TxChecker {
 public:
  void check_signatures_ahead(std::span<const ByteView> /*txs*/) override {}
  runtime::Outcome<app::TxResult> check_tx(ByteView tx, app::TxMode /*mode*/) override {
    return app::TxResult{.code = tx.size() > 100 ? 1U : 0U};
  }
};

TEST(PoolFigures, AreThoseOfThePool) {
  Willing checker;
  Metrics registry;
  mempool::TxPool pool({}, checker, buri::testing::engine(), system_clock(), 0, {});
  Histogram& sizes = registry.histogram("sizes", "Sizes.", tx_byte_bounds());
  pool.measure(sizes);
  EXPECT_TRUE(pool.submit(Bytes(10, 1))->ok());
  EXPECT_FALSE(pool.submit(Bytes(200, 1))->ok());
  MetricsPage page;
  add_pool(page, {"cometbft", "c"}, pool);
  const std::string text = "\n" + page.text();
  EXPECT_EQ(sample(text, R"(cometbft_mempool_size{chain_id="c"})"), 1);
  EXPECT_EQ(sample(text, R"(cometbft_mempool_size_bytes{chain_id="c"})"), 10);
  EXPECT_EQ(sample(text, R"(cometbft_mempool_failed_txs{chain_id="c"})"), 1);
  EXPECT_EQ(sample(text, R"(cometbft_mempool_evicted_txs{chain_id="c"})"), 0);
  EXPECT_EQ(sizes.sum(), 10) << "what is refused has no size here";
}

TEST(NetworkFigures, AreThoseOfPeersAndMessages) {
  using namespace p2p::testing;
  LiveNode a;
  p2p::NetworkOptions options = quick_options();
  options.peers.persistent_peers = {a.address()};
  LiveNode b(options);
  ASSERT_TRUE(eventually(
      [&] { return a.network().peers().size() == 1 && b.network().peers().size() == 1; }));
  Bytes part(1000);
  part[0] = 0x2a;
  ASSERT_TRUE(a.network().send(b.id(), p2p::kDataChannel, part));
  ASSERT_TRUE(eventually([&] { return b.listener().heard_count() == 1; }));
  const auto page_of = [](LiveNode& node) {
    MetricsPage page;
    add_network(page, {"cometbft", "c"}, node.network(), true);
    return "\n" + page.text();
  };
  const std::string text = page_of(b);
  const std::string peer = "peer_id=\"" + to_hex(a.id()) + "\"";
  EXPECT_EQ(sample(text, R"(cometbft_p2p_peers{chain_id="c"})"), 1);
  EXPECT_EQ(sample(text, R"(cometbft_p2p_peer_receive_bytes_total{chID="0x21",chain_id="c",)" +
                             peer + "}"),
            1000);
  EXPECT_EQ(sample(text, R"(cometbft_consensus_block_parts{chain_id="c",)" + peer + "}"), 1);
  EXPECT_EQ(sample(text, R"(cometbft_p2p_peer_pending_send_bytes{chain_id="c",)" + peer + "}"), 0);
  EXPECT_EQ(sample(text, R"(cometbft_mempool_active_outbound_connections{chain_id="c"})"), 1);
  EXPECT_EQ(sample(page_of(a), R"(cometbft_p2p_message_send_bytes_total{chain_id="c",)"
                               R"(message_type="consensus_BlockPart"})"),
            1000);
  a.stop();
  ASSERT_TRUE(eventually([&] { return b.network().peers().empty(); }));
  const std::string after = page_of(b);
  EXPECT_EQ(after.find(to_hex(a.id())), std::string::npos) << "a peer's figures go with it";
  EXPECT_EQ(sample(after, R"(cometbft_p2p_message_receive_bytes_total{chain_id="c",)"
                          R"(message_type="consensus_BlockPart"})"),
            1000);
}

}  // namespace
}  // namespace buri::consensus::metrics
