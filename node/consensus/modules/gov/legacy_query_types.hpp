#pragma once

#include "node/consensus/codec/json.hpp"
#include "node/consensus/modules/gov/types.hpp"
#include "node/consensus/runtime/pagination.hpp"

/// Responses of cosmos.gov.v1beta1.Query. Requests are those of v1 field by field, so that they
/// have no types of their own but names.

namespace buri::consensus::modules::gov {

/// An SDK decimal: on the wire the digits without their point, in JSON with eighteen of them behind
/// it.
struct LegacyDecimal {
  std::string scaled{"0"};  ///< a whole multiple of 10^-18

  /// "0.5" as it stands in v1's values; nothing if it is no decimal.
  static std::optional<LegacyDecimal> from_decimal(std::string_view text);
  [[nodiscard]] std::string to_text() const { return scaled; }
  static std::optional<LegacyDecimal> from_text(std::string_view text);
  [[nodiscard]] std::string to_json_text() const;
  friend bool operator==(const LegacyDecimal&, const LegacyDecimal&) = default;
};

/// Go's zero time, which the old form writes where a time is not set.
inline constexpr Timestamp kNoTime{-62'135'596'800, 0};

struct LegacyTallyResult {
  std::string yes{"0"};
  std::string abstain{"0"};
  std::string no{"0"};
  std::string no_with_veto{"0"};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.TallyResult";
  static constexpr auto fields() {
    using R = LegacyTallyResult;
    return fields_of(Field{1, "yes", &R::yes}, Field{2, "abstain", &R::abstain},
                     Field{3, "no", &R::no}, Field{4, "no_with_veto", &R::no_with_veto});
  }
};

struct LegacyProposal {
  std::uint64_t proposal_id = 0;
  std::optional<Any> content{};
  ProposalStatus status = ProposalStatus::kUnspecified;
  LegacyTallyResult final_tally_result{};
  Timestamp submit_time = kNoTime;
  Timestamp deposit_end_time = kNoTime;
  Coins total_deposit{};
  Timestamp voting_start_time = kNoTime;
  Timestamp voting_end_time = kNoTime;

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.Proposal";
  static constexpr auto fields() {
    using R = LegacyProposal;
    return fields_of(Field{1, "proposal_id", &R::proposal_id}, Field{2, "content", &R::content},
                     Field{3, "status", &R::status},
                     Field{4, "final_tally_result", &R::final_tally_result},
                     Field{5, "submit_time", &R::submit_time},
                     Field{6, "deposit_end_time", &R::deposit_end_time},
                     Field{7, "total_deposit", &R::total_deposit},
                     Field{8, "voting_start_time", &R::voting_start_time},
                     Field{9, "voting_end_time", &R::voting_end_time});
  }
};

struct LegacyVoteShare {
  VoteOption option = VoteOption::kUnspecified;
  LegacyDecimal weight{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.WeightedVoteOption";
  static constexpr auto fields() {
    return fields_of(Field{1, "option", &LegacyVoteShare::option},
                     Field{2, "weight", &LegacyVoteShare::weight});
  }
};

struct LegacyVote {
  std::uint64_t proposal_id = 0;
  std::string voter{};
  VoteOption option = VoteOption::kUnspecified;  ///< never set
  std::vector<LegacyVoteShare> options{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.Vote";
  static constexpr auto fields() {
    using R = LegacyVote;
    return fields_of(Field{1, "proposal_id", &R::proposal_id}, Field{2, "voter", &R::voter},
                     Field{3, "option", &R::option}, Field{4, "options", &R::options});
  }
};

struct LegacyDeposit {
  std::uint64_t proposal_id = 0;
  std::string depositor{};
  Coins amount{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.Deposit";
  static constexpr auto fields() {
    using R = LegacyDeposit;
    return fields_of(Field{1, "proposal_id", &R::proposal_id}, Field{2, "depositor", &R::depositor},
                     Field{3, "amount", &R::amount});
  }
};

struct LegacyVotingParams {
  Duration voting_period{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.VotingParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "voting_period", &LegacyVotingParams::voting_period});
  }
};
struct LegacyDepositParams {
  Coins min_deposit{};
  Duration max_deposit_period{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.DepositParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "min_deposit", &LegacyDepositParams::min_deposit},
                     Field{2, "max_deposit_period", &LegacyDepositParams::max_deposit_period});
  }
};
struct LegacyTallyParams {
  LegacyDecimal quorum{};
  LegacyDecimal threshold{};
  LegacyDecimal veto_threshold{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.TallyParams";
  static constexpr auto fields() {
    using R = LegacyTallyParams;
    return fields_of(Field{1, "quorum", &R::quorum}, Field{2, "threshold", &R::threshold},
                     Field{3, "veto_threshold", &R::veto_threshold});
  }
};

struct LegacyProposalResponse {
  LegacyProposal proposal{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryProposalResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal", &LegacyProposalResponse::proposal});
  }
};
struct LegacyProposalsResponse {
  std::vector<LegacyProposal> proposals{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryProposalsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposals", &LegacyProposalsResponse::proposals},
                     Field{2, "pagination", &LegacyProposalsResponse::pagination});
  }
};
struct LegacyVoteResponse {
  LegacyVote vote{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryVoteResponse";
  static constexpr auto fields() { return fields_of(Field{1, "vote", &LegacyVoteResponse::vote}); }
};
struct LegacyVotesResponse {
  std::vector<LegacyVote> votes{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryVotesResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "votes", &LegacyVotesResponse::votes},
                     Field{2, "pagination", &LegacyVotesResponse::pagination});
  }
};
struct LegacyDepositResponse {
  LegacyDeposit deposit{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryDepositResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "deposit", &LegacyDepositResponse::deposit});
  }
};
struct LegacyDepositsResponse {
  std::vector<LegacyDeposit> deposits{};
  std::optional<runtime::PageResponse> pagination{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryDepositsResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "deposits", &LegacyDepositsResponse::deposits},
                     Field{2, "pagination", &LegacyDepositsResponse::pagination});
  }
};
struct LegacyTallyResponse {
  LegacyTallyResult tally{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryTallyResultResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "tally", &LegacyTallyResponse::tally});
  }
};
struct LegacyParamsResponse {
  LegacyVotingParams voting_params{};
  LegacyDepositParams deposit_params{};
  LegacyTallyParams tally_params{};
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.QueryParamsResponse";
  static constexpr auto fields() {
    using R = LegacyParamsResponse;
    return fields_of(Field{1, "voting_params", &R::voting_params},
                     Field{2, "deposit_params", &R::deposit_params},
                     Field{3, "tally_params", &R::tally_params});
  }
};

}  // namespace buri::consensus::modules::gov
