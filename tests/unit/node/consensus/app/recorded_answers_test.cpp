#include <gtest/gtest.h>

#include <algorithm>

#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/module.hpp"
#include "node/consensus/modules/checkpoint/query_types.hpp"
#include "node/consensus/modules/clerk/module.hpp"
#include "node/consensus/modules/clerk/query_types.hpp"
#include "node/consensus/modules/stake/module.hpp"
#include "node/consensus/modules/stake/query_types.hpp"
#include "node/consensus/modules/topup/module.hpp"
#include "node/consensus/modules/topup/query_types.hpp"
#include "tests/unit/node/consensus/app/recorded_chain.hpp"
#include "tests/unit/node/consensus/app/scripted_facts.hpp"

/// Queries on the last state of chain A against what the stock daemon's REST gateway answered
/// there: the same values, or the same code and text.

namespace buri::consensus::app {
namespace {

/// Equal values; members of objects in any order.
bool is_same(const JsonValue& a, const JsonValue& b) {
  if (a.kind != b.kind || a.text != b.text || a.boolean != b.boolean ||
      a.children.size() != b.children.size()) {
    return false;
  }
  const bool is_object = a.kind == JsonValue::Kind::kObject;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    const auto other = is_object ? std::ranges::find(b.children, a.children[i].key, &JsonValue::key)
                                 : b.children.begin() + static_cast<std::ptrdiff_t>(i);
    if (other == b.children.end() || !is_same(a.children[i], *other)) return false;
  }
  return true;
}

class RecordedAnswers : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string why;
    const RecordedChain* chain = recorded_chain("A", why);
    if (chain == nullptr) GTEST_SKIP() << why;
    facts_ = facts_of(*chain, chain->writes.rbegin()->first);
    for (const auto& [height, writes] : chain->writes) apply(writes, stores_);
    const auto text =
        records::read_text(records::existing_path(recorded_chains_folder() + "/api/rest.json"));
    document_ = parse_json(text.value()).value();
    chainmanager_.register_queries(router_);
    stake_.register_queries(router_);
    checkpoint_.register_queries(router_);
    clerk_.register_queries(router_);
    topup_.register_queries(router_);
  }

  /// The recorded answer to a path.
  JsonCursor recorded(std::string_view path) const {
    const auto answers = JsonCursor(document_).elements(10'000);
    for (const JsonCursor& one : *answers) {
      if (one.member("path")->string().value() == path) return one;
    }
    CHECK(false, "the path was recorded");
    return JsonCursor(document_);
  }

  template <class Response, class Request>
  void expect(std::string_view path, const std::string& method, const Request& request) {
    SCOPED_TRACE(path);
    store::Branch branch(stores_.stores());
    const runtime::Context context(facts_, branch, meter_, events_);
    const auto answer = router_.answer(context, "heimdallv2." + method, codec::encode(request));
    const JsonCursor expected = recorded(path);
    const JsonValue& body = expected.member("json")->value();
    ++compared_;
    if (!answer.ok()) {
      const JsonCursor failure = expected.member("json").value();
      ASSERT_TRUE(failure.has("code")) << answer.error().text;
      EXPECT_EQ(static_cast<std::uint64_t>(answer.error().code),
                failure.member("code")->unsigned_number(100).value());
      EXPECT_EQ(answer.error().text, failure.member("message")->string().value());
      return;
    }
    std::string json;
    codec::append_json(json, codec::decode<Response>(*answer).value());
    EXPECT_TRUE(is_same(parse_json(json).value(), body)) << json;
  }

  JsonValue document_;
  runtime::BlockFacts facts_;
  runtime::MemoryStores stores_;
  runtime::GasMeter meter_ = runtime::GasMeter::infinite();
  runtime::EventLog events_;
  runtime::QueryRouter router_;
  protocol::ScriptedRootChain root_chain_;
  protocol::ScriptedBorRoots bor_;
  modules::chainmanager::Module chainmanager_;
  modules::stake::Module stake_{root_chain_};
  modules::checkpoint::Module checkpoint_{{&root_chain_, &bor_}};
  modules::clerk::Module clerk_{root_chain_};
  modules::topup::Module topup_{root_chain_};
  std::size_t compared_ = 0;
};

constexpr const char* kSigner = "0x6fae7c35ac7a7a385353b8466acd9c5db21f06f0";
constexpr const char* kStranger = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

