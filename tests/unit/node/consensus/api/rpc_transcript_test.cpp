#include <gtest/gtest.h>

#include <filesystem>

#include "node/consensus/api/http_server.hpp"
#include "node/consensus/api/rpc_service.hpp"
#include "tests/unit/node/consensus/api/http_client.hpp"
#include "tests/unit/node/consensus/api/recorded_rpc_node.hpp"
#include "tests/unit/node/consensus/api/rpc_transcripts.hpp"
#include "tests/unit/node/golden.hpp"

/// The recorded answers but those of the application's store, for which abci_transcript_test.cpp
/// has one.

namespace buri::consensus::api {
namespace {

class RpcTranscripts : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = testing::fixtures_folder() + "/../golden/heimdall-devnet";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded chain at " << folder;
    chain_ = std::make_unique<RecordedView>(folder + "/A/blocks.jsonl.xz");
    transcripts_ = read_transcripts();
    const RpcServices services{*chain_, node_, events_, testing::engine(),
                               [](const auto&, const auto&) {}};
    service_ = std::make_unique<RpcService>(services, RpcOptions{}, clock_);
  }

  /// Every transcript but those of the store, by `ask`.
  std::size_t compare_all(const std::function<HttpResponse(const HttpRequest&)>& ask) {
    std::size_t count = 0;
    for (const Transcript& transcript : transcripts_) {
      if (transcript.asks_application()) continue;
      transcript.expect(ask(transcript.request));
      ++count;
    }
    return count;
  }

  std::unique_ptr<RecordedView> chain_;
  RecordedRpcNode node_;
  EventBus events_;
  ManualClock clock_;
  std::vector<Transcript> transcripts_;
  std::unique_ptr<RpcService> service_;
};

TEST_F(RpcTranscripts, TheHandlerAnswersAsStock) {
  const std::size_t count = compare_all([this](const HttpRequest& request) {
    HttpResponse answer;
    service_->handle(request, [&](HttpResponse response) { answer = std::move(response); });
    return answer;
  });
  EXPECT_GE(count, 70u);
}

TEST_F(RpcTranscripts, AServerAnswersAsStock) {
  HttpServerOptions options;
  options.port = 0;
  const auto server = HttpServer::start(options, *service_, {}, Logger("test", LogLevel::kOff));
  ASSERT_TRUE(server.ok());
  testing::HttpClient client((*server)->port());
  compare_all([&](const HttpRequest& request) {
    client.write(request.method + " " + request.target +
                 " HTTP/1.1\r\nHost: 127.0.0.1:31001\r\nContent-Length: " +
                 std::to_string(request.body.size()) + "\r\n\r\n" + request.body);
    return client.read().value_or(HttpResponse{0, "", "no answer", {}});
  });
}

TEST_F(RpcTranscripts, BatchesAreBounded) {
  std::string body = "[";
  for (int count = 0; count < 11; ++count) {
    body += std::string(count == 0 ? "" : ",") + R"({"jsonrpc":"2.0","id":1,"method":"health"})";
  }
  HttpResponse answer;
  service_->handle({"POST", "/", {}, body + "]", ""},
                   [&](HttpResponse response) { answer = std::move(response); });
  EXPECT_EQ(answer.body,
            R"({"jsonrpc":"2.0","error":{"code":-32600,"message":"Invalid Request","data":)"
            R"("batch request exceeds maximum (10) allowed number of requests"}})");
}

TEST_F(RpcTranscripts, SubscribersOfMilestonesHearThemOverAWebSocket) {
  HttpServerOptions options;
  options.port = 0;
  options.web_socket_path = "/websocket";
  const auto server = HttpServer::start(
      options, *service_,
      [this](const HttpRequest& request, std::shared_ptr<WebSocketChannel> channel) {
        return service_->accept(request, std::move(channel));
      },
      Logger("test", LogLevel::kOff));
  ASSERT_TRUE(server.ok());
  testing::WebSocketClient client((*server)->port(), "/websocket");
  client.write(R"({"jsonrpc":"2.0","id":0,"method":"subscribe","params":{"query":)"
               R"("tm.event='NewBlock' AND milestone.number>0"}})");
  EXPECT_EQ(client.read(), R"({"jsonrpc":"2.0","id":0,"result":{}})");
  const auto data = [] { return std::string(R"({"type":"t","value":{}})"); };
  events_.publish({{"tm.event", {"NewBlock"}}, {"milestone.number", {"0"}}}, data);
  events_.publish({{"tm.event", {"NewBlock"}}, {"milestone.number", {"7"}}}, data);
  EXPECT_EQ(client.read(), R"({"jsonrpc":"2.0","id":0,"result":{"query":"tm.event='NewBlock' AND )"
                           R"(milestone.number\u003e0","data":{"type":"t","value":{}},"events":)"
                           R"({"milestone.number":["7"],"tm.event":["NewBlock"]}}})");
  client.write(R"({"jsonrpc":"2.0","id":1,"method":"status"})");
  EXPECT_NE(client.read().value_or("").find("heimdall-gold-a"), std::string::npos);
  client.write(R"({"jsonrpc":"2.0","id":2,"method":"unsubscribe_all"})");
  EXPECT_EQ(client.read(), R"({"jsonrpc":"2.0","id":2,"result":{}})");
  EXPECT_FALSE(events_.is_heard());
}

}  // namespace
}  // namespace buri::consensus::api
