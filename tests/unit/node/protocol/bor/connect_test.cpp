#include "node/protocol/bor/connect.hpp"

#include <gtest/gtest.h>

#include "node/protocol/ethereum/connect.hpp"
#include "tests/support/protocol/http_server.hpp"
#include "tests/support/protocol/scripted_transport.hpp"
#include "tests/unit/node/protocol/bor/grpc_server.hpp"

namespace buri::protocol {
namespace {

using testing::http_ok;
using testing::HttpRequest;
using testing::HttpServer;

endpoints::World real_world() {
  return {system_clock(), system_random(), endpoints::thread_sleep()};
}

/// Answers every request with these results in turn.
class Recorder {
 public:
  explicit Recorder(std::vector<std::string> results) : results_(std::move(results)) {}
  testing::HttpReply operator()(const HttpRequest& request) {
    const auto id = request.body.find("\"id\":") + 5;
    const std::string number = request.body.substr(id, request.body.find(',', id) - id);
    const std::string& result = results_[std::min(next_++, results_.size() - 1)];
    return http_ok(R"({"jsonrpc":"2.0","id":)" + number + R"(,"result":)" + result + "}");
  }

 private:
  std::vector<std::string> results_;
  std::size_t next_ = 0;
};

TEST(ConnectBor, SpeaksJsonRpcUnlessTheFlagIsSet) {
  HttpServer server(Recorder({R"("0x3afd")", R"("0x0afb1a5a973d16e6d5597b17e2009f8cdbde5c06")"}));
  testing::GrpcBor grpc;
  std::string toml = "[custom]\nbor_rpc_url = \"" + server.url() + "\"\nbor_grpc_url = \"" +
                     grpc.address().target + "\"\nbor_rpc_timeout = \"3s\"\n";
  testing::TestWorld world;
  const auto over_http =
      bor::connect(endpoints::read_settings(toml).value(), 15101, real_world(), world.logger());
  ASSERT_TRUE(over_http.ok());
  EXPECT_TRUE((*over_http)->author(1).ok());
  EXPECT_EQ(server.requests(), 2);
  EXPECT_EQ(grpc.calls, 0);
  toml += "bor_grpc_flag = true\n";
  const auto over_grpc =
      bor::connect(endpoints::read_settings(toml).value(), 15101, real_world(), world.logger());
  ASSERT_TRUE(over_grpc.ok());
  EXPECT_TRUE((*over_grpc)->author(1).ok());
  EXPECT_EQ(server.requests(), 2);
}

TEST(ConnectBor, RefusesAServerOfAnotherChainThanTheStateNames) {
  HttpServer server(Recorder({R"("0x1")"}));
  testing::TestWorld world;
  const auto settings = endpoints::read_settings("[custom]\nbor_rpc_url = \"" + server.url() +
                                                 "\"\nbor_rpc_timeout = \"300ms\"\n");
  const auto chain = bor::connect(*settings, 137, real_world(), world.logger());
  EXPECT_EQ((*chain)->author(1).error(), FactError::kUnavailable);
  EXPECT_TRUE(world.logged("another chain"));
}

TEST(ConnectEthereum, AsksTheNextEndpointAndLogsNoSecret) {
  HttpServer denies([](const HttpRequest&) { return testing::http_status(401); });
  HttpServer serves(Recorder({R"("0x1")", "\"0x" + std::string(63, '0') + "4\""}));
  const std::string secret =
      "http://user:secret@127.0.0.1:" + std::to_string(denies.port()) + "/v3/secret?secret=1";
  testing::TestWorld world;
  const auto settings =
      endpoints::read_settings("[custom]\neth_rpc_url = \"" + secret + "," + serves.url() + "\"\n");
  const auto chain = ethereum::connect(*settings, real_world(), world.logger());
  ASSERT_TRUE(chain.ok());
  EXPECT_EQ((*chain)->last_child_block(Address{}).value(), 4u);
  EXPECT_TRUE(world.logged("127.0.0.1:" + std::to_string(denies.port())));
  EXPECT_TRUE(world.logged("access denied"));
  EXPECT_FALSE(world.logged("secret"));
}

TEST(ConnectEthereum, NamesAnUnreadableAuthorityFile) {
  testing::TestWorld world;
  const auto settings =
      endpoints::read_settings("[endpoints]\ntls_authority_file = \"/nonexistent.pem\"\n");
  EXPECT_FALSE(ethereum::connect(*settings, real_world(), world.logger()).ok());
  EXPECT_FALSE(bor::connect(*settings, 137, real_world(), world.logger()).ok());
}

}  // namespace
}  // namespace buri::protocol
