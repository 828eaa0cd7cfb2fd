#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "node/consensus/runtime/coins.hpp"

/// Stored values of module gov (cosmos.gov.v1 of the network's SDK fork). Its messages:
/// message_types.hpp.

namespace buri::consensus::modules::gov {

using codec::Amino;
using codec::Any;
using codec::Duration;
using codec::Field;
using codec::Timestamp;
using runtime::Coins;

inline constexpr std::string_view kCodespace = "gov";

enum class VoteOption : std::int32_t {
  kUnspecified = 0,
  kYes = 1,
  kAbstain = 2,
  kNo = 3,
  kNoWithVeto = 4,
};
inline constexpr std::array<std::string_view, 5> kVoteOptionNames{
    "VOTE_OPTION_UNSPECIFIED", "VOTE_OPTION_YES", "VOTE_OPTION_ABSTAIN", "VOTE_OPTION_NO",
    "VOTE_OPTION_NO_WITH_VETO"};
constexpr std::span<const std::string_view> enum_names(VoteOption) { return kVoteOptionNames; }

enum class ProposalStatus : std::int32_t {
  kUnspecified = 0,
  kDepositPeriod = 1,
  kVotingPeriod = 2,
  kPassed = 3,
  kRejected = 4,
  kFailed = 5,
};
inline constexpr std::array<std::string_view, 6> kProposalStatusNames{
    "PROPOSAL_STATUS_UNSPECIFIED",   "PROPOSAL_STATUS_DEPOSIT_PERIOD",
    "PROPOSAL_STATUS_VOTING_PERIOD", "PROPOSAL_STATUS_PASSED",
    "PROPOSAL_STATUS_REJECTED",      "PROPOSAL_STATUS_FAILED"};
constexpr std::span<const std::string_view> enum_names(ProposalStatus) {
  return kProposalStatusNames;
}

struct WeightedVoteOption {
  VoteOption option = VoteOption::kUnspecified;
  std::string weight{};

  static constexpr std::string_view kName = "cosmos.gov.v1.WeightedVoteOption";
  static constexpr auto fields() {
    return fields_of(Field{1, "option", &WeightedVoteOption::option},
                     Field{2, "weight", &WeightedVoteOption::weight});
  }
};

struct Deposit {
  std::uint64_t proposal_id = 0;
  std::string depositor{};
  Coins amount{};

  static constexpr std::string_view kName = "cosmos.gov.v1.Deposit";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &Deposit::proposal_id},
                     Field{2, "depositor", &Deposit::depositor},
                     Field{3, "amount", &Deposit::amount, Amino::kKeepEmpty});
  }
};

struct Vote {
  std::uint64_t proposal_id = 0;
  std::string voter{};
  std::vector<WeightedVoteOption> options{};
  std::string metadata{};

  static constexpr std::string_view kName = "cosmos.gov.v1.Vote";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &Vote::proposal_id}, Field{2, "voter", &Vote::voter},
                     Field{4, "options", &Vote::options}, Field{5, "metadata", &Vote::metadata});
  }
};

struct TallyResult {
  std::string yes_count{"0"};
  std::string abstain_count{"0"};
  std::string no_count{"0"};
  std::string no_with_veto_count{"0"};

  static constexpr std::string_view kName = "cosmos.gov.v1.TallyResult";
  static constexpr auto fields() {
    return fields_of(Field{1, "yes_count", &TallyResult::yes_count},
                     Field{2, "abstain_count", &TallyResult::abstain_count},
                     Field{3, "no_count", &TallyResult::no_count},
                     Field{4, "no_with_veto_count", &TallyResult::no_with_veto_count});
  }
};

struct Proposal {
  std::uint64_t id = 0;
  std::vector<Any> messages{};
  ProposalStatus status = ProposalStatus::kUnspecified;
  std::optional<TallyResult> final_tally_result{};
  std::optional<Timestamp> submit_time{};
  std::optional<Timestamp> deposit_end_time{};
  Coins total_deposit{};
  std::optional<Timestamp> voting_start_time{};
  std::optional<Timestamp> voting_end_time{};
  std::string metadata{};
  std::string title{};
  std::string summary{};
  std::string proposer{};
  bool expedited = false;
  std::string failed_reason{};

  static constexpr std::string_view kName = "cosmos.gov.v1.Proposal";
  static constexpr auto fields() {
    return fields_of(Field{1, "id", &Proposal::id}, Field{2, "messages", &Proposal::messages},
                     Field{3, "status", &Proposal::status},
                     Field{4, "final_tally_result", &Proposal::final_tally_result},
                     Field{5, "submit_time", &Proposal::submit_time},
                     Field{6, "deposit_end_time", &Proposal::deposit_end_time},
                     Field{7, "total_deposit", &Proposal::total_deposit, Amino::kKeepEmpty},
                     Field{8, "voting_start_time", &Proposal::voting_start_time},
                     Field{9, "voting_end_time", &Proposal::voting_end_time},
                     Field{10, "metadata", &Proposal::metadata},
                     Field{11, "title", &Proposal::title}, Field{12, "summary", &Proposal::summary},
                     Field{13, "proposer", &Proposal::proposer},
                     Field{14, "expedited", &Proposal::expedited},
                     Field{15, "failed_reason", &Proposal::failed_reason});
  }
};

struct Params {
  Coins min_deposit{};
  std::optional<Duration> max_deposit_period{};
  std::optional<Duration> voting_period{};
  std::string quorum{};
  std::string threshold{};
  std::string veto_threshold{};
  std::string min_initial_deposit_ratio{};
  std::string proposal_cancel_ratio{};
  std::string proposal_cancel_dest{};
  std::optional<Duration> expedited_voting_period{};
  std::string expedited_threshold{};
  Coins expedited_min_deposit{};
  bool burn_vote_quorum = false;
  bool burn_proposal_deposit_prevote = false;
  bool burn_vote_veto = false;
  std::string min_deposit_ratio{};

  static constexpr std::string_view kName = "cosmos.gov.v1.Params";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "min_deposit", &Params::min_deposit, Amino::kKeepEmpty},
        Field{2, "max_deposit_period", &Params::max_deposit_period},
        Field{3, "voting_period", &Params::voting_period}, Field{4, "quorum", &Params::quorum},
        Field{5, "threshold", &Params::threshold},
        Field{6, "veto_threshold", &Params::veto_threshold},
        Field{7, "min_initial_deposit_ratio", &Params::min_initial_deposit_ratio},
        Field{8, "proposal_cancel_ratio", &Params::proposal_cancel_ratio},
        Field{9, "proposal_cancel_dest", &Params::proposal_cancel_dest},
        Field{10, "expedited_voting_period", &Params::expedited_voting_period},
        Field{11, "expedited_threshold", &Params::expedited_threshold},
        Field{12, "expedited_min_deposit", &Params::expedited_min_deposit, Amino::kKeepEmpty},
        Field{13, "burn_vote_quorum", &Params::burn_vote_quorum},
        Field{14, "burn_proposal_deposit_prevote", &Params::burn_proposal_deposit_prevote},
        Field{15, "burn_vote_veto", &Params::burn_vote_veto},
        Field{16, "min_deposit_ratio", &Params::min_deposit_ratio});
  }
};

}  // namespace buri::consensus::modules::gov
