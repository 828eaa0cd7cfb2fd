#pragma once

#include "base/log.hpp"
#include "node/consensus/app/application.hpp"
#include "node/consensus/engine/events.hpp"
#include "node/consensus/host/outside_calls.hpp"
#include "node/consensus/host/pools.hpp"

/// What consensus asks the application and the pools, answered as events of the state machine.

namespace buri::consensus::host {

/// What a proposer's block may hold.
struct ProposalLimits {
  std::int64_t max_evidence_bytes = 0;
  std::int64_t max_gas = 0;
};

/// In the application's thread. An application that fails is logged and answered for: no proposal,
/// a refusal, no extension.
class Questions {
 public:
  /// `outside` may be null; both must outlive this.
  Questions(app::Application& application, OutsideCalls* outside, Logger logger)
      : application_(&application), outside_(outside), logger_(std::move(logger)) {}

  /// Blocks are made of what both have from now on. They outlive this.
  void attach(TransactionPool& transactions, EvidenceSource& evidence) {
    transactions_ = &transactions;
    evidence_ = &evidence;
  }

  /// `request` without transactions; its max_tx_bytes are shared with the evidence.
  engine::ProposalMade make_proposal(engine::QuestionId id, app::PrepareRequest request,
                                     const ProposalLimits& limits);
  engine::BlockJudged judge(engine::QuestionId id, const app::ProposedBlock& block,
                            std::span<const engine::EvidencePiece> evidence);
  engine::VoteExtended extend(engine::QuestionId id, const app::ExtendRequest& request);
  engine::VoteJudged judge_vote(engine::QuestionId id, const app::VerifyRequest& request);

 private:
  app::Application* application_;
  OutsideCalls* outside_;
  TransactionPool* transactions_ = nullptr;
  EvidenceSource* evidence_ = nullptr;
  Logger logger_;
};

/// The transactions of the root chain whose receipts the side transactions of a block ask for.
std::vector<Hash256> root_chain_txs(app::Application& application, std::span<const Bytes> txs);

/// A signature that the engine has checked, for the application's memory.
struct Learned {
  tx::SignatureClaim claim;
  bool is_valid = false;
};

}  // namespace buri::consensus::host
