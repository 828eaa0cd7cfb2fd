#include <gtest/gtest.h>

#include "node/consensus/api/http_server.hpp"
#include "tests/support/json_comparison.hpp"
#include "tests/unit/node/consensus/api/http_client.hpp"
#include "tests/unit/node/consensus/api/recorded_node.hpp"

/// The gateway behind the HTTP server, asked over a socket.

namespace buri::consensus::api {
namespace {

TEST(RestServer, GivesTheGatewaysAnswersOverASocket) {
  std::string why;
  RecordedNode* node = RecordedNode::get(why);
  if (node == nullptr) GTEST_SKIP() << why;
  HttpServerOptions options;
  options.port = 0;
  auto server = HttpServer::start(options, node->api().rest(), {}, Logger("test", LogLevel::kOff));
  ASSERT_TRUE(server.ok()) << server.error();
  testing::HttpClient client((*server)->port());
  std::size_t asked = 0;
  for (const JsonValue& one : node->answers().children) {
    const std::string path(JsonCursor(one).member("path")->string().value());
    SCOPED_TRACE(path);
    const auto answer = client.get(path);
    ASSERT_TRUE(answer.has_value());
    const HttpResponse direct = node->api().rest().answer({"GET", path, {}, {}, "127.0.0.1:1"});
    EXPECT_EQ(answer->status, direct.status);
    if (path != "/health") EXPECT_EQ(answer->body, direct.body);
    ++asked;
  }
  EXPECT_EQ(asked, 173U);
  const auto posted = client.post("/cosmos/tx/v1beta1/decode", "{");
  ASSERT_TRUE(posted.has_value());
  EXPECT_EQ(posted->status, 400U);
}

}  // namespace
}  // namespace buri::consensus::api
