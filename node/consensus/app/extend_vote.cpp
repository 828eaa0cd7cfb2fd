#include "node/consensus/app/application.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/app/non_rp_extension.hpp"
#include "node/consensus/modules/checkpoint/side_sign_bytes.hpp"
#include "node/consensus/modules/milestone/propose.hpp"
#include "node/consensus/modules/milestone/proposition.hpp"

/// This validator's vote extension, and its judgement of the others'.

namespace buri::consensus::app {
namespace {

namespace checkpoint = modules::checkpoint;
namespace milestone = modules::milestone;
using runtime::BlockFacts;
using runtime::Context;
using runtime::EventLog;
using runtime::GasMeter;
using runtime::Outcome;
using runtime::SideVote;

/// So that a precommit leaves before validators stop waiting for it; from Zurich on.
constexpr std::chrono::milliseconds kExtendBudget{800};

/// The answers on a block's side transactions, and the checkpoint to sign if there is one.
struct Answers {
  std::vector<SideTxResponse> responses;
  std::optional<Bytes> checkpoint;  ///< a non-RP extension
};

/// This validator's vote on a message, whose writes are dropped.
SideVote vote_on(const Context& context, const runtime::DecodedMessage& message,
                 const Reporter& reporter) {
  store::Branch branch(context.branch());
  return reporter.module_call(
      ModuleCallKind::kSide, message.type().type_url,
      [&] { return message.type().side_handle(context.with_branch(branch), message); },
      [](SideVote vote) { return vote == SideVote::kYes; });
}

void answer(const Context& context, const tx::Transaction& transaction, const Reporter& reporter,
            Answers& answers) {
  for (const auto& message : transaction.messages) {
    if (!message->type().is_side_message()) continue;
    const SideVote vote = vote_on(context.with_tx_hash(transaction.hash), *message, reporter);
    const auto* reported = runtime::message_cast<checkpoint::MsgCheckpoint>(*message);
    if (vote == SideVote::kYes && reported != nullptr) {
      const auto bytes = checkpoint::side_sign_bytes(*reported);
      if (bytes) answers.checkpoint = checkpoint_extension(*bytes);
    }
    const auto& hash = transaction.hash.bytes;
    answers.responses.push_back({{hash.begin(), hash.end()}, static_cast<std::int32_t>(vote)});
    if (answers.responses.size() == kMaxSideResponses) return;
  }
}

/// The proposition, if there is one that passes the checks of the others.
Outcome<std::optional<milestone::MilestoneProposition>> valid_proposition(const Context& context,
                                                                          protocol::BorChain& bor) {
  ASSIGN_OR_RETURN(auto proposition, milestone::propose(context, bor));
  if (!proposition) return proposition;
  const auto valid = milestone::validate_proposition(context, *proposition, context.height());
  if (!valid.ok()) proposition.reset();
  return proposition;
}

}  // namespace

Outcome<Extensions> Application::extend_vote(const ExtendRequest& request) {
  return reporter_.abci_call(AbciCall::kExtendVote, [&] { return make_extensions(request); });
}

Outcome<Extensions> Application::make_extensions(const ExtendRequest& request) {
  const bool has_budget = chain_.forks.is_zurich(request.height);
  const MonotonicTime deadline = now() + kExtendBudget;
  const auto is_late = [&](BudgetPhase phase) {
    const bool is_over = has_budget && now() >= deadline;
    if (is_over) reporter_.tell([&](Observer& observer) { observer.budget_exhausted(phase); });
    return is_over;
  };
  store::Branch branch(*pending_);
  BlockFacts facts = facts_of(request.height, {}, {});
  ASSIGN_OR_RETURN(const std::int64_t enable_height, load_limits(facts, branch));
  RETURN_IF_ERROR(check_extensions_enabled(enable_height, request.height));
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, branch, meter, events);
  if (request.txs.empty() || !codec::decode<ExtendedCommit>(request.txs.front()).ok()) {
    return Failure{runtime::plain_error("the block has no extended commit")};
  }
  Answers answers;
  for (const Bytes& raw : std::span(request.txs).subspan(1)) {
    if (is_late(BudgetPhase::kSideTxs) || answers.responses.size() == kMaxSideResponses) break;
    const auto decoded = cache_.decode(raw);
    if (!decoded->ok()) return Failure{runtime::plain_error("a transaction does not decode")};
    answer(context, decoded->value(), reporter_, answers);
  }
  VoteExtension extension{
      .block_hash = extension_block_hash(chain_.forks, request.height, request.block_hash),
      .height = chain_.forks.is_compact_vote_extension(request.height) ? 0 : request.height,
      .side_tx_responses = std::move(answers.responses)};
  if (!is_late(BudgetPhase::kMilestone)) {
    ASSIGN_OR_RETURN(extension.milestone_proposition,
                     valid_proposition(context, *services_.facts.bor_chain));
  }
  return Extensions{codec::encode(extension),
                    answers.checkpoint
                        ? *std::move(answers.checkpoint)
                        : dummy_extension(chain_.forks, chain_.chain_id, request.height)};
}

Outcome<Verdict> Application::verify_vote_extension(const VerifyRequest& request) {
  return reporter_.abci_judgement(AbciCall::kVerifyVoteExtension,
                                  [&] { return judge_extensions(request); });
}

Outcome<Verdict> Application::judge_extensions(const VerifyRequest& request) {
  store::Branch branch(*pending_);
  BlockFacts facts = facts_of(request.height, {}, {});
  ASSIGN_OR_RETURN(const std::int64_t enable_height, load_limits(facts, branch));
  RETURN_IF_ERROR(check_extensions_enabled(enable_height, request.height));
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, branch, meter, events);
  const auto& forks = chain_.forks;
  const auto reject = [](std::string reason) { return Verdict(Failure{std::move(reason)}); };
  const Bytes& bytes = request.extensions.vote_extension;
  if (has_unknown_fields(bytes, modules_.registry())) return reject("unknown fields");
  const auto extension = decode_extension(bytes);
  if (!extension.ok()) return reject(std::string(codec::describe(extension.error())));
  const auto form = check_extension_form(*extension, forks, request.height);
  if (!form.ok()) return reject(form.error().log);
  if (extension->block_hash != extension_block_hash(forks, request.height, request.block_hash)) {
    return reject("the extension is for another block");
  }
  const auto responses = check_side_responses(extension->side_tx_responses);
  if (!responses.ok()) return reject(responses.error().log);
  const auto non_rp = check_non_rp(context, request.height, request.extensions.non_rp_extension,
                                   *services_.facts.bor_chain);
  if (!non_rp.ok() && !is_tolerated(forks, request.height, non_rp.error().problem)) {
    return reject(non_rp.error().reason);
  }
  if (!extension->milestone_proposition) return Verdict(Unit{});
  const auto valid =
      milestone::validate_proposition(context, *extension->milestone_proposition, request.height);
  return valid.ok() ? Verdict(Unit{}) : reject(valid.error().log);
}

}  // namespace buri::consensus::app
