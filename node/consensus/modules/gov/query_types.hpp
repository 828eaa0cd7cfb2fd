#pragma once

#include "node/consensus/modules/gov/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Requests and responses of module gov's queries.

namespace buri::consensus::modules::gov {

using OptionalPage = std::optional<runtime::PageRequest>;

/// The parts of the parameters that older clients ask for by name.
struct VotingParams {
  std::optional<Duration> voting_period{};
  static constexpr std::string_view kName = "cosmos.gov.v1.VotingParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "voting_period", &VotingParams::voting_period});
  }
};
struct DepositParams {
  Coins min_deposit{};
  std::optional<Duration> max_deposit_period{};
  static constexpr std::string_view kName = "cosmos.gov.v1.DepositParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "min_deposit", &DepositParams::min_deposit},
                     Field{2, "max_deposit_period", &DepositParams::max_deposit_period});
  }
};
struct TallyParams {
  std::string quorum{};
  std::string threshold{};
  std::string veto_threshold{};
  static constexpr std::string_view kName = "cosmos.gov.v1.TallyParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "quorum", &TallyParams::quorum},
                     Field{2, "threshold", &TallyParams::threshold},
                     Field{3, "veto_threshold", &TallyParams::veto_threshold});
  }
};

struct QueryParamsRequest {
  std::string params_type{};  ///< "deposit", "voting", "tallying" or nothing
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryParamsRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "params_type", &QueryParamsRequest::params_type});
  }
};
/// All parameters, and the part that was asked for.
struct QueryParamsResponse {
  std::optional<VotingParams> voting_params{};
  std::optional<DepositParams> deposit_params{};
  std::optional<TallyParams> tally_params{};
  std::optional<Params> params{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryParamsResponse";
  static constexpr auto fields() {
    using R = QueryParamsResponse;
    return fields_of(Field{1, "voting_params", &R::voting_params},
                     Field{2, "deposit_params", &R::deposit_params},
                     Field{3, "tally_params", &R::tally_params}, Field{4, "params", &R::params});
  }
};

struct QueryConstitutionRequest {
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryConstitutionRequest";
  static constexpr auto fields() { return codec::fields_of(); }
};
struct QueryConstitutionResponse {
  std::string constitution{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryConstitutionResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "constitution", &QueryConstitutionResponse::constitution});
  }
};

/// Asks for a proposal, or for its tally.
struct QueryProposalRequest {
  std::uint64_t proposal_id = 0;
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryProposalRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &QueryProposalRequest::proposal_id});
  }
};
struct QueryProposalResponse {
  std::optional<Proposal> proposal{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryProposalResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal", &QueryProposalResponse::proposal});
  }
};
struct QueryTallyResultResponse {
  std::optional<TallyResult> tally{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryTallyResultResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "tally", &QueryTallyResultResponse::tally});
  }
};

/// Every condition that is set must hold.
struct QueryProposalsRequest {
  ProposalStatus proposal_status = ProposalStatus::kUnspecified;
  std::string voter{};
  std::string depositor{};
  OptionalPage pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryProposalsRequest";
  static constexpr auto fields() {
    using R = QueryProposalsRequest;
    return fields_of(Field{1, "proposal_status", &R::proposal_status}, Field{2, "voter", &R::voter},
                     Field{3, "depositor", &R::depositor}, Field{4, "pagination", &R::pagination});
  }
};
struct QueryProposalsResponse {
  std::vector<Proposal> proposals{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryProposalsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposals", &QueryProposalsResponse::proposals},
                     Field{2, "pagination", &QueryProposalsResponse::pagination});
  }
};

/// Asks for one account's vote on a proposal.
struct QueryVoteRequest {
  std::uint64_t proposal_id = 0;
  std::string account{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryVoteRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &QueryVoteRequest::proposal_id},
                     Field{2, "voter", &QueryVoteRequest::account});
  }
};
/// Asks for one account's deposit.
struct QueryDepositRequest {
  std::uint64_t proposal_id = 0;
  std::string account{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryDepositRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &QueryDepositRequest::proposal_id},
                     Field{2, "depositor", &QueryDepositRequest::account});
  }
};
struct QueryVoteResponse {
  std::optional<Vote> vote{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryVoteResponse";
  static constexpr auto fields() { return fields_of(Field{1, "vote", &QueryVoteResponse::vote}); }
};
struct QueryDepositResponse {
  std::optional<Deposit> deposit{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryDepositResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "deposit", &QueryDepositResponse::deposit});
  }
};

/// Asks for all votes on a proposal, or for all its deposits.
struct QueryVotesRequest {
  std::uint64_t proposal_id = 0;
  OptionalPage pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryVotesRequest";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &QueryVotesRequest::proposal_id},
                     Field{2, "pagination", &QueryVotesRequest::pagination});
  }
};
struct QueryVotesResponse {
  std::vector<Vote> votes{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryVotesResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "votes", &QueryVotesResponse::votes},
                     Field{2, "pagination", &QueryVotesResponse::pagination});
  }
};
struct QueryDepositsResponse {
  std::vector<Deposit> deposits{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1.QueryDepositsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "deposits", &QueryDepositsResponse::deposits},
                     Field{2, "pagination", &QueryDepositsResponse::pagination});
  }
};

}  // namespace buri::consensus::modules::gov
