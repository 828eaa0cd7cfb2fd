#include "node/consensus/modules/gov/messages.hpp"

#include <algorithm>

#include "base/json_cursor.hpp"
#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/runtime/address.hpp"

namespace buri::consensus::modules::gov {
namespace {

using runtime::Context;
using runtime::Error;
using runtime::make_error;
using runtime::Outcome;
using runtime::sdk_error;
using runtime::SdkCode;

constexpr std::uint64_t kProposalGasPerByte = 3 * 30;
/// Modules that had parameters of the older kind: all with a store but params and consensus.
constexpr std::array<std::string_view, 10> kSubspaces{"auth",       "bank",  "bor", "chainmanager",
                                                      "checkpoint", "clerk", "gov", "milestone",
                                                      "stake",      "topup"};

Outcome<Address> needed_address(std::string_view text, std::string_view role) {
  auto address = runtime::parse_address(text);
  if (address.ok()) return address;
  return Failure{sdk_error(SdkCode::kInvalidAddress,
                           "invalid " + std::string(role) + " address: " + address.error().log)};
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// The texts of metadata in the recommended form; nothing if it has another form.
struct Metadata {
  std::string title;
  std::string summary;
};
std::optional<Metadata> recommended_metadata(std::string_view text) {
  const auto json = parse_json(text);
  if (!json.ok()) return std::nullopt;
  Metadata metadata;
  if (json->kind == JsonValue::Kind::kNull) return metadata;
  if (json->kind != JsonValue::Kind::kObject) return std::nullopt;
  for (const JsonValue& member : json->children) {
    const auto is = [&member](std::string_view name) {
      return equal_ignoring_case(member.key, name);
    };
    if (member.kind == JsonValue::Kind::kNull) continue;
    const bool is_text = member.kind == JsonValue::Kind::kString;
    if (is("authors")) {
      const bool are_texts =
          member.kind == JsonValue::Kind::kArray &&
          std::ranges::all_of(member.children, [](const JsonValue& author) {
            return author.kind == JsonValue::Kind::kString || author.kind == JsonValue::Kind::kNull;
          });
      if (!are_texts) return std::nullopt;
    } else if (is("title") || is("summary") || is("details") || is("proposal_forum_url") ||
               is("vote_option_context")) {
      if (!is_text) return std::nullopt;
      if (is("title")) metadata.title = member.text;
      if (is("summary")) metadata.summary = member.text;
    }
  }
  return metadata;
}

Status<Error> check_metadata(const MsgSubmitProposal& message) {
  if (message.metadata.empty()) return Unit{};
  const auto metadata = recommended_metadata(message.metadata);
  if (!metadata) return Unit{};
  const auto differs = [](std::string_view what, const std::string& a, const std::string& b) {
    return Failure{make_error(kCodespace, 5, "invalid proposal content",
                              "metadata " + std::string(what) + " '" + a +
                                  "' must equal proposal " + std::string(what) + " '" + b + "'")};
  };
  if (metadata->title != message.title) return differs("title", metadata->title, message.title);
  if (metadata->summary != message.summary) {
    return differs("summary", metadata->summary, message.summary);
  }
  return Unit{};
}

Outcome<std::uint64_t> submit(const Keeper& keeper, const Context& context,
                              const MsgSubmitProposal& message) {
  if (message.title.empty()) {
    return Failure{sdk_error(SdkCode::kInvalidRequest, "proposal title cannot be empty")};
  }
  if (message.summary.empty()) {
    return Failure{sdk_error(SdkCode::kInvalidRequest, "proposal summary cannot be empty")};
  }
  ASSIGN_OR_RETURN(const Address proposer, needed_address(message.proposer, "proposer"));
  if (message.messages.empty() && message.metadata.empty()) {
    return Failure{make_error(kCodespace, 11, "no messages proposed",
                              "either metadata or Msgs length must be non-nil")};
  }
  RETURN_IF_ERROR(check_metadata(message));
  auto params = keeper.params(context);
  if (!params.ok()) {
    return Failure{std::move(params).error().wrapped("failed to get governance parameters")};
  }
  RETURN_IF_ERROR(check_initial_deposit(*params, message.initial_deposit, message.expedited));
  RETURN_IF_ERROR(check_deposit_denoms(*params, message.initial_deposit));
  ASSIGN_OR_RETURN(const Proposal proposal,
                   keeper.submit(context, {.messages = message.messages,
                                           .metadata = message.metadata,
                                           .title = message.title,
                                           .summary = message.summary,
                                           .proposer = proposer,
                                           .expedited = message.expedited}));
  RETURN_IF_ERROR(context.gas().consume(kProposalGasPerByte * codec::encode(proposal).size(),
                                        "submit proposal"));
  ASSIGN_OR_RETURN(const bool starts_voting,
                   keeper.deposit(context, proposal.id, proposer, message.initial_deposit));
  if (starts_voting) {
    context.emit({"submit_proposal", {{"voting_period_start", std::to_string(proposal.id)}}});
  }
  return proposal.id;
}

Outcome<Any> submit_proposal(const Keeper& keeper, const Context& context,
                             const MsgSubmitProposal& message) {
  ASSIGN_OR_RETURN(const std::uint64_t id, submit(keeper, context, message));
  return codec::pack(MsgSubmitProposalResponse{id});
}

/// The older parameters have no tables, so that setting any of a known module panics.
Status<Error> change_parameters(const ParameterChangeProposal& proposal) {
  for (const ParamChange& change : proposal.changes) {
    if (std::ranges::find(kSubspaces, change.subspace) == kSubspaces.end()) {
      return Failure{make_error("params", 2, "unknown subspace", change.subspace)};
    }
    return Failure{runtime::panic("parameter " + change.key + " not registered")};
  }
  return Unit{};
}

Outcome<Any> exec_legacy_content(const Keeper& /*keeper*/, const Context& context,
                                 const MsgExecLegacyContent& message) {
  ASSIGN_OR_RETURN(const auth::Account gov,
                   auth::Keeper().module_account(context, auth::kGovModule));
  const std::string authority = runtime::to_text(gov.address);
  if (authority != message.authority) {
    return Failure{make_error(kCodespace, 13,
                              "expected gov account as only signer for proposal message",
                              "expected " + authority + " got " + message.authority)};
  }
  if (!message.content) return Failure{runtime::nil_panic()};
  if (message.content->type_url == codec::type_url<ParameterChangeProposal>()) {
    const auto content = codec::decode<ParameterChangeProposal>(message.content->value);
    if (!content.ok()) return Failure{runtime::fatal("a stored content does not decode")};
    auto changed = change_parameters(*content);
    if (!changed.ok()) {
      Error error = std::move(changed).error();
      if (error.is_panic()) return Failure{std::move(error)};
      return Failure{make_error(kCodespace, 5, "invalid proposal content",
                                "failed to run legacy handler params, " + error.log)};
    }
  }
  return codec::pack(MsgExecLegacyContentResponse{});
}

Status<Error> check_vote(VoteOption option) {
  if (option >= VoteOption::kYes && option <= VoteOption::kNoWithVeto) return Unit{};
  return Failure{
      make_error(kCodespace, 7, "invalid vote option", std::to_string(static_cast<int>(option)))};
}

Outcome<Any> vote(const Keeper& keeper, const Context& context, const MsgVote& message) {
  ASSIGN_OR_RETURN(const Address voter, needed_address(message.voter, "voter"));
  RETURN_IF_ERROR(check_vote(message.option));
  RETURN_IF_ERROR(
      keeper.vote(context, message.proposal_id, voter, message.option, message.metadata));
  return codec::pack(MsgVoteResponse{});
}

Error weighted_votes_refused() {
  return make_error(kCodespace, 25, "weighted vote options not supported", "not implemented");
}

Outcome<Any> deposit(const Keeper& keeper, const Context& context, const MsgDeposit& message) {
  ASSIGN_OR_RETURN(const Address depositor, needed_address(message.depositor, "depositor"));
  if (message.amount.empty()) return Failure{sdk_error(SdkCode::kInvalidCoins)};
  RETURN_IF_ERROR(runtime::check_coins(message.amount, SdkCode::kInvalidCoins));
  ASSIGN_OR_RETURN(const bool starts_voting,
                   keeper.deposit(context, message.proposal_id, depositor, message.amount));
  if (starts_voting) {
    context.emit(
        {"proposal_deposit", {{"voting_period_start", std::to_string(message.proposal_id)}}});
  }
  return codec::pack(MsgDepositResponse{});
}

Outcome<Any> cancel_proposal(const Keeper& keeper, const Context& context,
                             const MsgCancelProposal& message) {
  RETURN_IF_ERROR(needed_address(message.proposer, "proposer"));
  RETURN_IF_ERROR(keeper.cancel(context, message.proposal_id, message.proposer));
  context.emit(
      {"cancel_proposal",
       {{"sender", message.proposer}, {"proposal_id", std::to_string(message.proposal_id)}}});
  return codec::pack(MsgCancelProposalResponse{message.proposal_id, context.block().time,
                                               static_cast<std::uint64_t>(context.height())});
}

Outcome<Any> update_params(const Keeper& keeper, const Context& context,
                           const MsgUpdateParams& message) {
  RETURN_IF_ERROR(auth::check_authority(message.authority));
  RETURN_IF_ERROR(validate(message.params));
  RETURN_IF_ERROR(keeper.set_params(context, message.params));
  return codec::pack(MsgUpdateParamsResponse{});
}

/// Title and description of a legacy content.
Status<Error> check_abstract(const std::string& title, const std::string& description) {
  const auto is_blank = [](std::string_view text) {
    return text.find_first_not_of(" \t\n\v\f\r") == std::string_view::npos;
  };
  const auto invalid = [](std::string_view why) {
    return Failure{make_error(kCodespace, 5, "invalid proposal content", why)};
  };
  if (is_blank(title)) return invalid("proposal title cannot be blank");
  if (title.size() > 140) return invalid("proposal title is longer than max length of 140");
  if (description.empty()) return invalid("proposal description cannot be blank");
  if (description.size() > 10'000) {
    return invalid("proposal description is longer than max length of 10000");
  }
  return Unit{};
}

Status<Error> check_changes(const std::vector<ParamChange>& changes) {
  const auto invalid = [](std::uint32_t code, std::string_view why) {
    return Failure{make_error("params", code, why)};
  };
  if (changes.empty()) return invalid(4, "submitted parameter changes are empty");
  for (const ParamChange& change : changes) {
    if (change.subspace.empty()) return invalid(5, "parameter subspace is empty");
    if (change.key.empty()) return invalid(6, "parameter key is empty");
    if (change.value.empty()) return invalid(7, "parameter value is empty");
  }
  return Unit{};
}

/// A legacy proposal's content, checked and encoded anew.
struct Content {
  std::string title;
  std::string description;
  Any packed;
};
Outcome<Content> read_content(const Any& any) {
  const auto broken = [] { return Failure{runtime::fatal("a checked content does not decode")}; };
  if (any.type_url == codec::type_url<TextProposal>()) {
    const auto text = codec::decode<TextProposal>(any.value);
    if (!text.ok()) return broken();
    RETURN_IF_ERROR(check_abstract(text->title, text->description));
    return Content{text->title, text->description, codec::pack(*text)};
  }
  const auto change = codec::decode<ParameterChangeProposal>(any.value);
  if (!change.ok()) return broken();
  RETURN_IF_ERROR(check_abstract(change->title, change->description));
  RETURN_IF_ERROR(check_changes(change->changes));
  return Content{change->title, change->description, codec::pack(*change)};
}

Outcome<Any> legacy_submit_proposal(const Keeper& keeper, const Context& context,
                                    const LegacyMsgSubmitProposal& message) {
  if (!message.content) {
    return Failure{make_error(kCodespace, 5, "invalid proposal content", "missing content")};
  }
  ASSIGN_OR_RETURN(const Content content, read_content(*message.content));
  const std::string authority = runtime::to_text(runtime::module_address(auth::kGovModule));
  const Any wrapped = codec::pack(MsgExecLegacyContent{content.packed, authority});
  ASSIGN_OR_RETURN(const std::uint64_t id,
                   submit(keeper, context,
                          MsgSubmitProposal{.messages = {wrapped},
                                            .initial_deposit = message.initial_deposit,
                                            .proposer = message.proposer,
                                            .title = content.title,
                                            .summary = content.description}));
  return codec::pack(LegacyMsgSubmitProposalResponse{id});
}

Outcome<Any> legacy_vote(const Keeper& keeper, const Context& context,
                         const LegacyMsgVote& message) {
  RETURN_IF_ERROR(vote(
      keeper, context,
      MsgVote{
          .proposal_id = message.proposal_id, .voter = message.voter, .option = message.option}));
  return codec::pack(LegacyMsgVoteResponse{});
}

Outcome<Any> legacy_deposit(const Keeper& keeper, const Context& context,
                            const LegacyMsgDeposit& message) {
  RETURN_IF_ERROR(deposit(keeper, context,
                          MsgDeposit{.proposal_id = message.proposal_id,
                                     .depositor = message.depositor,
                                     .amount = message.amount}));
  return codec::pack(LegacyMsgDepositResponse{});
}

/// A content inside a message must be one.
Status<codec::DecodeError> check_content(const std::optional<Any>& content,
                                         const runtime::MessageRegistry& registry) {
  if (!content) return Unit{};
  if (!registry.implements(content->type_url, kContentInterface)) {
    return Failure{codec::DecodeError::kUnresolvableType};
  }
  RETURN_IF_ERROR(registry.codec_of(content->type_url)->canonical(content->value));
  return Unit{};
}

}  // namespace

void register_messages(runtime::MessageRegistry& registry, const Keeper& keeper) {
  using Texts = std::vector<std::string>;
  const auto bound = [keeper](auto handler) {
    return [keeper, handler](const Context& context, const auto& message) {
      return handler(keeper, context, message);
    };
  };
  const auto refused = [](const Context&, const auto&) -> Outcome<Any> {
    return Failure{weighted_votes_refused()};
  };
  const auto proposer = [](const auto& message) { return Texts{message.proposer}; };
  const auto voter = [](const auto& message) { return Texts{message.voter}; };
  const auto depositor = [](const auto& message) { return Texts{message.depositor}; };
  const auto authority = [](const auto& message) { return Texts{message.authority}; };
  const auto unpack_content = [](const auto& message, const runtime::MessageRegistry& types) {
    return check_content(message.content, types);
  };
  const auto unpack_messages =
      [](const MsgSubmitProposal& message,
         const runtime::MessageRegistry& types) -> Status<codec::DecodeError> {
    for (const Any& any : message.messages) RETURN_IF_ERROR(types.decode(any));
    return Unit{};
  };
  registry.add_type<TextProposal>(kContentInterface);
  registry.add_type<ParameterChangeProposal>(kContentInterface);
  registry.add<MsgSubmitProposal>(
      {.signers = proposer, .handle = bound(submit_proposal), .unpack = unpack_messages});
  registry.add<MsgExecLegacyContent>(
      {.signers = authority, .handle = bound(exec_legacy_content), .unpack = unpack_content});
  registry.add<MsgVote>({.signers = voter, .handle = bound(vote)});
  registry.add<MsgVoteWeighted>({.signers = voter, .handle = refused});
  registry.add<MsgDeposit>({.signers = depositor, .handle = bound(deposit)});
  registry.add<MsgUpdateParams>({.signers = authority, .handle = bound(update_params)});
  registry.add<MsgCancelProposal>({.signers = proposer, .handle = bound(cancel_proposal)});
  registry.add<LegacyMsgSubmitProposal>(
      {.signers = proposer, .handle = bound(legacy_submit_proposal), .unpack = unpack_content});
  registry.add<LegacyMsgVote>({.signers = voter, .handle = bound(legacy_vote)});
  registry.add<LegacyMsgVoteWeighted>({.signers = voter, .handle = refused});
  registry.add<LegacyMsgDeposit>({.signers = depositor, .handle = bound(legacy_deposit)});
}

}  // namespace buri::consensus::modules::gov
