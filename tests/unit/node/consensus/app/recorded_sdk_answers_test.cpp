#include "node/consensus/modules/auth/module.hpp"
#include "node/consensus/modules/auth/query_types.hpp"
#include "node/consensus/modules/bank/module.hpp"
#include "node/consensus/modules/bank/query_types.hpp"
#include "node/consensus/modules/consensus/module.hpp"
#include "node/consensus/modules/gov/module.hpp"
#include "node/consensus/modules/gov/query_types.hpp"
#include "node/consensus/modules/stake/keeper.hpp"
#include "tests/unit/node/consensus/app/recorded_answers.hpp"

/// Queries of the SDK's modules against recorded answers: the same values, or the same code and
/// text.

namespace buri::consensus::app {
namespace {

class SdkAnswers : public RecordedAnswers {
 protected:
  void register_queries() override {
    auth_.register_queries(router_);
    bank_.register_queries(router_);
    gov_.register_queries(router_);
    consensus_.register_queries(router_);
  }

  modules::auth::Module auth_{machine_.registry};
  modules::bank::Module bank_;
  modules::gov::Module gov_{machine_.registry, &modules::stake::electors};
  modules::consensus::Module consensus_;
};

constexpr const char* kSigner = "0x6fae7c35ac7a7a385353b8466acd9c5db21f06f0";
constexpr const char* kUser = "0x72b8a515345179cdd90fcff77ae2a746399f7bdd";
constexpr const char* kStranger = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

TEST_F(SdkAnswers, OfAuthAreEqual) {
  using namespace modules::auth;
  const std::string path = "/cosmos/auth/v1beta1/";
  const std::string query = "cosmos.auth.v1beta1.Query/";
  expect<QueryParamsResponse>(path + "params", query + "Params", QueryParamsRequest{});
  expect<QueryAccountsResponse>(path + "accounts", query + "Accounts", QueryAccountsRequest{});
  QueryAccountsRequest three;
  three.pagination.emplace().limit = 3;
  expect<QueryAccountsResponse>(path + "accounts?pagination.limit=3", query + "Accounts", three);
  for (const std::string account : {kSigner, kUser, kStranger, "zz"}) {
    expect<QueryAccountResponse>(path + "accounts/" + account, query + "Account",
                                 QueryAccountRequest{account});
  }
  expect<QueryAccountInfoResponse>(path + "account_info/" + kUser, query + "AccountInfo",
                                   QueryAccountRequest{kUser});
  for (const std::int64_t id : {0, 1, 99999}) {
    expect<QueryAccountAddressByIDResponse>(path + "address_by_id/" + std::to_string(id),
                                            query + "AccountAddressByID",
                                            QueryAccountAddressByIDRequest{id, 0});
  }
  expect<QueryModuleAccountsResponse>(path + "module_accounts", query + "ModuleAccounts",
                                      QueryModuleAccountsRequest{});
  for (const std::string name : {"gov", "none"}) {
    expect<QueryAccountResponse>(path + "module_accounts/" + name, query + "ModuleAccountByName",
                                 QueryModuleAccountByNameRequest{name});
  }
}

TEST_F(SdkAnswers, OfBankAboutAccountsAreEqual) {
  using namespace modules::bank;
  const std::string path = "/cosmos/bank/v1beta1/";
  const std::string query = "cosmos.bank.v1beta1.Query/";
  for (const std::string account : {kUser, kStranger, "zz"}) {
    expect<QueryAllBalancesResponse>(path + "balances/" + account, query + "AllBalances",
                                     QueryAllBalancesRequest{account, {}});
  }
  expect<QueryAllBalancesResponse>(path + "spendable_balances/" + kUser,
                                   query + "SpendableBalances", QueryAllBalancesRequest{kUser, {}});
  for (const std::string denom : {"pol", "none"}) {
    expect<QueryBalanceResponse>(path + "balances/" + kUser + "/by_denom?denom=" + denom,
                                 query + "Balance", QueryBalanceRequest{kUser, denom});
  }
  expect<QueryBalanceResponse>(path + "spendable_balances/" + kUser + "/by_denom?denom=pol",
                               query + "SpendableBalanceByDenom",
                               QueryBalanceRequest{kUser, "pol"});
}

TEST_F(SdkAnswers, OfBankAboutDenominationsAreEqual) {
  using namespace modules::bank;
  const std::string path = "/cosmos/bank/v1beta1/";
  const std::string query = "cosmos.bank.v1beta1.Query/";
  expect<QueryParamsResponse>(path + "params", query + "Params", QueryParamsRequest{});
  expect<QueryTotalSupplyResponse>(path + "supply", query + "TotalSupply",
                                   QueryTotalSupplyRequest{});
  expect<QuerySupplyOfResponse>(path + "supply/by_denom?denom=pol", query + "SupplyOf",
                                QueryDenomRequest{"pol", {}});
  expect<QueryDenomsMetadataResponse>(path + "denoms_metadata", query + "DenomsMetadata",
                                      QueryDenomsMetadataRequest{});
  expect<QueryDenomMetadataResponse>(path + "denoms_metadata/pol", query + "DenomMetadata",
                                     QueryDenomRequest{"pol", {}});
  QueryDenomRequest owners{"pol", runtime::PageRequest{}};
  owners.pagination->limit = 3;
  expect<QueryDenomOwnersResponse>(path + "denom_owners/pol?pagination.limit=3",
                                   query + "DenomOwners", owners);
  owners.pagination->limit = 2;
  expect<QueryDenomOwnersResponse>(path + "denom_owners_by_query?denom=pol&pagination.limit=2",
                                   query + "DenomOwnersByQuery", owners);
  expect<QuerySendEnabledResponse>(path + "send_enabled", query + "SendEnabled",
                                   QuerySendEnabledRequest{});
}

TEST_F(SdkAnswers, OfGovAreEqual) {
  using namespace modules::gov;
  const std::string path = "/cosmos/gov/v1/";
  const std::string query = "cosmos.gov.v1.Query/";
  expect<QueryConstitutionResponse>(path + "constitution", query + "Constitution",
                                    QueryConstitutionRequest{});
  for (const std::string part : {"voting", "deposit", "tallying", "none"}) {
    expect<QueryParamsResponse>(path + "params/" + part, query + "Params",
                                QueryParamsRequest{part});
  }
  for (const std::uint64_t id : {1, 2, 999, 0}) {
    expect<QueryProposalResponse>(path + "proposals/" + std::to_string(id), query + "Proposal",
                                  QueryProposalRequest{id});
  }
  expect<QueryTallyResultResponse>(path + "proposals/1/tally", query + "TallyResult",
                                   QueryProposalRequest{1});
  expect<QueryVotesResponse>(path + "proposals/1/votes", query + "Votes", QueryVotesRequest{1, {}});
  expect<QueryDepositsResponse>(path + "proposals/1/deposits", query + "Deposits",
                                QueryVotesRequest{1, {}});
  expect<QueryVoteResponse>(path + "proposals/1/votes/" + kSigner, query + "Vote",
                            QueryVoteRequest{1, kSigner});
  expect<QueryProposalsResponse>(path + "proposals?voter=" + kSigner, query + "Proposals",
                                 QueryProposalsRequest{.voter = kSigner});
}

TEST_F(SdkAnswers, OfConsensusAreEqual) {
  using namespace modules::consensus;
  expect<QueryParamsResponse>("/cosmos/consensus/v1/params", "cosmos.consensus.v1.Query/Params",
                              QueryParamsRequest{});
}

}  // namespace
}  // namespace buri::consensus::app
