#include "hsm/rules/decide.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "hsm/rules/bor_header.hpp"
#include "hsm/rules/consensus.hpp"
#include "hsm/rules/digest.hpp"
#include "hsm/rules/extensions.hpp"
#include "hsm/rules/heimdall_transaction.hpp"
#include "hsm/rules/limits.hpp"
#include "hsm/rules/root_chain_transaction.hpp"
#include "hsm/wire/sign_bytes.hpp"

namespace buri::hsm::rules {
namespace {

/// Only while a ceremony is held; nothing is recorded, because the bytes have a form of their own.
Decision decide_possession(const Context& context, const wire::ProveOfPossession& request) {
  if (!context.ceremony) {
    return refuse(wire::Rule::kCeremony, "", "the ceremony state", "another state");
  }
  if (request.ceremony_id.empty() || request.chain.empty()) {
    return refuse(wire::Rule::kMalformed, "ceremony_id", "a ceremony and a chain", "none");
  }
  Approval approval;
  approval.slots.push_back({wire::Purpose::kProofOfPossession,
                            keccak256(wire::possession_sign_bytes(request, context.address)),
                            std::nullopt});
  return approval;
}

/// One overload per request.
struct Judge {
  const Context& context;
  const Ledgers& ledgers;

  Decision operator()(const wire::SignProposal& request) const {
    return decide_proposal(context, ledgers.consensus, request);
  }
  Decision operator()(const wire::SignVote& request) const {
    return decide_vote(context, ledgers.consensus, request);
  }
  Decision operator()(const wire::SignBorHeader& request) const {
    return decide_bor_header(context, ledgers.bor, request);
  }
  Decision operator()(const wire::SignHeimdallTransaction& request) const {
    return decide_heimdall_transaction(context, ledgers.heimdall, request);
  }
  Decision operator()(const wire::SignRootChainTransaction& request) const {
    return decide_root_chain_transaction(context, ledgers.root_chain, ledgers.consensus.checkpoints,
                                         request);
  }
  Decision operator()(const wire::ProveOfPossession& request) const {
    return decide_possession(context, request);
  }
  Decision operator()(const wire::ReportMilestone& request) const {
    return decide_milestone_report(context, ledgers.bor, request);
  }
  Decision operator()(const wire::ReportCheckpoint& request) const {
    return decide_checkpoint_report(context, ledgers.consensus, request);
  }
  Decision operator()(const auto&) const {
    CHECK(false, "the rules were asked about a request that signs nothing");
  }
};

}  // namespace

std::string_view alarm_name(Alarm alarm) {
  switch (alarm) {
    case Alarm::kClock:
      return "clock";
    case Alarm::kOtherExtension:
      return "other_extension";
    case Alarm::kPrecommitElsewhere:
      return "precommit_elsewhere";
    case Alarm::kConflictingCheckpoint:
      return "conflicting_checkpoint";
    case Alarm::kSupersededHeader:
      return "superseded_header";
    case Alarm::kReorg:
      return "reorg";
    case Alarm::kReusedSequence:
      return "reused_sequence";
    case Alarm::kReplacedTransaction:
      return "replaced_transaction";
  }
  return "unknown";
}

bool Approval::is_replay() const {
  return !record && !slots.empty() &&
         std::all_of(slots.begin(), slots.end(),
                     [](const SignatureSlot& slot) { return slot.known.has_value(); });
}

Decision decide(const Context& context, const Ledgers& ledgers, const wire::RequestBody& request) {
  return std::visit(Judge{context, ledgers}, request);
}

}  // namespace buri::hsm::rules
