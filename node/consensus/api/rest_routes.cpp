#include "node/consensus/api/rest_routes.hpp"

#include <array>

namespace buri::consensus::api {
namespace {

using enum RestVerb;

constexpr auto kRoutes = std::to_array<RestRoute>({
    {kPost, "/cosmos/tx/v1beta1/simulate", "cosmos.tx.v1beta1.Service/Simulate"},
    {kGet, "/cosmos/tx/v1beta1/txs/{hash}", "cosmos.tx.v1beta1.Service/GetTx"},
    {kPost, "/cosmos/tx/v1beta1/txs", "cosmos.tx.v1beta1.Service/BroadcastTx"},
    {kGet, "/cosmos/tx/v1beta1/txs", "cosmos.tx.v1beta1.Service/GetTxsEvent"},
    {kGet, "/cosmos/tx/v1beta1/txs/block/{height}", "cosmos.tx.v1beta1.Service/GetBlockWithTxs"},
    {kPost, "/cosmos/tx/v1beta1/decode", "cosmos.tx.v1beta1.Service/TxDecode"},
    {kPost, "/cosmos/tx/v1beta1/encode", "cosmos.tx.v1beta1.Service/TxEncode"},
    {kPost, "/cosmos/tx/v1beta1/encode/amino", "cosmos.tx.v1beta1.Service/TxEncodeAmino"},
    {kPost, "/cosmos/tx/v1beta1/decode/amino", "cosmos.tx.v1beta1.Service/TxDecodeAmino"},
    {kGet, "/cosmos/base/tendermint/v1beta1/node_info",
     "cosmos.base.tendermint.v1beta1.Service/GetNodeInfo"},
    {kGet, "/cosmos/base/tendermint/v1beta1/syncing",
     "cosmos.base.tendermint.v1beta1.Service/GetSyncing"},
    {kGet, "/cosmos/base/tendermint/v1beta1/blocks/latest",
     "cosmos.base.tendermint.v1beta1.Service/GetLatestBlock"},
    {kGet, "/cosmos/base/tendermint/v1beta1/blocks/{height}",
     "cosmos.base.tendermint.v1beta1.Service/GetBlockByHeight"},
    {kGet, "/cosmos/base/tendermint/v1beta1/validatorsets/latest",
     "cosmos.base.tendermint.v1beta1.Service/GetLatestValidatorSet"},
    {kGet, "/cosmos/base/tendermint/v1beta1/validatorsets/{height}",
     "cosmos.base.tendermint.v1beta1.Service/GetValidatorSetByHeight"},
    {kGet, "/cosmos/base/tendermint/v1beta1/abci_query",
     "cosmos.base.tendermint.v1beta1.Service/ABCIQuery"},
    {kGet, "/cosmos/base/node/v1beta1/config", "cosmos.base.node.v1beta1.Service/Config"},
    {kGet, "/cosmos/base/node/v1beta1/status", "cosmos.base.node.v1beta1.Service/Status"},
    {kGet, "/bor/spans/list", "heimdallv2.bor.Query/GetSpanList"},
    {kGet, "/bor/spans/latest", "heimdallv2.bor.Query/GetLatestSpan"},
    {kGet, "/bor/spans/seed/{id}", "heimdallv2.bor.Query/GetNextSpanSeed"},
    {kGet, "/bor/spans/prepare", "heimdallv2.bor.Query/GetNextSpan"},
    {kGet, "/bor/spans/{id}", "heimdallv2.bor.Query/GetSpanById"},
    {kGet, "/bor/params", "heimdallv2.bor.Query/GetBorParams"},
    {kGet, "/bor/producer-votes", "heimdallv2.bor.Query/GetProducerVotes"},
    {kGet, "/bor/producer-votes/{validator_id}",
     "heimdallv2.bor.Query/GetProducerVotesByValidatorId"},
    {kGet, "/bor/producers/planned-downtime/{producer_id}",
     "heimdallv2.bor.Query/GetProducerPlannedDowntime"},
    {kGet, "/bor/validator-performance-score", "heimdallv2.bor.Query/GetValidatorPerformanceScore"},
    {kGet, "/chainmanager/params", "heimdallv2.chainmanager.Query/GetChainManagerParams"},
    {kGet, "/checkpoints/params", "heimdallv2.checkpoint.Query/GetCheckpointParams"},
    {kGet, "/checkpoints/overview", "heimdallv2.checkpoint.Query/GetCheckpointOverview"},
    {kGet, "/checkpoints/count", "heimdallv2.checkpoint.Query/GetAckCount"},
    {kGet, "/checkpoints/latest", "heimdallv2.checkpoint.Query/GetCheckpointLatest"},
    {kGet, "/checkpoints/buffer", "heimdallv2.checkpoint.Query/GetCheckpointBuffer"},
    {kGet, "/checkpoints/last-no-ack", "heimdallv2.checkpoint.Query/GetLastNoAck"},
    {kGet, "/checkpoints/prepare-next", "heimdallv2.checkpoint.Query/GetNextCheckpoint"},
    {kGet, "/checkpoints/list", "heimdallv2.checkpoint.Query/GetCheckpointList"},
    {kGet, "/checkpoints/signatures/{tx_hash}",
     "heimdallv2.checkpoint.Query/GetCheckpointSignatures"},
    {kGet, "/checkpoints/{number}", "heimdallv2.checkpoint.Query/GetCheckpoint"},
    {kGet, "/clerk/event-records/count", "heimdallv2.clerk.Query/GetRecordCount"},
    {kGet, "/clerk/event-records/list", "heimdallv2.clerk.Query/GetRecordList"},
    {kGet, "/clerk/event-records/latest-id", "heimdallv2.clerk.Query/GetLatestRecordId"},
    {kGet, "/clerk/event-records/{record_id}", "heimdallv2.clerk.Query/GetRecordById"},
    {kGet, "/clerk/time", "heimdallv2.clerk.Query/GetRecordListWithTime"},
    {kGet, "/clerk/sequence", "heimdallv2.clerk.Query/GetRecordSequence"},
    {kGet, "/clerk/is-old-tx", "heimdallv2.clerk.Query/IsClerkTxOld"},
    {kGet, "/milestones/params", "heimdallv2.milestone.Query/GetMilestoneParams"},
    {kGet, "/milestones/count", "heimdallv2.milestone.Query/GetMilestoneCount"},
    {kGet, "/milestones/latest", "heimdallv2.milestone.Query/GetLatestMilestone"},
    {kGet, "/milestones/{number}", "heimdallv2.milestone.Query/GetMilestoneByNumber"},
    {kGet, "/stake/validators-set", "heimdallv2.stake.Query/GetCurrentValidatorSet"},
    {kGet, "/stake/signer/{val_address}", "heimdallv2.stake.Query/GetSignerByAddress"},
    {kGet, "/stake/validator/{id}", "heimdallv2.stake.Query/GetValidatorById"},
    {kGet, "/stake/validator-status/{val_address}",
     "heimdallv2.stake.Query/GetValidatorStatusByAddress"},
    {kGet, "/stake/total-power", "heimdallv2.stake.Query/GetTotalPower"},
    {kGet, "/stake/is-old-tx", "heimdallv2.stake.Query/IsStakeTxOld"},
    {kGet, "/stake/proposers/current", "heimdallv2.stake.Query/GetCurrentProposer"},
    {kGet, "/stake/proposers/{times}", "heimdallv2.stake.Query/GetProposersByTimes"},
    {kGet, "/topup/is-old-tx", "heimdallv2.topup.Query/IsTopupTxOld"},
    {kGet, "/topup/sequence", "heimdallv2.topup.Query/GetTopupTxSequence"},
    {kGet, "/topup/dividend-account/{address}",
     "heimdallv2.topup.Query/GetDividendAccountByAddress"},
    {kGet, "/topup/dividend-account-root", "heimdallv2.topup.Query/GetDividendAccountRootHash"},
    {kGet, "/topup/account-proof/{address}/verify",
     "heimdallv2.topup.Query/VerifyAccountProofByAddress"},
    {kGet, "/topup/account-proof/{address}", "heimdallv2.topup.Query/GetAccountProofByAddress"},
    {kGet, "/cosmos/auth/v1beta1/accounts", "cosmos.auth.v1beta1.Query/Accounts"},
    {kGet, "/cosmos/auth/v1beta1/accounts/{address}", "cosmos.auth.v1beta1.Query/Account"},
    {kGet, "/cosmos/auth/v1beta1/address_by_id/{id}",
     "cosmos.auth.v1beta1.Query/AccountAddressByID"},
    {kGet, "/cosmos/auth/v1beta1/params", "cosmos.auth.v1beta1.Query/Params"},
    {kGet, "/cosmos/auth/v1beta1/module_accounts", "cosmos.auth.v1beta1.Query/ModuleAccounts"},
    {kGet, "/cosmos/auth/v1beta1/module_accounts/{name}",
     "cosmos.auth.v1beta1.Query/ModuleAccountByName"},
    {kGet, "/cosmos/auth/v1beta1/{address_bytes}",
     "cosmos.auth.v1beta1.Query/AddressBytesToString"},
    {kGet, "/cosmos/auth/v1beta1/{address_string}",
     "cosmos.auth.v1beta1.Query/AddressStringToBytes"},
    {kGet, "/cosmos/auth/v1beta1/account_info/{address}", "cosmos.auth.v1beta1.Query/AccountInfo"},
    {kGet, "/cosmos/bank/v1beta1/balances/{address}/by_denom", "cosmos.bank.v1beta1.Query/Balance"},
    {kGet, "/cosmos/bank/v1beta1/balances/{address}", "cosmos.bank.v1beta1.Query/AllBalances"},
    {kGet, "/cosmos/bank/v1beta1/spendable_balances/{address}",
     "cosmos.bank.v1beta1.Query/SpendableBalances"},
    {kGet, "/cosmos/bank/v1beta1/spendable_balances/{address}/by_denom",
     "cosmos.bank.v1beta1.Query/SpendableBalanceByDenom"},
    {kGet, "/cosmos/bank/v1beta1/supply", "cosmos.bank.v1beta1.Query/TotalSupply"},
    {kGet, "/cosmos/bank/v1beta1/supply/by_denom", "cosmos.bank.v1beta1.Query/SupplyOf"},
    {kGet, "/cosmos/bank/v1beta1/params", "cosmos.bank.v1beta1.Query/Params"},
    {kGet, "/cosmos/bank/v1beta1/denoms_metadata/{denom}",
     "cosmos.bank.v1beta1.Query/DenomMetadata"},
    {kGet, "/cosmos/bank/v1beta1/denoms_metadata_by_query_string",
     "cosmos.bank.v1beta1.Query/DenomMetadataByQueryString"},
    {kGet, "/cosmos/bank/v1beta1/denoms_metadata", "cosmos.bank.v1beta1.Query/DenomsMetadata"},
    {kGet, "/cosmos/bank/v1beta1/denom_owners/{denom}", "cosmos.bank.v1beta1.Query/DenomOwners"},
    {kGet, "/cosmos/bank/v1beta1/denom_owners_by_query",
     "cosmos.bank.v1beta1.Query/DenomOwnersByQuery"},
    {kGet, "/cosmos/bank/v1beta1/send_enabled", "cosmos.bank.v1beta1.Query/SendEnabled"},
    {kGet, "/cosmos/consensus/v1/params", "cosmos.consensus.v1.Query/Params"},
    {kGet, "/cosmos/gov/v1/constitution", "cosmos.gov.v1.Query/Constitution"},
    {kGet, "/cosmos/gov/v1/proposals/{proposal_id}", "cosmos.gov.v1.Query/Proposal"},
    {kGet, "/cosmos/gov/v1/proposals", "cosmos.gov.v1.Query/Proposals"},
    {kGet, "/cosmos/gov/v1/proposals/{proposal_id}/votes/{voter}", "cosmos.gov.v1.Query/Vote"},
    {kGet, "/cosmos/gov/v1/proposals/{proposal_id}/votes", "cosmos.gov.v1.Query/Votes"},
    {kGet, "/cosmos/gov/v1/params/{params_type}", "cosmos.gov.v1.Query/Params"},
    {kGet, "/cosmos/gov/v1/proposals/{proposal_id}/deposits/{depositor}",
     "cosmos.gov.v1.Query/Deposit"},
    {kGet, "/cosmos/gov/v1/proposals/{proposal_id}/deposits", "cosmos.gov.v1.Query/Deposits"},
    {kGet, "/cosmos/gov/v1/proposals/{proposal_id}/tally", "cosmos.gov.v1.Query/TallyResult"},
    {kGet, "/cosmos/gov/v1beta1/proposals/{proposal_id}", "cosmos.gov.v1beta1.Query/Proposal"},
    {kGet, "/cosmos/gov/v1beta1/proposals", "cosmos.gov.v1beta1.Query/Proposals"},
    {kGet, "/cosmos/gov/v1beta1/proposals/{proposal_id}/votes/{voter}",
     "cosmos.gov.v1beta1.Query/Vote"},
    {kGet, "/cosmos/gov/v1beta1/proposals/{proposal_id}/votes", "cosmos.gov.v1beta1.Query/Votes"},
    {kGet, "/cosmos/gov/v1beta1/params/{params_type}", "cosmos.gov.v1beta1.Query/Params"},
    {kGet, "/cosmos/gov/v1beta1/proposals/{proposal_id}/deposits/{depositor}",
     "cosmos.gov.v1beta1.Query/Deposit"},
    {kGet, "/cosmos/gov/v1beta1/proposals/{proposal_id}/deposits",
     "cosmos.gov.v1beta1.Query/Deposits"},
    {kGet, "/cosmos/gov/v1beta1/proposals/{proposal_id}/tally",
     "cosmos.gov.v1beta1.Query/TallyResult"},
    {kGet, "/cosmos/params/v1beta1/params", "cosmos.params.v1beta1.Query/Params"},
    {kGet, "/cosmos/params/v1beta1/subspaces", "cosmos.params.v1beta1.Query/Subspaces"},
});

}  // namespace

std::span<const RestRoute> rest_routes() { return kRoutes; }

std::optional<RestMatch> match_template(std::string_view path_template, std::string_view path) {
  RestMatch match;
  while (true) {
    const std::size_t template_end = path_template.find('/');
    const std::size_t path_end = path.find('/');
    const std::string_view part = path_template.substr(0, template_end);
    const std::string_view given = path.substr(0, path_end);
    if (part.starts_with('{')) {
      match.emplace_back(part.substr(1, part.size() - 2), given);
    } else if (part != given) {
      return std::nullopt;
    }
    const bool is_template_end = template_end == std::string_view::npos;
    if (is_template_end != (path_end == std::string_view::npos)) return std::nullopt;
    if (is_template_end) return match;
    path_template.remove_prefix(template_end + 1);
    path.remove_prefix(path_end + 1);
  }
}

}  // namespace buri::consensus::api
