#include <gtest/gtest.h>

#include <filesystem>

#include "base/json_text.hpp"
#include "node/consensus/api/http_server.hpp"
#include "node/consensus/api/rpc_service.hpp"
#include "node/consensus/records/lines.hpp"
#include "tests/unit/node/consensus/api/http_client.hpp"
#include "tests/unit/node/consensus/api/recorded_rpc_node.hpp"
#include "tests/unit/node/golden.hpp"

/// What the stock daemon answered to GET and POST, against ours: status, content type, and every
/// member of the body in its order. Questions to the application's store are not among them.

namespace buri::consensus::api {
namespace {

const JsonValue* member(const JsonValue& value, std::string_view name) {
  const auto found = std::ranges::find(value.children, name, &JsonValue::key);
  return found == value.children.end() ? nullptr : &*found;
}

class RpcTranscripts : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = testing::fixtures_folder() + "/../golden/heimdall-devnet";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no recorded chain at " << folder;
    chain_ = std::make_unique<RecordedView>(folder + "/A/blocks.jsonl.xz");
    const auto text = records::read_text(folder + "/api/rpc.json.xz").value();
    transcripts_ = parse_json(text).value();
    const RpcServices services{*chain_, node_, events_, testing::engine(), [](auto, auto) {}};
    service_ = std::make_unique<RpcService>(services, RpcOptions{}, clock_);
  }

  static HttpRequest request_of(const JsonValue& transcript) {
    HttpRequest request{"GET", "/", {{"Host", "127.0.0.1:31001"}}, "", "127.0.0.1:1"};
    if (const JsonValue* path = member(transcript, "path")) request.target = path->text;
    if (const JsonValue* body = member(transcript, "post")) {
      request.method = "POST";
      request.body = body->text;
    }
    return request;
  }
  static bool needs_store(const HttpRequest& request) {
    return (request.target + request.body).find("abci_query") != std::string::npos;
  }

  static void compare(const JsonValue& expected, const HttpRequest& request,
                      const HttpResponse& found) {
    const std::string name = request.method + " " + request.target + " " + request.body;
    EXPECT_EQ(std::to_string(found.status), member(expected, "status")->text) << name;
    if (const JsonValue* type = member(expected, "content_type")) {
      EXPECT_EQ(found.content_type, type->text) << name;
    }
    if (const JsonValue* text = member(expected, "text")) {
      EXPECT_EQ(found.body, text->text) << name;
      return;
    }
    const auto body = parse_json(found.body);
    ASSERT_TRUE(body.ok()) << name << found.body;
    EXPECT_EQ(to_json(*body), to_json(*member(expected, "json"))) << name;
  }

  /// Every transcript but those of the store, by `ask`.
  std::size_t compare_all(const std::function<HttpResponse(const HttpRequest&)>& ask) {
    std::size_t count = 0;
    for (const std::string_view list : {"uri", "post"}) {
      for (const JsonValue& transcript : member(transcripts_, list)->children) {
        const HttpRequest request = request_of(transcript);
        if (needs_store(request)) continue;
        compare(transcript, request, ask(request));
        ++count;
      }
    }
    return count;
  }

  std::unique_ptr<RecordedView> chain_;
  RecordedNode node_;
  EventBus events_;
  ManualClock clock_;
  JsonValue transcripts_;
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
