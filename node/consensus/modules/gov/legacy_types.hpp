#pragma once

#include "node/consensus/modules/gov/types.hpp"

/// Older forms that wallets still send: the messages of cosmos.gov.v1beta1 and the contents of
/// proposals that are no messages.

namespace buri::consensus::modules::gov {

/// What contents stand for in an Any.
inline constexpr std::string_view kContentInterface = "cosmos.gov.v1beta1.Content";

struct TextProposal {
  std::string title{};
  std::string description{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.TextProposal";
  static constexpr std::string_view kAminoName = "cosmos-sdk/TextProposal";
  static constexpr auto fields() {
    return fields_of(Field{1, "title", &TextProposal::title},
                     Field{2, "description", &TextProposal::description});
  }
};

struct ParamChange {
  std::string subspace{};
  std::string key{};
  std::string value{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.ParamChange";
  static constexpr auto fields() {
    return fields_of(Field{1, "subspace", &ParamChange::subspace},
                     Field{2, "key", &ParamChange::key}, Field{3, "value", &ParamChange::value});
  }
};

struct ParameterChangeProposal {
  std::string title{};
  std::string description{};
  std::vector<ParamChange> changes{};

  static constexpr std::string_view kName = "cosmos.params.v1beta1.ParameterChangeProposal";
  static constexpr std::string_view kAminoName = "cosmos-sdk/ParameterChangeProposal";
  static constexpr auto fields() {
    return fields_of(Field{1, "title", &ParameterChangeProposal::title},
                     Field{2, "description", &ParameterChangeProposal::description},
                     Field{3, "changes", &ParameterChangeProposal::changes, Amino::kKeepEmpty});
  }
};

struct LegacyMsgSubmitProposal {
  std::optional<Any> content{};
  Coins initial_deposit{};
  std::string proposer{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgSubmitProposal";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgSubmitProposal";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "content", &LegacyMsgSubmitProposal::content},
        Field{2, "initial_deposit", &LegacyMsgSubmitProposal::initial_deposit, Amino::kCoins},
        Field{3, "proposer", &LegacyMsgSubmitProposal::proposer});
  }
};

struct LegacyMsgSubmitProposalResponse {
  std::uint64_t proposal_id = 0;

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgSubmitProposalResponse";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &LegacyMsgSubmitProposalResponse::proposal_id});
  }
};

struct LegacyMsgVote {
  std::uint64_t proposal_id = 0;
  std::string voter{};
  VoteOption option = VoteOption::kUnspecified;

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgVote";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgVote";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &LegacyMsgVote::proposal_id},
                     Field{2, "voter", &LegacyMsgVote::voter},
                     Field{3, "option", &LegacyMsgVote::option});
  }
};

struct LegacyMsgVoteResponse {
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgVoteResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

struct LegacyWeightedVoteOption {
  VoteOption option = VoteOption::kUnspecified;
  std::string weight{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.WeightedVoteOption";
  static constexpr auto fields() {
    return fields_of(Field{1, "option", &LegacyWeightedVoteOption::option},
                     Field{2, "weight", &LegacyWeightedVoteOption::weight});
  }
};

struct LegacyMsgVoteWeighted {
  std::uint64_t proposal_id = 0;
  std::string voter{};
  std::vector<LegacyWeightedVoteOption> options{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgVoteWeighted";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgVoteWeighted";
  static constexpr auto fields() {
    return fields_of(
        Field{1, "proposal_id", &LegacyMsgVoteWeighted::proposal_id, Amino::kKeepEmpty},
        Field{2, "voter", &LegacyMsgVoteWeighted::voter},
        Field{3, "options", &LegacyMsgVoteWeighted::options, Amino::kKeepEmpty});
  }
};

struct LegacyMsgDeposit {
  std::uint64_t proposal_id = 0;
  std::string depositor{};
  Coins amount{};

  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgDeposit";
  static constexpr std::string_view kAminoName = "cosmos-sdk/MsgDeposit";
  static constexpr auto fields() {
    return fields_of(Field{1, "proposal_id", &LegacyMsgDeposit::proposal_id, Amino::kKeepEmpty},
                     Field{2, "depositor", &LegacyMsgDeposit::depositor},
                     Field{3, "amount", &LegacyMsgDeposit::amount, Amino::kCoins});
  }
};

struct LegacyMsgDepositResponse {
  static constexpr std::string_view kName = "cosmos.gov.v1beta1.MsgDepositResponse";
  static constexpr auto fields() { return codec::fields_of(); }
};

}  // namespace buri::consensus::modules::gov
