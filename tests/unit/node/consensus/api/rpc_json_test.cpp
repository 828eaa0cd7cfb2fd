#include "node/consensus/api/rpc_json.hpp"

#include <gtest/gtest.h>

namespace buri::consensus::api {
namespace {

std::optional<Timestamp> timestamp(const std::string& text) {
  const JsonValue document = parse_json("\"" + text + "\"").value();
  const auto time = decode_timestamp(JsonCursor(document));
  return time.ok() ? std::optional(time.value()) : std::nullopt;
}

TEST(Timestamp, ReadsWhatGoPrints) {
  EXPECT_EQ(timestamp("2026-10-01T02:56:31.101774555Z"), (Timestamp{1790823391, 101774555}));
  EXPECT_EQ(timestamp("2026-10-01T05:10:51.41436905Z"), (Timestamp{1790831451, 414369050}));
  EXPECT_EQ(timestamp("1970-01-01T00:00:00Z"), (Timestamp{0, 0}));
  EXPECT_EQ(timestamp("0001-01-01T00:00:00Z"), engine::kZeroTime);
  EXPECT_EQ(timestamp("2024-02-29T23:59:59.000000001Z"), (Timestamp{1709251199, 1}));
}

TEST(Timestamp, RefusesOtherSpellings) {
  for (const char* text :
       {"", "2026-10-01", "2026-10-01T02:56:31", "2026-10-01T02:56:31+00:00",
        "2026-10-01t02:56:31Z", "2026-10-01T02:56:31.Z", "2026-10-01T02:56:31.10Z",
        "2026-10-01T02:56:31.1017745551Z", "2026-10-01T24:00:00Z", "2026-10-01T02:60:00Z",
        "2026-10-01T02:56:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z", "2026-10-01T02:56:31Z ", "+026-10-01T02:56:31Z"}) {
    EXPECT_EQ(timestamp(text), std::nullopt) << text;
  }
}

std::string problem(const std::string& text, auto decode) {
  const JsonValue document = parse_json(text).value();
  const auto result = decode(JsonCursor(document));
  return result.ok() ? "" : describe(result.error());
}

TEST(RpcJson, QuotesTheErrorOfANode) {
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":-1,"error":{"code":-32603,"message":"Internal error",)"
                    R"("data":"height 5 must be less than 3"}})",
                    rpc_result),
            "error: expected an answer without an error, found \"height 5 must be less than 3\"");
}

TEST(RpcJson, NamesTheFieldOfAWrongValidator) {
  EXPECT_EQ(problem(R"({"block_height":"1","total":"1","validators":[{"address":"00","pub_key":)"
                    R"({"type":"cometbft/PubKeySecp256k1eth","value":"BA=="},"voting_power":"1",)"
                    R"("proposer_priority":"0"}]})",
                    decode_validators),
            "validators[0].address: expected 40 upper-case hex digits, found \"00\"");
}

TEST(RpcJson, RefusesAPageWhoseCountIsWrong) {
  EXPECT_EQ(
      problem(R"({"block_height":"1","total":"1","count":"3","validators":[]})", decode_validators),
      "count: expected the number of validators on the page, 0, found \"3\"");
}

TEST(RpcJson, AsksForAProof) {
  EXPECT_EQ(problem(R"({"code":0,"log":"","info":"","index":"0","key":"gw==","value":null,)"
                    R"("proofOps":null,"height":"1","codespace":""})",
                    decode_abci_query),
            "proofOps: expected a proof; ask the node with prove=true, found null");
}

TEST(RpcJson, RefusesNegativeAndOverlongHeights) {
  for (const char* height : {"-1", "0", "9223372036854775808", "01"}) {
    const std::string text =
        R"({"block_height":")" + std::string(height) + R"(","total":"1","validators":[]})";
    EXPECT_TRUE(problem(text, decode_validators).starts_with("block_height: expected a decimal"))
        << height;
  }
}

}  // namespace
}  // namespace buri::consensus::api
