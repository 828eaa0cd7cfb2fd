#include "tests/unit/node/consensus/app/recorded_answers.hpp"
#include "node/consensus/modules/chainmanager/module.hpp"
#include "node/consensus/modules/checkpoint/module.hpp"
#include "node/consensus/modules/checkpoint/query_types.hpp"
#include "node/consensus/modules/clerk/module.hpp"
#include "node/consensus/modules/clerk/query_types.hpp"
#include "node/consensus/modules/stake/module.hpp"
#include "node/consensus/modules/stake/query_types.hpp"
#include "node/consensus/modules/topup/module.hpp"
#include "node/consensus/modules/topup/query_types.hpp"

/// Queries of Heimdall's own modules against recorded answers: the same values, or the same code
/// and text.

namespace buri::consensus::app {
namespace {

class HeimdallAnswers : public RecordedAnswers {
 protected:
  void register_queries() override {
    chainmanager_.register_queries(router_);
    stake_.register_queries(router_);
    checkpoint_.register_queries(router_);
    clerk_.register_queries(router_);
    topup_.register_queries(router_);
  }

  modules::chainmanager::Module chainmanager_;
  modules::stake::Module stake_{machine_.root_chain};
  modules::checkpoint::Module checkpoint_{{&machine_.root_chain, &machine_.bor_roots}};
  modules::clerk::Module clerk_{machine_.root_chain};
  modules::topup::Module topup_{machine_.root_chain};
};

constexpr const char* kSigner = "0x6fae7c35ac7a7a385353b8466acd9c5db21f06f0";
constexpr const char* kStranger = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

TEST_F(HeimdallAnswers, OfStakeAreEqual) {
  using namespace modules::stake;
  expect<QueryCurrentValidatorSetResponse>("/stake/validators-set",
                                           "heimdallv2.stake.Query/GetCurrentValidatorSet",
                                           QueryCurrentValidatorSetRequest{});
  for (const std::string signer :
       {kSigner, "0x6FAE7C35AC7A7A385353B8466ACD9C5DB21F06F0", kStranger, "zz"}) {
    expect<QueryValidatorResponse>("/stake/signer/" + signer,
                                   "heimdallv2.stake.Query/GetSignerByAddress",
                                   QuerySignerRequest{signer});
  }
  for (const std::uint64_t id : {1, 2, 3, 99}) {
    expect<QueryValidatorResponse>("/stake/validator/" + std::to_string(id),
                                   "heimdallv2.stake.Query/GetValidatorById",
                                   QueryValidatorRequest{id});
  }
  for (const std::string signer : {kSigner, kStranger}) {
    expect<QueryValidatorStatusResponse>("/stake/validator-status/" + signer,
                                         "heimdallv2.stake.Query/GetValidatorStatusByAddress",
                                         QueryValidatorStatusRequest{signer});
  }
  expect<QueryTotalPowerResponse>("/stake/total-power", "heimdallv2.stake.Query/GetTotalPower",
                                  QueryTotalPowerRequest{});
  expect<QueryValidatorResponse>("/stake/proposers/current",
                                 "heimdallv2.stake.Query/GetCurrentProposer",
                                 QueryCurrentProposerRequest{});
  for (const std::uint64_t times : {1, 3, 0, 1000}) {
    expect<QueryProposersResponse>("/stake/proposers/" + std::to_string(times),
                                   "heimdallv2.stake.Query/GetProposersByTimes",
                                   QueryProposersRequest{times});
  }
  expect<QueryStakeIsOldTxResponse>("/stake/is-old-tx?tx_hash=0x05&log_index=1",
                                    "heimdallv2.stake.Query/IsStakeTxOld",
                                    QueryStakeIsOldTxRequest{"0x05", 1});
}

TEST_F(HeimdallAnswers, OfCheckpointAreEqual) {
  using namespace modules::checkpoint;
  const auto root = recorded("/checkpoints/prepare-next").member("json")->member("checkpoint");
  machine_.bor_roots.roots[{301, 429}] = Hash256::from(root->member("root_hash")->base64().value());
  expect<QueryParamsResponse>("/checkpoints/params",
                              "heimdallv2.checkpoint.Query/GetCheckpointParams",
                              QueryParamsRequest{});
  expect<QueryCheckpointOverviewResponse>("/checkpoints/overview",
                                          "heimdallv2.checkpoint.Query/GetCheckpointOverview",
                                          QueryCheckpointOverviewRequest{});
  expect<QueryAckCountResponse>("/checkpoints/count", "heimdallv2.checkpoint.Query/GetAckCount",
                                QueryAckCountRequest{});
  expect<QueryCheckpointResponse>("/checkpoints/latest",
                                  "heimdallv2.checkpoint.Query/GetCheckpointLatest",
                                  QueryCheckpointLatestRequest{});
  expect<QueryCheckpointResponse>("/checkpoints/buffer",
                                  "heimdallv2.checkpoint.Query/GetCheckpointBuffer",
                                  QueryCheckpointBufferRequest{});
  expect<QueryLastNoAckResponse>("/checkpoints/last-no-ack",
                                 "heimdallv2.checkpoint.Query/GetLastNoAck",
                                 QueryLastNoAckRequest{});
  expect<QueryNextCheckpointResponse>("/checkpoints/prepare-next",
                                      "heimdallv2.checkpoint.Query/GetNextCheckpoint",
                                      QueryNextCheckpointRequest{});
  for (const std::uint64_t number : {1, 2, 0, 999}) {
    expect<QueryCheckpointResponse>("/checkpoints/" + std::to_string(number),
                                    "heimdallv2.checkpoint.Query/GetCheckpoint",
                                    QueryCheckpointRequest{number});
  }
}

TEST_F(HeimdallAnswers, OfCheckpointsListsAreEqual) {
  using namespace modules::checkpoint;
  const std::string method = "heimdallv2.checkpoint.Query/GetCheckpointList";
  expect<QueryCheckpointListResponse>("/checkpoints/list", method, QueryCheckpointListRequest{});
  expect<QueryCheckpointListResponse>(
      "/checkpoints/list?pagination.limit=2&pagination.reverse=true", method,
      QueryCheckpointListRequest{{.limit = 2, .reverse = true}});
  expect<QueryCheckpointListResponse>("/checkpoints/list?pagination.limit=2000", method,
                                      QueryCheckpointListRequest{{.limit = 2000}});
  const std::string hash = "7dd4989ce6de0a8df659f028cf740dc59772fc12deed80839e186723c882beba";
  for (const std::string& asked : {hash, "0x" + hash, std::string("00")}) {
    expect<QueryCheckpointSignaturesResponse>("/checkpoints/signatures/" + asked,
                                              "heimdallv2.checkpoint.Query/GetCheckpointSignatures",
                                              QueryCheckpointSignaturesRequest{asked});
  }
}

TEST_F(HeimdallAnswers, OfClerkAreEqual) {
  using namespace modules::clerk;
  const std::string records = "/clerk/event-records/";
  expect<RecordCountResponse>(records + "count", "heimdallv2.clerk.Query/GetRecordCount",
                              RecordCountRequest{});
  for (const std::uint64_t id : {1, 4, 0, 99999}) {
    expect<RecordResponse>(records + std::to_string(id), "heimdallv2.clerk.Query/GetRecordById",
                           RecordRequest{id});
  }
  expect<LatestRecordIdResponse>(records + "latest-id", "heimdallv2.clerk.Query/GetLatestRecordId",
                                 LatestRecordIdRequest{});
  const std::string list = "heimdallv2.clerk.Query/GetRecordList";
  expect<RecordListResponse>(records + "list", list, RecordListRequest{});
  expect<RecordListResponse>(records + "list?page=1&limit=3", list, RecordListRequest{1, 3});
  expect<RecordListResponse>(records + "list?page=2&limit=3", list, RecordListRequest{2, 3});
  expect<RecordListResponse>(records + "list?page=1&limit=51", list, RecordListRequest{1, 51});
  expect<RecordListResponse>(records + "list?page=999&limit=10", list, RecordListRequest{999, 10});
  expect<RecordSequenceResponse>("/clerk/sequence?tx_hash=0x05&log_index=1",
                                 "heimdallv2.clerk.Query/GetRecordSequence",
                                 RecordSequenceRequest{"0x05", 1});
}

TEST_F(HeimdallAnswers, OfClerkByTimeAreEqual) {
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
    expect<RecordListResponse>(path, "heimdallv2.clerk.Query/GetRecordListWithTime", request);
  }
}

TEST_F(HeimdallAnswers, OfTopupAndChainmanagerAreEqual) {
  using namespace modules::topup;
  for (const std::string user : {kSigner, kStranger, "zz"}) {
    expect<QueryDividendAccountResponse>("/topup/dividend-account/" + user,
                                         "heimdallv2.topup.Query/GetDividendAccountByAddress",
                                         QueryDividendAccountRequest{user});
  }
  expect<QueryDividendAccountRootHashResponse>("/topup/dividend-account-root",
                                               "heimdallv2.topup.Query/GetDividendAccountRootHash",
                                               QueryDividendAccountRootHashRequest{});
  expect<QueryVerifyAccountProofResponse>(
      "/topup/account-proof/" + std::string(kSigner) + "/verify?proof=0x00",
      "heimdallv2.topup.Query/VerifyAccountProofByAddress",
      QueryVerifyAccountProofRequest{kSigner, "0x00"});
  expect<QueryTopupSequenceResponse>("/topup/sequence?tx_hash=0x05&log_index=1",
                                     "heimdallv2.topup.Query/GetTopupTxSequence",
                                     QueryTopupSequenceRequest{"0x05", 1});
  expect<QueryIsTopupTxOldResponse>("/topup/is-old-tx?tx_hash=0x05&log_index=1",
                                    "heimdallv2.topup.Query/IsTopupTxOld",
                                    QueryTopupSequenceRequest{"0x05", 1});
  expect<modules::chainmanager::QueryParamsResponse>(
      "/chainmanager/params", "heimdallv2.chainmanager.Query/GetChainManagerParams",
      modules::chainmanager::QueryParamsRequest{});
}

}  // namespace
}  // namespace buri::consensus::app
