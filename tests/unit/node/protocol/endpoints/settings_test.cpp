#include "node/protocol/endpoints/settings.hpp"

#include <gtest/gtest.h>

namespace buri::protocol::endpoints {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

TEST(EndpointSettings, HaveTheDefaultsOfHeimdalld) {
  const auto settings = read_settings("");
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->eth_rpc.front().label(), "http://localhost:9545");
  EXPECT_EQ(settings->bor_rpc.front().label(), "http://localhost:8545");
  EXPECT_EQ(settings->eth_rpc_timeout, seconds(5));
  EXPECT_EQ(settings->bor_rpc_timeout, seconds(1));
  EXPECT_FALSE(settings->bor_grpc_flag);
  EXPECT_TRUE(settings->transport.tls_verify);
  EXPECT_FALSE(settings->has_bor_failover());
}

TEST(EndpointSettings, ReadAnAppTomlAsHeimdalldWritesIt) {
  const auto settings = read_settings(R"(
minimum-gas-prices = "0pol"
[custom]
eth_rpc_url = "https://user:secret@eth.example/v3/key"
bor_rpc_url = "http://localhost:8545, http://10.0.0.2:8545"
bor_grpc_flag = "true"
bor_grpc_url = "localhost:3131"
bor_grpc_token = "token"
bor_rpc_timeout = "1500ms"
eth_rpc_timeout = "0s"
amqp_url = "amqp://guest:guest@localhost:5672/"
[api]
enable = true
)");
  ASSERT_TRUE(settings.ok()) << settings.error();
  EXPECT_EQ(settings->eth_rpc.front().label(), "https://eth.example:443");
  EXPECT_EQ(settings->bor_rpc.size(), 2u);
  EXPECT_TRUE(settings->bor_grpc_flag);
  EXPECT_EQ(settings->bor_grpc.front().target, "localhost:3131");
  EXPECT_EQ(settings->bor_rpc_timeout, milliseconds(1500));
  EXPECT_EQ(settings->eth_rpc_timeout, seconds(5)) << "zero means the default";
  EXPECT_TRUE(settings->has_bor_failover());
}

TEST(EndpointSettings, CutALongBorTimeout) {
  EXPECT_EQ(read_settings("[custom]\nbor_rpc_timeout = \"9s\"")->bor_rpc_timeout,
            kMaxBorRpcTimeout);
}

TEST(EndpointSettings, ReadOurOwnTable) {
  const auto settings = read_settings(
      "[endpoints]\neth_chain_id = 1\nmax_response_bytes = 65536\n"
      "tls_authority_file = \"/etc/ca.pem\"\ntls_verify = false\n");
  ASSERT_TRUE(settings.ok()) << settings.error();
  EXPECT_EQ(settings->eth_chain_id, 1u);
  EXPECT_EQ(settings->transport.max_response_bytes, 65536u);
  EXPECT_EQ(settings->transport.tls_authority_file, "/etc/ca.pem");
  EXPECT_FALSE(settings->transport.tls_verify);
}

TEST(EndpointSettings, NameLineAndKeyOfAFaultButNeverTheValue) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"[custom]\neth_rpc_url = \"secret\"", "line 2: custom.eth_rpc_url: "},
      {"[custom]\neth_rpc_url = 5", "line 2: custom.eth_rpc_url: "},
      {"[custom]\n\nbor_rpc_url = \",\"", "line 3: custom.bor_rpc_url: "},
      {"[custom]\nbor_grpc_flag = \"yes\"", "line 2: custom.bor_grpc_flag: "},
      {"[custom]\nbor_grpc_flag = true\nbor_grpc_url = \"secret:1\"",
       "line 3: custom.bor_grpc_url: "},
      {"[custom]\nbor_rpc_timeout = \"secret\"", "line 2: custom.bor_rpc_timeout: "},
      {"[endpoints]\nsecret = 1", "line 2: endpoints.secret: unknown key"},
      {"[endpoints]\nmax_response_bytes = 1", "line 2: endpoints.max_response_bytes: "},
      {"[custom]\neth_rpc_url = \"http://secret", "line 2: no valid TOML"},
      {"custom = \"secret\"", "line 1: custom: expected a table"},
      {"[custom]\n# \xc3\xbc\n", "line 2: expected ASCII"},
  };
  for (const auto& [toml, start] : cases) {
    const auto settings = read_settings(toml);
    ASSERT_FALSE(settings.ok()) << toml;
    EXPECT_TRUE(settings.error().starts_with(start)) << settings.error();
    if (toml.find("endpoints") == std::string_view::npos) {
      EXPECT_EQ(settings.error().find("secret"), std::string::npos) << settings.error();
    }
  }
}

TEST(Duration, ReadsWhatGoPrints) {
  EXPECT_EQ(parse_duration("1s"), seconds(1));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("1m30s"), seconds(90));
  EXPECT_EQ(parse_duration("1.5s"), milliseconds(1500));
  EXPECT_EQ(parse_duration("2h"), seconds(7200));
  EXPECT_EQ(parse_duration("7ns"), nanoseconds(7));
  EXPECT_EQ(parse_duration("1us"), nanoseconds(1000));
  EXPECT_EQ(parse_duration("0"), nanoseconds(0));
  for (const auto* text : {"", "s", "1", "-1s", "1 s", "1x", "1s ", ".s", "1..5s", "9e9s",
                           "99999999999999999999s", "2600000h"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(CallTimesOfAList, CoverThreeEndpointsAtMost) {
  EXPECT_EQ(call_times(seconds(1), 1).whole, seconds(1));
  EXPECT_EQ(call_times(seconds(1), 2).whole, seconds(2));
  EXPECT_EQ(call_times(seconds(1), 9).whole, seconds(3));
}

}  // namespace
}  // namespace buri::protocol::endpoints
