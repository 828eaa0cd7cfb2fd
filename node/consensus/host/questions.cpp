#include "node/consensus/host/questions.hpp"

#include "base/hex.hpp"
#include "node/consensus/codec/message.hpp"
#include "node/consensus/engine/block_rules.hpp"
#include "node/consensus/modules/clerk/types.hpp"
#include "node/consensus/modules/stake/message_types.hpp"
#include "node/consensus/modules/topup/types.hpp"

namespace buri::consensus::host {
namespace {

namespace clerk = modules::clerk;
namespace stake = modules::stake;
namespace topup = modules::topup;

/// The hash of the root chain's transaction that a message reports, if it reports one.
std::optional<Hash256> reported_tx(const runtime::DecodedMessage& message) {
  const auto of_bytes = [](const Bytes& hash) -> std::optional<Hash256> {
    if (hash.size() != Hash256::kSize) return std::nullopt;
    return Hash256::from(hash);
  };
  if (const auto* m = runtime::message_cast<stake::MsgValidatorJoin>(message)) {
    return of_bytes(m->tx_hash);
  }
  if (const auto* m = runtime::message_cast<stake::MsgStakeUpdate>(message)) {
    return of_bytes(m->tx_hash);
  }
  if (const auto* m = runtime::message_cast<stake::MsgSignerUpdate>(message)) {
    return of_bytes(m->tx_hash);
  }
  if (const auto* m = runtime::message_cast<stake::MsgValidatorExit>(message)) {
    return of_bytes(m->tx_hash);
  }
  if (const auto* m = runtime::message_cast<topup::MsgTopupTx>(message)) {
    return of_bytes(m->tx_hash);
  }
  if (const auto* m = runtime::message_cast<clerk::MsgEventRecord>(message)) {
    std::string_view text(m->tx_hash);
    if (text.starts_with("0x")) text.remove_prefix(2);
    const auto bytes = from_hex(text);
    return bytes ? of_bytes(*bytes) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::vector<Hash256> root_chain_txs(app::Application& application, std::span<const Bytes> txs) {
  std::vector<Hash256> hashes;
  for (const Bytes& raw : txs.subspan(std::min<std::size_t>(1, txs.size()))) {
    const auto decoded = application.tx_cache().decode(raw);
    if (!decoded->ok()) continue;
    for (const auto& message : decoded->value().messages) {
      const auto hash = reported_tx(*message);
      if (hash) hashes.push_back(*hash);
    }
  }
  return hashes;
}

engine::ProposalMade Questions::make_proposal(engine::QuestionId id, app::PrepareRequest request,
                                              const ProposalLimits& limits) {
  engine::BlockContent content;
  if (evidence_ != nullptr) content.evidence = evidence_->pending(limits.max_evidence_bytes);
  request.max_tx_bytes -= engine::evidence_bytes(content.evidence);
  if (transactions_ != nullptr) {
    request.txs = transactions_->reap(request.max_tx_bytes, limits.max_gas);
  }
  auto txs = application_->prepare_proposal(request);
  if (!txs.ok()) {
    logger_.error("the application makes no proposal",
                  {{"height", request.height}, {"reason", txs.error().log}});
    return {id, std::nullopt};
  }
  content.txs = std::move(txs).value();
  return {id, std::move(content)};
}

engine::BlockJudged Questions::judge(engine::QuestionId id, const app::ProposedBlock& block,
                                     std::span<const engine::EvidencePiece> evidence) {
  const auto refuse = [&](std::string_view reason) {
    logger_.warning("a proposal is refused", {{"height", block.height}, {"reason", reason}});
    return engine::BlockJudged{id, false};
  };
  if (!evidence.empty()) {
    if (evidence_ == nullptr) return refuse("it has evidence, which this node cannot check");
    const auto checked = evidence_->check(evidence);
    if (!checked.ok()) return refuse(checked.error());
  }
  const OutsideCalls::Budget budget(outside_, kJudgeBudget);
  const auto verdict = application_->process_proposal(block);
  if (!verdict.ok()) return refuse("the application cannot tell: " + verdict.error().log);
  if (!verdict->ok()) return refuse(verdict->error());
  return {id, true};
}

engine::VoteExtended Questions::extend(engine::QuestionId id, const app::ExtendRequest& request) {
  if (outside_ != nullptr) {
    outside_->begin_extension(root_chain_txs(*application_, request.txs));
  }
  auto extensions = [&] {
    const OutsideCalls::Budget budget(outside_, kExtendVoteBudget);
    return application_->extend_vote(request);
  }();
  if (outside_ != nullptr) outside_->end_extension();
  if (!extensions.ok()) {
    logger_.error("the application makes no vote extension",
                  {{"height", request.height}, {"reason", extensions.error().log}});
    return {id, std::nullopt};
  }
  return {id, engine::VoteExtended::Extensions{std::move(extensions->vote_extension),
                                               std::move(extensions->non_rp_extension)}};
}

engine::VoteJudged Questions::judge_vote(engine::QuestionId id, const app::VerifyRequest& request) {
  const OutsideCalls::Budget budget(outside_, kJudgeBudget);
  const auto verdict = application_->verify_vote_extension(request);
  const bool is_accepted = verdict.ok() && verdict->ok();
  if (!is_accepted) {
    logger_.warning("a vote's extensions are refused",
                    {{"height", request.height},
                     {"validator", ByteView(request.validator_address)},
                     {"reason", verdict.ok() ? verdict->error() : verdict.error().log}});
  }
  return {id, is_accepted};
}

}  // namespace buri::consensus::host