TEST_F(RecordedAnswers, OfStakeAreEqual) {
  using namespace modules::stake;
  expect<QueryCurrentValidatorSetResponse>("/stake/validators-set",
                                           "stake.Query/GetCurrentValidatorSet",
                                           QueryCurrentValidatorSetRequest{});
  for (const std::string signer :
       {kSigner, "0x6FAE7C35AC7A7A385353B8466ACD9C5DB21F06F0", kStranger, "zz"}) {
    expect<QueryValidatorResponse>("/stake/signer/" + signer, "stake.Query/GetSignerByAddress",
                                   QuerySignerRequest{signer});
  }
  for (const std::uint64_t id : {1, 2, 3, 99}) {
    expect<QueryValidatorResponse>("/stake/validator/" + std::to_string(id),
                                   "stake.Query/GetValidatorById", QueryValidatorRequest{id});
  }
  for (const std::string signer : {kSigner, kStranger}) {
    expect<QueryValidatorStatusResponse>("/stake/validator-status/" + signer,
                                         "stake.Query/GetValidatorStatusByAddress",
                                         QueryValidatorStatusRequest{signer});
  }
  expect<QueryTotalPowerResponse>("/stake/total-power", "stake.Query/GetTotalPower",
                                  QueryTotalPowerRequest{});
  expect<QueryValidatorResponse>("/stake/proposers/current", "stake.Query/GetCurrentProposer",
                                 QueryCurrentProposerRequest{});
  for (const std::uint64_t times : {1, 3, 0, 1000}) {
    expect<QueryProposersResponse>("/stake/proposers/" + std::to_string(times),
                                   "stake.Query/GetProposersByTimes", QueryProposersRequest{times});
  }
  expect<QueryStakeIsOldTxResponse>("/stake/is-old-tx?tx_hash=0x05&log_index=1",
                                    "stake.Query/IsStakeTxOld",
                                    QueryStakeIsOldTxRequest{"0x05", 1});
}

TEST_F(RecordedAnswers, OfCheckpointAreEqual) {
  using namespace modules::checkpoint;
  const auto root = recorded("/checkpoints/prepare-next").member("json")->member("checkpoint");
  bor_.roots[{301, 429}] = Hash256::from(root->member("root_hash")->base64().value());
  expect<QueryParamsResponse>("/checkpoints/params", "checkpoint.Query/GetCheckpointParams",
                              QueryParamsRequest{});
  expect<QueryCheckpointOverviewResponse>("/checkpoints/overview",
                                          "checkpoint.Query/GetCheckpointOverview",
                                          QueryCheckpointOverviewRequest{});
  expect<QueryAckCountResponse>("/checkpoints/count", "checkpoint.Query/GetAckCount",
                                QueryAckCountRequest{});
  expect<QueryCheckpointResponse>("/checkpoints/latest", "checkpoint.Query/GetCheckpointLatest",
                                  QueryCheckpointLatestRequest{});
  expect<QueryCheckpointResponse>("/checkpoints/buffer", "checkpoint.Query/GetCheckpointBuffer",
                                  QueryCheckpointBufferRequest{});
  expect<QueryLastNoAckResponse>("/checkpoints/last-no-ack", "checkpoint.Query/GetLastNoAck",
                                 QueryLastNoAckRequest{});
  expect<QueryNextCheckpointResponse>("/checkpoints/prepare-next",
                                      "checkpoint.Query/GetNextCheckpoint",
                                      QueryNextCheckpointRequest{});
  for (const std::uint64_t number : {1, 2, 0, 999}) {
    expect<QueryCheckpointResponse>("/checkpoints/" + std::to_string(number),
                                    "checkpoint.Query/GetCheckpoint",
                                    QueryCheckpointRequest{number});
  }
}

TEST_F(RecordedAnswers, OfCheckpointsListsAreEqual) {
  using namespace modules::checkpoint;
  const std::string method = "checkpoint.Query/GetCheckpointList";
  expect<QueryCheckpointListResponse>("/checkpoints/list", method, QueryCheckpointListRequest{});
  expect<QueryCheckpointListResponse>(
      "/checkpoints/list?pagination.limit=2&pagination.reverse=true", method,
      QueryCheckpointListRequest{{.limit = 2, .reverse = true}});
  expect<QueryCheckpointListResponse>("/checkpoints/list?pagination.limit=2000", method,
                                      QueryCheckpointListRequest{{.limit = 2000}});
  const std::string hash = "7dd4989ce6de0a8df659f028cf740dc59772fc12deed80839e186723c882beba";
  for (const std::string& asked : {hash, "0x" + hash, std::string("00")}) {
    expect<QueryCheckpointSignaturesResponse>("/checkpoints/signatures/" + asked,
                                              "checkpoint.Query/GetCheckpointSignatures",
                                              QueryCheckpointSignaturesRequest{asked});
  }
}

