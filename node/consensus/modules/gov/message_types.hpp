#pragma once

#include "node/consensus/modules/gov/types.hpp"

/// The messages of module gov, cosmos.gov.v1.

namespace buri::consensus::modules::gov {

struct MsgSubmitProposal {
  std::vector<Any> messages{};
  Coins initial_deposit{};
  std::string proposer{};
  std::string metadata{};
  std::string title{};
  std::string summary{};
  bool expedited = false;

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgSubmitProposal";
  static constexpr std::string_view kAminoName = "cosmos-sdk/v1/MsgSubmitProposal";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "messages", &MsgSubmitProposal::messages},
        Field{2, "initial_deposit", &MsgSubmitProposal::initial_deposit, Amino::kKeepEmpty},
        Field{3, "proposer", &MsgSubmitProposal::proposer},
        Field{4, "metadata", &MsgSubmitProposal::metadata},
        Field{5, "title", &MsgSubmitProposal::title},
        Field{6, "summary", &MsgSubmitProposal::summary},
        Field{7, "expedited", &MsgSubmitProposal::expedited});
  }
};

struct MsgSubmitProposalResponse {
  std::uint64_t proposal_id = 0;

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgSubmitProposalResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &MsgSubmitProposalResponse::proposal_id});
  }
};

struct MsgExecLegacyContent {
  std::optional<Any> content{};
  std::string authority{};

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgExecLegacyContent";
  static constexpr std::string_view kAminoName = "cosmos-sdk/v1/MsgExecLegacyContent";
  static constexpr auto fields() {
    return fields_of(Field{1, "content", &MsgExecLegacyContent::content},
                     Field{2, "authority", &MsgExecLegacyContent::authority});
  }
};

struct MsgExecLegacyContentResponse {
  static constexpr std::string_view kName = "cosmos.gov.v1.MsgExecLegacyContentResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgVote {
  std::uint64_t proposal_id = 0;
  std::string voter{};
  VoteOption option = VoteOption::kUnspecified;
  std::string metadata{};

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgVote";
  static constexpr std::string_view kAminoName = "cosmos-sdk/v1/MsgVote";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &MsgVote::proposal_id, Amino::kKeepEmpty},
                     Field{2, "voter", &MsgVote::voter}, Field{3, "option", &MsgVote::option},
                     Field{4, "metadata", &MsgVote::metadata});
  }
};

struct MsgVoteResponse {
  static constexpr std::string_view kName = "cosmos.gov.v1.MsgVoteResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgVoteWeighted {
  std::uint64_t proposal_id = 0;
  std::string voter{};
  std::vector<WeightedVoteOption> options{};
  std::string metadata{};

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgVoteWeighted";
  static constexpr std::string_view kAminoName = "cosmos-sdk/v1/MsgVoteWeighted";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &MsgVoteWeighted::proposal_id, Amino::kKeepEmpty},
                     Field{2, "voter", &MsgVoteWeighted::voter},
                     Field{3, "options", &MsgVoteWeighted::options},
                     Field{4, "metadata", &MsgVoteWeighted::metadata});
  }
};

struct MsgDeposit {
  std::uint64_t proposal_id = 0;
  std::string depositor{};
  Coins amount{};

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgDeposit";
  static constexpr std::string_view kAminoName = "cosmos-sdk/v1/MsgDeposit";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &MsgDeposit::proposal_id, Amino::kKeepEmpty},
                     Field{2, "depositor", &MsgDeposit::depositor},
                     Field{3, "amount", &MsgDeposit::amount, Amino::kKeepEmpty});
  }
};

struct MsgDepositResponse {
  static constexpr std::string_view kName = "cosmos.gov.v1.MsgDepositResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgUpdateParams {
  std::string authority{};
  Params params{};

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgUpdateParams";
  static constexpr std::string_view kAminoName = "cosmos-sdk/x/gov/v1/MsgUpdateParams";
  static constexpr auto fields() {
    return fields_of(Field{1, "authority", &MsgUpdateParams::authority},
                     Field{2, "params", &MsgUpdateParams::params, Amino::kKeepEmpty});
  }
};

struct MsgUpdateParamsResponse {
  static constexpr std::string_view kName = "cosmos.gov.v1.MsgUpdateParamsResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct MsgCancelProposal {
  std::uint64_t proposal_id = 0;
  std::string proposer{};

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgCancelProposal";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &MsgCancelProposal::proposal_id},
                     Field{2, "proposer", &MsgCancelProposal::proposer});
  }
};

struct MsgCancelProposalResponse {
  std::uint64_t proposal_id = 0;
  Timestamp canceled_time{};
  std::uint64_t canceled_height = 0;

  static constexpr std::string_view kName = "cosmos.gov.v1.MsgCancelProposalResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &MsgCancelProposalResponse::proposal_id},
                     Field{2, "canceled_time", &MsgCancelProposalResponse::canceled_time},
                     Field{3, "canceled_height", &MsgCancelProposalResponse::canceled_height});
  }
};

}  // namespace buri::consensus::modules::gov
