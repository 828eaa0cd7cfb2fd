#include "node/consensus/app/application.hpp"
#include "node/consensus/app/extension_rules.hpp"
#include "node/consensus/app/non_rp_extension.hpp"
#include "node/consensus/app/proposal_rules.hpp"
#include "node/consensus/tx/nesting.hpp"

/// Making and judging proposals.

namespace buri::consensus::app {
namespace {

using runtime::BlockFacts;
using runtime::Context;
using runtime::Error;
using runtime::EventLog;
using runtime::GasMeter;
using runtime::Outcome;

/// So that a proposal leaves before validators stop waiting for it.
constexpr std::chrono::milliseconds kPrepareBudget{500};

Verdict reject(std::string reason) { return Failure{std::move(reason)}; }

}  // namespace

Outcome<std::vector<Bytes>> Application::select_txs(const Context& context,
                                                    const PrepareRequest& request,
                                                    std::int64_t used_bytes,
                                                    MonotonicTime deadline) {
  std::vector<Bytes> selected;
  SideTxCount side_txs(context);
  for (const Bytes& raw : request.txs) {
    if (now() >= deadline) break;
    const std::int64_t bytes = block_bytes_of(raw);
    if (used_bytes + bytes > request.max_tx_bytes) continue;
    const auto decoded = cache_.decode(raw);
    if (!decoded->ok()) {
      return Failure{runtime::plain_error("error occurred while decoding tx bytes: " +
                                          std::string(codec::describe(decoded->error())))};
    }
    const tx::Transaction& transaction = decoded->value();
    if (!side_txs.check(transaction).ok()) continue;
    if (!check_producer_gates(context, context, transaction).ok()) continue;
    ASSIGN_OR_RETURN(const TxResult result, runner_.check(context, *decoded, TxMode::kProposal));
    if (!result.ok()) continue;
    side_txs.add(transaction);
    used_bytes += bytes;
    selected.push_back(raw);
  }
  return selected;
}

Outcome<std::vector<Bytes>> Application::prepare_proposal(const PrepareRequest& request) {
  return reporter_.abci_call(AbciCall::kPrepareProposal, [&] { return make_proposal(request); });
}

Outcome<std::vector<Bytes>> Application::make_proposal(const PrepareRequest& request) {
  const MonotonicTime deadline = now() + kPrepareBudget;
  store::Branch branch(*pending_);
  BlockFacts facts = facts_of(request.height, request.time, request.proposer);
  ASSIGN_OR_RETURN(const std::int64_t enable_height, load_limits(facts, branch));
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, branch, meter, events);
  ASSIGN_OR_RETURN(const Judges judges, Judges::load(context, request.height));
  const ExtensionScene scene{&context, &judges, &modules_.registry(), &signatures_, enable_height};
  ExtendedCommit commit{.round = request.last_commit.round};
  ASSIGN_OR_RETURN(commit.votes, filter_votes(scene, request.last_commit, request.max_tx_bytes));
  std::vector<Bytes> txs{codec::encode(commit)};
  ASSIGN_OR_RETURN(std::vector<Bytes> selected,
                   select_txs(context, request, block_bytes_of(txs.front()), deadline));
  std::ranges::move(selected, std::back_inserter(txs));
  return txs;
}

Outcome<Verdict> Application::judge_votes(const Context& context, const ProposedBlock& block,
                                          std::int64_t enable_height) {
  const std::int32_t round = block.last_commit.round;
  const auto commit = codec::decode<ExtendedCommit>(block.txs.front());
  if (!commit.ok()) return reject("the extended commit does not decode");
  if (commit->round != round) return reject("the extended commit is of another round");
  if (context.forks().is_phuket(block.height)) {
    const auto complete = check_completeness(block.last_commit.votes, commit->votes);
    if (!complete.ok()) return complete;
  }
  ASSIGN_OR_RETURN(const Judges judges, Judges::load(context, block.height));
  const ExtensionScene scene{&context, &judges, &modules_.registry(), &signatures_, enable_height};
  const auto checked = check_extended_votes(scene, commit->votes, round);
  if (!checked.ok()) return checked;
  const auto non_rp = check_non_rp_votes(scene, commit->votes, *services_.facts.bor_chain);
  if (non_rp.ok()) return Verdict(Unit{});
  return judge_non_rp_problem(context, block.txs, non_rp.error());
}

Verdict Application::judge_non_rp_problem(const Context& context, std::span<const Bytes> txs,
                                          const NonRpFailure& failure) {
  bool has_checkpoint = false;
  for (const Bytes& raw : txs.subspan(1)) {
    const auto decoded = cache_.decode(raw);
    if (!decoded->ok()) return reject("a transaction does not decode");
    has_checkpoint = std::ranges::any_of((*decoded)->messages, [](const auto& message) {
      return runtime::message_cast<modules::checkpoint::MsgCheckpoint>(*message) != nullptr;
    });
    if (has_checkpoint) break;
  }
  const std::int64_t height = context.height();
  const bool is_tolerated =
      context.forks().is_zurich(height) && failure.problem != NonRpProblem::kInvalid;
  if (!context.forks().is_phuket(height) || !has_checkpoint || is_tolerated) return Unit{};
  return reject("invalid non-rp vote extensions: " + failure.reason);
}

Verdict Application::judge_txs(const Context& context, std::span<const Bytes> txs) {
  SideTxCount side_txs(context);
  for (const Bytes& raw : txs) {
    const auto decoded = cache_.decode(raw);
    if (!decoded->ok()) return reject("a transaction does not decode");
    const tx::Transaction& transaction = decoded->value();
    RETURN_IF_ERROR(side_txs.check(transaction));
    side_txs.add(transaction);
    RETURN_IF_ERROR(check_producer_gates(context, context, transaction));
    const auto result = runner_.check(context, *decoded, TxMode::kProposal);
    if (!result.ok()) return reject("this node failed: " + result.error().log);
    if (!result->ok()) return reject("a transaction fails its checks: " + result->log);
  }
  return Unit{};
}

Outcome<Verdict> Application::process_proposal(const ProposedBlock& block) {
  return reporter_.abci_judgement(AbciCall::kProcessProposal,
                                  [&] { return judge_proposal(block); });
}

Outcome<Verdict> Application::judge_proposal(const ProposedBlock& block) {
  store::Branch branch(*pending_);
  BlockFacts facts = facts_of(block.height, block.time, block.proposer);
  ASSIGN_OR_RETURN(const std::int64_t enable_height, load_limits(facts, branch));
  GasMeter meter = GasMeter::infinite();
  EventLog events;
  const Context context(facts, branch, meter, events);
  if (block.txs.empty()) return reject("no transactions");
  const std::span<const Bytes> txs = std::span(block.txs).subspan(1);
  for (const Bytes& raw : txs) {
    if (tx::nests_too_deeply(raw, modules_.registry(), chain_.forks, block.height)) {
      return reject("a transaction nests messages too deeply");
    }
  }
  ASSIGN_OR_RETURN(Verdict votes, judge_votes(context, block, enable_height));
  if (!votes.ok()) return votes;
  std::vector<const tx::Transaction*> valid;
  std::vector<std::shared_ptr<const DecodedTransaction>> decoded;
  for (const Bytes& raw : txs) {
    decoded.push_back(cache_.decode(raw));
    if (decoded.back()->ok()) valid.push_back(&decoded.back()->value());
  }
  ante_.check_signatures_ahead(context, valid);
  return judge_txs(context, txs);
}

}  // namespace buri::consensus::app
