#include "hsm/wire/refusal.hpp"

#include <array>

namespace buri::hsm::wire {
namespace {

struct NamedRule {
  Rule rule;
  std::string_view name;
};

constexpr std::array kNames{
    NamedRule{Rule::kEncoding, "encoding"},
    NamedRule{Rule::kUnsupported, "unsupported"},
    NamedRule{Rule::kMalformed, "malformed"},
    NamedRule{Rule::kPurposeDisabled, "purpose_disabled"},
    NamedRule{Rule::kWrongSocket, "wrong_socket"},
    NamedRule{Rule::kSignerState, "signer_state"},
    NamedRule{Rule::kApproval, "approval"},
    NamedRule{Rule::kRateLimit, "rate_limit"},
    NamedRule{Rule::kDailyBudget, "daily_budget"},
    NamedRule{Rule::kChain, "chain"},
    NamedRule{Rule::kIdentity, "identity"},
    NamedRule{Rule::kDeadline, "deadline"},
    NamedRule{Rule::kHeightRegression, "height_regression"},
    NamedRule{Rule::kEquivocation, "equivocation"},
    NamedRule{Rule::kHeightJump, "height_jump"},
    NamedRule{Rule::kClock, "clock"},
    NamedRule{Rule::kVoteExtension, "vote_extension"},
    NamedRule{Rule::kExtensionTier, "extension_tier"},
    NamedRule{Rule::kPlainExtension, "plain_extension"},
    NamedRule{Rule::kCheckpointRange, "checkpoint_range"},
    NamedRule{Rule::kCheckpointConflict, "checkpoint_conflict"},
    NamedRule{Rule::kMessageType, "message_type"},
    NamedRule{Rule::kMessageContent, "message_content"},
    NamedRule{Rule::kFee, "fee"},
    NamedRule{Rule::kAccountNumber, "account_number"},
    NamedRule{Rule::kSequence, "sequence"},
    NamedRule{Rule::kHeaderForm, "header_form"},
    NamedRule{Rule::kNumberJump, "number_jump"},
    NamedRule{Rule::kBorEquivocation, "bor_equivocation"},
    NamedRule{Rule::kForkEvidence, "fork_evidence"},
    NamedRule{Rule::kMilestone, "milestone"},
    NamedRule{Rule::kReorgLimit, "reorg_limit"},
    NamedRule{Rule::kUnknownHeader, "unknown_header"},
    NamedRule{Rule::kDestination, "destination"},
    NamedRule{Rule::kCheckpointUnknown, "checkpoint_unknown"},
    NamedRule{Rule::kCalldata, "calldata"},
    NamedRule{Rule::kGas, "gas"},
    NamedRule{Rule::kNonce, "nonce"},
    NamedRule{Rule::kReplacement, "replacement"},
    NamedRule{Rule::kCeremony, "ceremony"},
};

}  // namespace

std::string_view rule_name(Rule rule) {
  for (const NamedRule& named : kNames) {
    if (named.rule == rule) return named.name;
  }
  return "unknown";
}

std::string describe(const Refusal& refusal) {
  std::string text(rule_name(refusal.rule));
  if (!refusal.field.empty()) text += ": " + refusal.field;
  return text + ": expected " + refusal.expected + ", found " + refusal.found;
}

}  // namespace buri::hsm::wire
