#include "node/consensus/api/http_message.hpp"

#include <gtest/gtest.h>

#include "node/consensus/api/cors.hpp"

namespace buri::consensus::api {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

TEST(HttpMessage, QueriesAreReadAsGoReadsThem) {
  EXPECT_EQ(parse_query("height=4&prove=true"), (Pairs{{"height", "4"}, {"prove", "true"}}));
  EXPECT_EQ(parse_query("a=x+y%20z&&b"), (Pairs{{"a", "x y z"}, {"b", ""}}));
  EXPECT_EQ(parse_query("a=%2&b=%zz&c=1;d=2&e=%41"), (Pairs{{"e", "A"}}));
  EXPECT_EQ(parse_query(""), Pairs{});
}

TEST(HttpMessage, PathAndQueryAreParted) {
  HttpRequest request;
  request.target = "/bor%2Fspans?x=1?2";
  EXPECT_EQ(request.path(), "/bor/spans");
  EXPECT_EQ(request.query(), "x=1?2");
  request.target = "/%zz";
  EXPECT_EQ(request.path(), "/%zz");
  EXPECT_EQ(request.query(), "");
}

TEST(Cors, WithoutOriginsNothingIsSaid) {
  HttpRequest request{
      "OPTIONS", "/", {{"Origin", "http://a"}, {"Access-Control-Request-Method", "GET"}}, "", ""};
  EXPECT_FALSE(answer_preflight({}, request));
  EXPECT_TRUE(cors_headers({}, "http://a").empty());
}

TEST(Cors, AStarStandsForAnyText) {
  CorsOptions options;
  options.origins = {"http://*.example"};
  EXPECT_EQ(cors_headers(options, "http://a.example").back().second, "http://a.example");
  EXPECT_EQ(cors_headers(options, "https://a.example").size(), 1u);
  options.origins = {"*"};
  EXPECT_EQ(cors_headers(options, "https://b").back().second, "*");
}

TEST(Cors, PreflightNamesMethodAndHeaders) {
  CorsOptions options;
  options.origins = {"*"};
  HttpRequest request{
      "OPTIONS", "/", {{"origin", "http://a"}, {"access-control-request-method", "POST"}}, "", ""};
  const auto answer = answer_preflight(options, request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 204u);
  EXPECT_EQ(answer->headers[2],
            (std::pair<std::string, std::string>("Access-Control-Allow-Methods", "POST")));
  request.headers[1].second = "DELETE";
  EXPECT_EQ(answer_preflight(options, request)->headers.size(), 2u);
}

}  // namespace
}  // namespace buri::consensus::api