TEST_F(RecordedAnswers, OfClerkAreEqual) {
  using namespace modules::clerk;
  const std::string records = "/clerk/event-records/";
  expect<RecordCountResponse>(records + "count", "clerk.Query/GetRecordCount",
                              RecordCountRequest{});
  for (const std::uint64_t id : {1, 4, 0, 99999}) {
    expect<RecordResponse>(records + std::to_string(id), "clerk.Query/GetRecordById",
                           RecordRequest{id});
  }
  expect<LatestRecordIdResponse>(records + "latest-id", "clerk.Query/GetLatestRecordId",
                                 LatestRecordIdRequest{});
  const std::string list = "clerk.Query/GetRecordList";
  expect<RecordListResponse>(records + "list", list, RecordListRequest{});
  expect<RecordListResponse>(records + "list?page=1&limit=3", list, RecordListRequest{1, 3});
  expect<RecordListResponse>(records + "list?page=2&limit=3", list, RecordListRequest{2, 3});
  expect<RecordListResponse>(records + "list?page=1&limit=51", list, RecordListRequest{1, 51});
  expect<RecordListResponse>(records + "list?page=999&limit=10", list, RecordListRequest{999, 10});
  expect<RecordSequenceResponse>("/clerk/sequence?tx_hash=0x05&log_index=1",
                                 "clerk.Query/GetRecordSequence", RecordSequenceRequest{"0x05", 1});
}

TEST_F(RecordedAnswers, OfClerkByTimeAreEqual) {
  using namespace modules::clerk;
  struct Asked {
    std::uint64_t from_id;
    std::string time;
    std::uint64_t limit;
  };
  const std::vector<Asked> cases{
      {1, "2026-11-25T17:15:28Z", 5},    {1, "2026-11-25T17:17:49Z", 50},
      {100, "2026-11-25T17:17:49Z", 50}, {100, "2026-11-25T17:15:38Z", 50},
      {1, "2026-11-25T17:13:42Z", 50},   {1, "2099-01-01T00:00:00Z", 50},
      {0, "2026-11-25T17:17:49Z", 50},   {1, "2026-11-25T17:17:49Z", 51},
      {1, "2026-11-25T17:17:49Z", 0},    {1, "", 5}};
  for (const Asked& asked : cases) {
    std::string path = "/clerk/time?from_id=" + std::to_string(asked.from_id);
    RecordListWithTimeRequest request{.from_id = asked.from_id};
    request.pagination.limit = asked.limit;
    if (!asked.time.empty()) {
      request.to_time = codec::timestamp_from_rfc3339(asked.time);
      path += "&to_time=" + asked.time.substr(0, 13) + "%3A" + asked.time.substr(14, 2) + "%3A" +
              asked.time.substr(17);
    }
    if (asked.limit > 0) path += "&pagination.limit=" + std::to_string(asked.limit);
    expect<RecordListResponse>(path, "clerk.Query/GetRecordListWithTime", request);
  }
}

TEST_F(RecordedAnswers, OfTopupAndChainmanagerAreEqual) {
  using namespace modules::topup;
  for (const std::string user : {kSigner, kStranger, "zz"}) {
    expect<QueryDividendAccountResponse>("/topup/dividend-account/" + user,
                                         "topup.Query/GetDividendAccountByAddress",
                                         QueryDividendAccountRequest{user});
  }
  expect<QueryDividendAccountRootHashResponse>("/topup/dividend-account-root",
                                               "topup.Query/GetDividendAccountRootHash",
                                               QueryDividendAccountRootHashRequest{});
  expect<QueryVerifyAccountProofResponse>(
      "/topup/account-proof/" + std::string(kSigner) + "/verify?proof=0x00",
      "topup.Query/VerifyAccountProofByAddress", QueryVerifyAccountProofRequest{kSigner, "0x00"});
  expect<QueryTopupSequenceResponse>("/topup/sequence?tx_hash=0x05&log_index=1",
                                     "topup.Query/GetTopupTxSequence",
                                     QueryTopupSequenceRequest{"0x05", 1});
  expect<QueryIsTopupTxOldResponse>("/topup/is-old-tx?tx_hash=0x05&log_index=1",
                                    "topup.Query/IsTopupTxOld",
                                    QueryTopupSequenceRequest{"0x05", 1});
  expect<modules::chainmanager::QueryParamsResponse>("/chainmanager/params",
                                                     "chainmanager.Query/GetChainManagerParams",
                                                     modules::chainmanager::QueryParamsRequest{});
}

}  // namespace
}  // namespace buri::consensus::app
