#include "node/protocol/endpoints/url.hpp"

#include <gtest/gtest.h>

#include "node/protocol/endpoints/grpc_address.hpp"

namespace buri::protocol::endpoints {
namespace {

TEST(Url, TakesAnAddressApart) {
  const auto url = parse_url("https://node.example:8443/v3/key?x=1");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->host, "node.example");
  EXPECT_EQ(url->port, 8443);
  EXPECT_EQ(url->target, "/v3/key?x=1");
  EXPECT_TRUE(url->is_tls());
  EXPECT_EQ(url->authorization, "");
}

TEST(Url, KnowsThePortsOfItsSchemesAndTheShortestTarget) {
  EXPECT_EQ(parse_url("http://a")->port, 80);
  EXPECT_EQ(parse_url("https://a")->port, 443);
  EXPECT_EQ(parse_url("http://a")->target, "/");
  EXPECT_EQ(parse_url("http://a?key=1")->target, "/?key=1");
}

TEST(Url, TurnsUserAndPasswordIntoAnAuthorization) {
  const auto url = parse_url("http://user:p%40ss@host:1");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->authorization, "Basic dXNlcjpwQHNz");
  EXPECT_EQ(url->host, "host");
}

TEST(Url, ShowsNothingButSchemeHostAndPortInItsLabel) {
  EXPECT_EQ(parse_url("https://user:secret@node.example/v3/key")->label(),
            "https://node.example:443");
  EXPECT_EQ(parse_url("http://[::1]:8545")->label(), "http://[::1]:8545");
}

TEST(Url, RefusesEveryMalformedPartByName) {
  const std::pair<std::string_view, UrlError> cases[] = {
      {"", UrlError::kEmpty},
      {"host:80", UrlError::kScheme},
      {"ftp://host", UrlError::kScheme},
      {"HTTP://host", UrlError::kScheme},
      {"http://", UrlError::kHost},
      {"http://:80", UrlError::kHost},
      {"http://ho st", UrlError::kCharacter},
      {"http://host\r\nx: y", UrlError::kCharacter},
      {"http://host/\x80", UrlError::kCharacter},
      {"http://ho<st", UrlError::kHost},
      {"http://[::1", UrlError::kHost},
      {"http://[zz]", UrlError::kHost},
      {"http://[::1]x", UrlError::kHost},
      {"http://host:", UrlError::kPort},
      {"http://host:0", UrlError::kPort},
      {"http://host:65536", UrlError::kPort},
      {"http://host:8a", UrlError::kPort},
      {"http://host:+8", UrlError::kPort},
      {"http://us%4@host", UrlError::kUserInfo},
      {"http://us%zz@host", UrlError::kUserInfo},
      {"http://us%@host", UrlError::kUserInfo},
      {"http://host/#x", UrlError::kFragment},
  };
  for (const auto& [text, error] : cases) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url.ok()) << text;
    EXPECT_EQ(url.error(), error) << text;
  }
  EXPECT_FALSE(parse_url("http://host/" + std::string(2037, 'a')).ok());
}

// A longer host than a name may be once made a label that was longer than any address.
TEST(Url, TakesHostsAsLongAsNamesMayBe) {
  const auto longest = parse_url("http://" + std::string(253, 'a') + "/" + std::string(1700, 'b'));
  ASSERT_TRUE(longest.ok());
  EXPECT_EQ(parse_url(longest->label())->host, longest->host);
  const auto longer = parse_url("http://" + std::string(254, 'a'));
  ASSERT_FALSE(longer.ok());
  EXPECT_EQ(longer.error(), UrlError::kHost);
}

TEST(Url, KnowsThisMachine) {
  EXPECT_TRUE(parse_url("http://localhost")->is_loopback());
  EXPECT_TRUE(parse_url("http://127.1.2.3")->is_loopback());
  EXPECT_TRUE(parse_url("http://[::1]")->is_loopback());
  EXPECT_FALSE(parse_url("http://localhost.example")->is_loopback());
  EXPECT_FALSE(parse_url("http://128.0.0.1")->is_loopback());
}

TEST(SplitList, DropsSpacesAndEmptyParts) {
  EXPECT_EQ(split_list(" a ,, b,\t"), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(split_list("").empty());
}

TEST(GrpcAddress, FollowsTheRulesOfHeimdalld) {
  using enum GrpcAddressError;
  EXPECT_EQ(parse_grpc_address("localhost:3131", true).value(),
            (GrpcAddress{"localhost:3131", false}));
  EXPECT_EQ(parse_grpc_address("https://bor.example:3131", true).value(),
            (GrpcAddress{"bor.example:3131", true}));
  EXPECT_EQ(parse_grpc_address("http://bor.example:3131", false).value(),
            (GrpcAddress{"bor.example:3131", false}));
  EXPECT_EQ(parse_grpc_address("unix:///run/bor.sock", true).value(),
            (GrpcAddress{"unix:/run/bor.sock", false}));
  EXPECT_EQ(parse_grpc_address("bor.example:3131", false).error(), kPlainNotLoopback);
  EXPECT_EQ(parse_grpc_address("http://bor.example:3131", true).error(), kTokenInPlain);
  EXPECT_EQ(parse_grpc_address("http://user@localhost:3131", false).error(), kMalformed);
  EXPECT_EQ(parse_grpc_address("http://localhost:3131/x", false).error(), kMalformed);
  EXPECT_EQ(parse_grpc_address("ftp://localhost:3131", false).error(), kMalformed);
  EXPECT_EQ(parse_grpc_address("unix://relative", false).error(), kMalformed);
  EXPECT_EQ(parse_grpc_address("", false).error(), kMalformed);
}

}  // namespace
}  // namespace buri::protocol::endpoints
