#include <gtest/gtest.h>

#include "node/consensus/api/rpc_service.hpp"
#include "tests/unit/node/consensus/api/recorded_node.hpp"
#include "tests/unit/node/consensus/api/recorded_rpc_node.hpp"
#include "tests/unit/node/consensus/api/rpc_transcripts.hpp"
#include "tests/unit/node/golden.hpp"

/// What a stock daemon answered to /abci_query of its RPC, against ours over the stores of chain A.

namespace buri::consensus::api {
namespace {

TEST(AbciTranscripts, QueriesOfTheApplicationAreAnsweredAsStock) {
  std::string why;
  RecordedNode* stores = RecordedNode::get(why);
  if (stores == nullptr) GTEST_SKIP() << why;
  const RecordedView chain(app::recorded_chains_folder() + "/A/blocks.jsonl.xz");
  RecordedRpcNode node(
      [stores](const std::string& path, const Bytes& data, std::int64_t height, bool prove) {
        return stores->api().abci().answer({path, data, height, prove});
      });
  EventBus events;
  ManualClock clock;
  RpcService service({chain, node, events, testing::engine(), [](const auto&, const auto&) {}},
                     RpcOptions{}, clock);
  std::size_t count = 0;
  for (const Transcript& transcript : read_transcripts()) {
    if (!transcript.asks_application()) continue;
    service.handle(transcript.request,
                   [&](const HttpResponse& response) { transcript.expect(response); });
    ++count;
  }
  EXPECT_EQ(count, 11U);
}

}  // namespace
}  // namespace buri::consensus::api
