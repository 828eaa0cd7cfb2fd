#include <gtest/gtest.h>

#include <algorithm>

#include "base/codec/base64.hpp"
#include "base/hex.hpp"
#include "tests/support/json_comparison.hpp"
#include "tests/unit/node/consensus/api/recorded_node.hpp"
#include "tests/unit/node/golden.hpp"

/// Every recorded answer of the stock daemon's REST gateway, given again by ours over the same
/// state; and what the recording does not have: bodies, old heights, hostile requests.

namespace buri::consensus::api {
namespace {

class Rest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    node_ = RecordedNode::get(why);
    if (node_ == nullptr) GTEST_SKIP() << why;
  }
  HttpResponse send(const std::string& method, const std::string& target, HttpHeaders headers = {},
                    const std::string& body = {}) const {
    return node_->api().rest().answer({method, target, std::move(headers), body, "127.0.0.1:1"});
  }
  HttpResponse get(const std::string& target, HttpHeaders headers = {}) const {
    return send("GET", target, std::move(headers));
  }
  static std::string header_of(const HttpResponse& response, std::string_view name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  RecordedNode* node_ = nullptr;
};

/// Replaces what tells of the moment or of the program: kinds stay, values go. Lists that stock
/// takes from a Go map are sorted.
JsonValue normalised(std::string_view path, JsonValue value) {
  const auto blank = [](JsonValue& one) { one.text.clear(); };
  const auto at = [](JsonValue& object, std::string_view key) -> JsonValue& {
    const auto found = std::ranges::find(object.children, key, &JsonValue::key);
    CHECK(found != object.children.end(), "the member is there");
    return *found;
  };
  if (path == "/health") {
    for (JsonValue& figure : at(value, "system").children) blank(figure);
    blank(at(value, "timestamp"));
  } else if (path.ends_with("/node_info")) {
    at(at(value, "application_version"), "build_deps").children.clear();
  } else if (path.ends_with("/subspaces")) {
    std::ranges::sort(at(value, "subspaces").children, {},
                      [](const JsonValue& one) { return one.children.front().text; });
  } else if (path.starts_with("/topup/account-proof/") && !path.ends_with("proof=0x00")) {
    blank(at(value, "message"));  // the words of the stand-in for the root chain
  }
  return value;
}

TEST_F(Rest, GivesEveryRecordedAnswer) {
  node_->tell_headers(false);
  const auto answers = JsonCursor(node_->answers()).elements(10'000).value();
  ASSERT_EQ(answers.size(), 173U);
  for (const JsonCursor& one : answers) {
    const std::string path(one.member("path")->string().value());
    SCOPED_TRACE(path);
    const HttpResponse response = get(path);
    EXPECT_EQ(response.status, one.member("status")->unsigned_number(1000).value());
    EXPECT_EQ(response.content_type, one.member("content_type")->string().value());
    const auto body = parse_json(response.body);
    ASSERT_TRUE(body.ok()) << response.body;
    EXPECT_TRUE(is_same_json_unordered(normalised(path, *body),
                                       normalised(path, one.member("json")->value())))
        << response.body.substr(0, 1000);
  }
}

TEST_F(Rest, EveryFieldOfAPathIsAFieldOfItsRequest) {
  for (const RestRoute& route : rest_routes()) {
    const auto* forms = node_->api().queries().forms_of(route.method);
    if (forms == nullptr) {
      EXPECT_TRUE(route.method.ends_with("Amino")) << route.method;
      continue;
    }
    const auto match = match_template(route.path, route.path).value();
    for (const auto& [name, text] : match) {
      const codec::Parameter one{std::string(name), {"1"}};
      const codec::Parameter other{std::string(name), {"2"}};
      // Two values give two requests: the field is there.
      const auto first = forms->from_parameters(std::span(&one, 1));
      const auto second = forms->from_parameters(std::span(&other, 1));
      const bool differs = !first.ok() || !second.ok() || *first != *second;
      EXPECT_TRUE(differs) << route.path;
    }
    EXPECT_EQ(route.verb == RestVerb::kPost, forms->from_json != nullptr) << route.path;
  }
}

TEST_F(Rest, ReadsTheHeightThatAHeaderAsksFor) {
  const std::string milestones = "/milestones/count";
  const HttpResponse newest = get(milestones);
  EXPECT_EQ(header_of(newest, "Grpc-Metadata-X-Cosmos-Block-Height"), "328");
  for (const std::string name : {"x-cosmos-block-height", "Grpc-Metadata-X-Cosmos-Block-Height"}) {
    const HttpResponse old = get(milestones, {{name, "100"}});
    EXPECT_EQ(old.status, 200U);
    EXPECT_EQ(header_of(old, "Grpc-Metadata-X-Cosmos-Block-Height"), "100");
    EXPECT_NE(old.body, newest.body);
  }
  // Two of them are none, as in stock.
  EXPECT_EQ(
      get(milestones, {{"x-cosmos-block-height", "100"}, {"x-cosmos-block-height", "1"}}).body,
      newest.body);
  const HttpResponse future = get(milestones, {{"x-cosmos-block-height", "329"}});
  EXPECT_EQ(future.status, 500U);
  EXPECT_NE(future.body.find("codespace sdk code 26: invalid height: cannot query with height in "
                             "the future; please provide a valid height"),
            std::string::npos)
      << future.body;
  EXPECT_EQ(get(milestones, {{"x-cosmos-block-height", "-1"}}).status, 500U);
  EXPECT_NE(get(milestones, {{"x-cosmos-block-height", "ten"}})
                .body.find("strconv.ParseInt: parsing \\\"ten\\\": invalid syntax"),
            std::string::npos);
}

TEST_F(Rest, RefusesHeightsThatArePruned) {
  std::string why;
  const auto node = RecordedNode::fresh(why);
  ASSERT_TRUE(node->stores().prune(200).ok());
  while (node->stores().maintain().value()) {
  }
  ASSERT_GT(node->stores().oldest_height(), 5);
  HttpRequest request;
  request.method = "GET";
  request.target = "/milestones/count";
  request.headers = {{"x-cosmos-block-height", "5"}};
  const HttpResponse pruned = node->api().rest().answer(request);
  EXPECT_EQ(pruned.status, 500U);
  EXPECT_NE(
      pruned.body.find("codespace sdk code 18: invalid request: failed to load state at height "
                       "5; version mismatch on immutable IAVL tree; version does not exist. "
                       "Version has either been pruned, or is for a future block height "
                       "(latest height: 328)"),
      std::string::npos)
      << pruned.body;
  EXPECT_EQ(node->api().abci().answer({"/store/bank/key", {1}, 5, false}).log,
            "version does not exist");
  EXPECT_EQ(node->api().abci().answer({"/store/bank/key", {1}, 5, true}).log,
            "proof is unexpectedly empty; ensure height has not been pruned: invalid request");
}

TEST_F(Rest, RefusesOtherVerbsAndPathsAsStockDoes) {
  EXPECT_EQ(send("POST", "/bor/params").body,
            R"({"code":12,"message":"Method Not Allowed","details":[]})");
  EXPECT_EQ(send("POST", "/bor/params").status, 501U);
  EXPECT_EQ(get("/cosmos/tx/v1beta1/simulate").status, 501U);
  EXPECT_EQ(get("bor/params").status, 400U);
  EXPECT_EQ(get("/bor/params/").status, 501U);
  EXPECT_EQ(get("/").status, 501U);
  EXPECT_EQ(get("/swagger/").status, 501U);
}

TEST_F(Rest, BindsQueriesAsTheGatewayDoes) {
  const std::string spans = "/bor/spans/list?";
  const std::string two = get(spans + "pagination.limit=2").body;
  EXPECT_EQ(get(spans + "pagination.limit=0x2").body, two);
  EXPECT_EQ(get(spans + "pagination.limit=2&unknown=1&pagination.unknown=2").body, two);
  EXPECT_EQ(get(spans + "pagination.limit=2&pagination.limit=1").body, two);
  EXPECT_EQ(get(spans + "pagination.limit=2&pagination.countTotal=true").body,
            get(spans + "pagination.limit=2&pagination.count_total=t").body);
  // A page's key in both alphabets of base64.
  EXPECT_EQ(get(spans + "pagination.limit=2&pagination.key=AAAAAAAAAAI%3D").status, 200U);
  EXPECT_EQ(get(spans + "pagination.limit=2&pagination.key=!").status, 400U);
  EXPECT_EQ(get(spans + "pagination.limit=99999999999999999999999").status, 400U);
  EXPECT_EQ(get(spans + "pagination.limit=-1").status, 400U);
  EXPECT_EQ(get(spans + "pagination=1").status, 400U);
  EXPECT_EQ(get(spans + "pagination.limit.limit=1").status, 400U);
  EXPECT_EQ(get(spans + "pagination.reverse=maybe").status, 400U);
  // A field of the path is not taken from the query.
  EXPECT_EQ(get("/bor/spans/1?id=2").body, get("/bor/spans/1").body);
  EXPECT_EQ(get("/cosmos/gov/v1/proposals?proposal_status=PROPOSAL_STATUS_PASSED").body,
            get("/cosmos/gov/v1/proposals?proposal_status=3").body);
}

TEST_F(Rest, AnswersGovernanceInItsOldForm) {
  const std::string old = "/cosmos/gov/v1beta1/";
  EXPECT_EQ(get(old + "params/tallying").body,
            R"({"voting_params":{"voting_period":"0s"},"deposit_params":{"min_deposit":[],)"
            R"("max_deposit_period":"0s"},"tally_params":{"quorum":"0.334000000000000000",)"
            R"("threshold":"0.500000000000000000","veto_threshold":"0.334000000000000000"}})");
  EXPECT_EQ(get(old + "params/none").status, 400U);
  EXPECT_EQ(get(old + "proposals/999").status, 404U);
  EXPECT_EQ(get(old + "proposals/1/tally").body,
            R"({"tally":{"yes":"1000","abstain":"0","no":"0","no_with_veto":"0"}})");
  EXPECT_EQ(get(old + "proposals/1/votes").body,
            R"({"votes":[],"pagination":{"next_key":null,"total":"0"}})");
  EXPECT_EQ(get(old + "proposals/1/deposits").status, 200U);
  EXPECT_EQ(
      get(old + "proposals/1/deposits/0x6fae7c35ac7a7a385353b8466acd9c5db21f06f0").body,
      get("/cosmos/gov/v1/proposals/1/deposits/0x6fae7c35ac7a7a385353b8466acd9c5db21f06f0").body);
  // A proposal of two messages has no old form.
  EXPECT_EQ(get("/cosmos/gov/v1/proposals?pagination.limit=50").status, 200U);
}

/// A transaction that the chain took, out of the block of height 4.
std::string sent_tx(const RecordedNode& node) {
  return to_base64(node.chain().transactions.at(4).at(1));
}

TEST_F(Rest, DecodesAndEncodesTransactions) {
  const std::string raw = sent_tx(*node_);
  const HttpResponse decoded =
      send("POST", "/cosmos/tx/v1beta1/decode", {}, R"({"tx_bytes":")" + raw + R"("})");
  ASSERT_EQ(decoded.status, 200U) << decoded.body;
  const HttpResponse encoded = send("POST", "/cosmos/tx/v1beta1/encode", {}, decoded.body);
  EXPECT_EQ(encoded.body, R"({"tx_bytes":")" + raw + R"("})");
  EXPECT_EQ(send("POST", "/cosmos/tx/v1beta1/decode", {}, R"({"tx_bytes":"AAAA"})").status, 500U);
  EXPECT_EQ(send("POST", "/cosmos/tx/v1beta1/decode").status, 400U);
  EXPECT_EQ(send("POST", "/cosmos/tx/v1beta1/decode", {}, "{").status, 400U);
  EXPECT_EQ(send("POST", "/cosmos/tx/v1beta1/encode", {}, "{}").status, 400U);
}

TEST_F(Rest, OffersTransactionsToTheMempool) {
  const std::size_t before = node_->sent().size();
  const std::string raw = sent_tx(*node_);
  const auto post = [&](const std::string& mode, const std::string& tx) {
    return send("POST", "/cosmos/tx/v1beta1/txs", {},
                R"({"tx_bytes":")" + tx + R"(","mode":")" + mode + R"("})");
  };
  const HttpResponse sync = post("BROADCAST_MODE_SYNC", raw);
  EXPECT_EQ(sync.status, 200U);
  EXPECT_NE(sync.body.find(R"("codespace":"sdk","code":5)"), std::string::npos) << sync.body;
  EXPECT_NE(sync.body.find(R"("raw_log":"spendable balance is smaller")"), std::string::npos);
  EXPECT_EQ(post("BROADCAST_MODE_ASYNC", raw).status, 200U);
  EXPECT_EQ(node_->sent().size(), before + 2);
  EXPECT_EQ(to_base64(node_->sent().back()), raw);
  const HttpResponse large = post("BROADCAST_MODE_SYNC", to_base64(Bytes(2000, 1)));
  EXPECT_NE(large.body.find(R"("codespace":"sdk","code":21)"), std::string::npos) << large.body;
  EXPECT_EQ(post("BROADCAST_MODE_BLOCK", raw).status, 500U);
  EXPECT_EQ(post("BROADCAST_MODE_SYNC", "").status, 400U);
}

TEST_F(Rest, EstimatesGasWithoutASignature) {
  // The account's next transaction without its signature: only the sequence must fit.
  auto tx = codec::decode<tx::Tx>(node_->chain().transactions.at(4).at(1)).value();
  const auto account = JsonCursor(
      node_->recorded("/cosmos/auth/v1beta1/accounts/0x72b8a515345179cdd90fcff77ae2a746399f7bdd"));
  const auto sequence = account.member("account")->member("sequence")->int64_string(0, 1'000'000);
  tx.auth_info->signer_infos[0].sequence = static_cast<std::uint64_t>(sequence.value());
  tx.signatures = {Bytes{}};
  const HttpResponse response = send("POST", "/cosmos/tx/v1beta1/simulate", {},
                                     R"({"tx_bytes":")" + to_base64(codec::encode(tx)) + R"("})");
  ASSERT_EQ(response.status, 200U) << response.body;
  const auto body = parse_json(response.body).value();
  const JsonCursor answer(body);
  EXPECT_EQ(answer.member("gas_info")->member("gas_wanted")->string().value(),
            "18446744073709551615");
  EXPECT_NE(answer.member("gas_info")->member("gas_used")->string().value(), "0");
  EXPECT_NE(response.body.find(R"("@type":"/cosmos.bank.v1beta1.MsgSendResponse")"),
            std::string::npos)
      << response.body;
  tx.auth_info->signer_infos[0].sequence = 0;
  const HttpResponse refused = send("POST", "/cosmos/tx/v1beta1/simulate", {},
                                    R"({"tx_bytes":")" + to_base64(codec::encode(tx)) + R"("})");
  EXPECT_EQ(refused.status, 500U);
  EXPECT_NE(refused.body.find("account sequence mismatch"), std::string::npos) << refused.body;
}

TEST_F(Rest, ShowsBlocksAndSetsAsFarAsTheyAreThere) {
  const std::string base = "/cosmos/base/tendermint/v1beta1/";
  EXPECT_EQ(get(base + "blocks/0").status, 500U);
  EXPECT_EQ(get(base + "blocks/x").status, 400U);
  EXPECT_EQ(get(base + "blocks/328").body, get(base + "blocks/latest").body);
  EXPECT_EQ(get(base + "validatorsets/0").status, 500U);
  EXPECT_EQ(get(base + "validatorsets/328?pagination.offset=100").status, 500U);
  EXPECT_EQ(get("/cosmos/tx/v1beta1/txs/block/4?pagination.offset=2").status, 500U);
  EXPECT_EQ(get("/cosmos/tx/v1beta1/txs/block/4?pagination.reverse=true&pagination.offset=1"
                "&pagination.limit=18446744073709551615")
                .status,
            200U);
  node_->tell_headers(true);
  const HttpResponse status = get("/cosmos/base/node/v1beta1/status");
  EXPECT_NE(status.body.find("2026-11-25T17:17:49.588234153Z"), std::string::npos) << status.body;
  node_->tell_headers(false);
}

}  // namespace
}  // namespace buri::consensus::api
