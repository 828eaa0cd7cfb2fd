#include <algorithm>
#include <array>

#include "base/json_text.hpp"
#include "node/consensus/codec/json.hpp"
#include "node/consensus/migration/parts.hpp"
#include "node/consensus/modules/auth/messages.hpp"
#include "node/consensus/runtime/address.hpp"

/// The part of gov: proposals with one kind of content become ones with messages, votes with an
/// option become weighted ones, three groups of parameters become one with defaults for what is
/// new.

namespace buri::consensus::migration {
namespace {

using runtime::Error;
using Kind = JsonValue::Kind;

using app::kNanosPerSecond;

/// 12 hours, unless the voting period is not longer; then half of that.
constexpr std::uint64_t kExpeditedVotingNanos = 12ULL * 3600 * kNanosPerSecond;

constexpr std::string_view kConstitution =
    "Heimdall chain serves as the coordination and consensus layer of the Polygon PoS protocol. "
    "Its governance is responsible for managing validator sets, protocol upgrades, and system "
    "parameters critical to the network's security and liveness. Decisions must be guided by "
    "principles of decentralization, transparency, and the long-term resilience of the Polygon "
    "ecosystem. All governance participants are expected to act in good faith and in alignment "
    "with the collective interest of the network.";

using Name = std::pair<std::string_view, std::string_view>;
constexpr std::array<Name, 6> kStatuses{{{"", "PROPOSAL_STATUS_UNSPECIFIED"},
                                         {"DepositPeriod", "PROPOSAL_STATUS_DEPOSIT_PERIOD"},
                                         {"VotingPeriod", "PROPOSAL_STATUS_VOTING_PERIOD"},
                                         {"Passed", "PROPOSAL_STATUS_PASSED"},
                                         {"Rejected", "PROPOSAL_STATUS_REJECTED"},
                                         {"Failed", "PROPOSAL_STATUS_FAILED"}}};
constexpr std::array<Name, 4> kOptions{{{"Yes", "VOTE_OPTION_YES"},
                                        {"Abstain", "VOTE_OPTION_ABSTAIN"},
                                        {"No", "VOTE_OPTION_NO"},
                                        {"NoWithVeto", "VOTE_OPTION_NO_WITH_VETO"}}};

Result<std::string, JsonError> new_name(std::span<const Name> names, JsonValue& object,
                                        std::string_view key) {
  ASSIGN_OR_RETURN(const std::string text, text_of(object, key));
  const auto found = std::ranges::find(names, text, &Name::first);
  if (found != names.end()) return std::string(found->second);
  return Failure{JsonError{std::string(key), "a known name", "\"" + text + "\""}};
}

/// In the digits that protobuf's JSON has.
Status<JsonError> change_time(JsonValue& object, std::string_view key) {
  ASSIGN_OR_RETURN(const std::string text, text_of(object, key));
  const auto time = codec::timestamp_from_rfc3339(text);
  if (!time) {
    return Failure{JsonError{std::string(key), "an RFC 3339 time", "\"" + text + "\""}};
  }
  put(object, key, string_value(codec::to_rfc3339(*time)));
  return Unit{};
}

std::string duration_text(std::uint64_t nanos) {
  return codec::to_seconds_text({static_cast<std::int64_t>(nanos / kNanosPerSecond),
                                 static_cast<std::int32_t>(nanos % kNanosPerSecond)});
}

/// The message that a proposal of the old form carries out.
Result<JsonValue, JsonError> message_of(JsonValue& content) {
  ASSIGN_OR_RETURN(const std::string type, text_of(content, "type"));
  ASSIGN_OR_RETURN(JsonValue* const given, member(content, "value"));
  JsonValue value = std::move(*given);
  if (type == "heimdall/ParameterChangeProposal") {
    put(value, "@type", string_value("/cosmos.params.v1beta1.ParameterChangeProposal"));
  } else if (type == "heimdall/TextProposal") {
    put(value, "@type", string_value("/cosmos.gov.v1beta1.TextProposal"));
  } else {
    return Failure{JsonError{"content.type", "a change of parameters or a text", type}};
  }
  JsonValue message = empty_value(Kind::kObject);
  put(message, "@type", string_value("/cosmos.gov.v1.MsgExecLegacyContent"));
  put(message, "content", std::move(value));
  put(message, "authority", string_value(modules::auth::gov_authority()));
  return message;
}

Status<JsonError> change_tally(JsonValue& proposal) {
  ASSIGN_OR_RETURN(JsonValue* const tally, member(proposal, "final_tally_result"));
  for (const auto* option : {"yes", "abstain", "no", "no_with_veto"}) {
    RETURN_IF_ERROR(rename(*tally, option, std::string(option) + "_count"));
  }
  return Unit{};
}

Status<JsonError> change_content(JsonValue& proposal) {
  ASSIGN_OR_RETURN(JsonValue* const content, member(proposal, "content"));
  ASSIGN_OR_RETURN(JsonValue* const value, member(*content, "value"));
  ASSIGN_OR_RETURN(std::string title, text_of(*value, "title"));
  ASSIGN_OR_RETURN(std::string summary, text_of(*value, "description"));
  ASSIGN_OR_RETURN(JsonValue message, message_of(*content));
  remove(proposal, "content");
  JsonValue messages = empty_value(Kind::kArray);
  messages.children.push_back(std::move(message));
  put(proposal, "messages", std::move(messages));
  put(proposal, "title", string_value(std::move(title)));
  put(proposal, "summary", string_value(std::move(summary)));
  return Unit{};
}

Result<bool, JsonError> change_proposal(JsonValue& proposal) {
  RETURN_IF_ERROR(change_content(proposal));
  RETURN_IF_ERROR(change_tally(proposal));
  ASSIGN_OR_RETURN(std::string status, new_name(kStatuses, proposal, "proposal_status"));
  remove(proposal, "proposal_status");
  put(proposal, "status", string_value(std::move(status)));
  for (const auto* time :
       {"submit_time", "deposit_end_time", "voting_start_time", "voting_end_time"}) {
    RETURN_IF_ERROR(change_time(proposal, time));
  }
  for (const auto* text : {"metadata", "proposer", "failed_reason"}) {
    put(proposal, text, string_value({}));
  }
  put(proposal, "expedited", empty_value(Kind::kBoolean));
  return true;
}

Status<JsonError> change_address(JsonValue& object, std::string_view key) {
  ASSIGN_OR_RETURN(const std::string text, text_of(object, key));
  const auto address = runtime::parse_address(text);
  if (!address.ok()) return Failure{JsonError{std::string(key), "an address", "\"" + text + "\""}};
  put(object, key, string_value(runtime::to_text(*address)));
  return Unit{};
}

Result<bool, JsonError> change_vote(JsonValue& vote) {
  RETURN_IF_ERROR(change_address(vote, "voter"));
  ASSIGN_OR_RETURN(std::string option, new_name(kOptions, vote, "option"));
  JsonValue weighted = empty_value(Kind::kObject);
  put(weighted, "option", string_value(std::move(option)));
  put(weighted, "weight", string_value("1.000000000000000000"));
  JsonValue options = empty_value(Kind::kArray);
  options.children.push_back(std::move(weighted));
  remove(vote, "option");
  put(vote, "options", std::move(options));
  put(vote, "metadata", string_value({}));
  return true;
}

Result<bool, JsonError> change_deposit(JsonValue& deposit) {
  RETURN_IF_ERROR(change_address(deposit, "depositor"));
  return true;
}

/// The old groups of parameters, as they are read.
struct OldParams {
  JsonValue deposit;
  JsonValue voting;
  JsonValue tally;
};

Result<std::string, JsonError> new_params(OldParams& old) {
  ASSIGN_OR_RETURN(JsonValue* const min_deposit, member(old.deposit, "min_deposit"));
  ASSIGN_OR_RETURN(const std::uint64_t deposit_nanos, number_of(old.deposit, "max_deposit_period"));
  ASSIGN_OR_RETURN(const std::uint64_t voting_nanos, number_of(old.voting, "voting_period"));
  JsonValue params = empty_value(Kind::kObject);
  rename_coin(*min_deposit);
  put(params, "min_deposit", std::move(*min_deposit));
  put(params, "max_deposit_period", string_value(duration_text(deposit_nanos)));
  put(params, "voting_period", string_value(duration_text(voting_nanos)));
  const std::uint64_t expedited =
      kExpeditedVotingNanos >= voting_nanos ? voting_nanos / 2 : kExpeditedVotingNanos;
  put(params, "expedited_voting_period", string_value(duration_text(expedited)));
  for (const auto& [name, name_now] :
       {Name{"quorum", "quorum"}, Name{"threshold", "threshold"}, Name{"veto", "veto_threshold"}}) {
    ASSIGN_OR_RETURN(std::string share, text_of(old.tally, name));
    put(params, name_now, string_value(std::move(share)));
  }
  std::string json = to_json(params);
  json.pop_back();
  // The defaults of the network's SDK fork for what Heimdall v1 did not have.
  return json + R"(,"expedited_min_deposit":[{"denom":"pol","amount":"500000000000000000000"}],)"
                R"("expedited_threshold":"0.667000000000000000",)"
                R"("min_initial_deposit_ratio":"0.000000000000000000",)"
                R"("proposal_cancel_ratio":"0.500000000000000000","proposal_cancel_dest":"",)"
                R"("burn_proposal_deposit_prevote":false,"burn_vote_quorum":false,)"
                R"("burn_vote_veto":true,"min_deposit_ratio":"0.010000000000000000"})";
}

/// A change that moves the value away.
Change taken(JsonValue& target) {
  return [&target](JsonValue& value) -> Result<bool, JsonError> {
    target = std::move(value);
    return false;
  };
}

}  // namespace

Status<Error> write_gov(PartWriter& part) {
  OldParams old;
  RETURN_IF_ERROR(part.value("deposit_params", {}, taken(old.deposit)));
  RETURN_IF_ERROR(part.value("voting_params", {}, taken(old.voting)));
  RETURN_IF_ERROR(part.value("tally_params", {}, taken(old.tally)));
  const auto params = new_params(old);
  if (!params.ok()) return Failure{runtime::genesis_error("gov", params.error())};
  RETURN_IF_ERROR(part.text("params", *params));
  RETURN_IF_ERROR(part.array("deposits", "deposits", &change_deposit));
  RETURN_IF_ERROR(part.array("votes", "votes", &change_vote));
  RETURN_IF_ERROR(part.array("proposals", "proposals", &change_proposal));
  std::string constitution;
  codec::append_json_string(constitution, kConstitution);
  return part.text("constitution", constitution);
}

}  // namespace buri::consensus::migration
