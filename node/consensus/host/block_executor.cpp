#include "node/consensus/host/block_executor.hpp"

#include <fmt/format.h>

#include "node/consensus/app/finalize_response.hpp"
#include "node/consensus/host/abci_values.hpp"

namespace buri::consensus::host {
namespace {

using engine::Block;
using engine::BlockId;
using engine::ChainState;

app::DecidedBlock decided(const Block& block) {
  return {.height = block.header.height,
          .time = app_time(block.header.time),
          .proposer = block.header.proposer_address,
          .txs = block.txs};
}

}  // namespace

Result<app::BlockResult, std::string> BlockExecutor::finalize(const Block& block) {
  auto result = services_.application->finalize_block(decided(block));
  if (result.ok()) return std::move(result).value();
  return Failure{fmt::format("the application cannot execute block {}: {}", block.header.height,
                             result.error().log)};
}

Status<std::string> BlockExecutor::commit(std::int64_t height) {
  const auto committed = services_.application->commit();
  if (committed.ok()) return Unit{};
  return Failure{
      fmt::format("the application cannot commit block {}: {}", height, committed.error().log)};
}

Result<ChainState, std::string> BlockExecutor::chain_after(
    const ChainState& before, const Block& block, const BlockId& block_id,
    const engine::BlockOutcome& outcome) const {
  auto next = before.after(block.header, block_id, outcome);
  if (next.ok()) return std::move(next).value();
  return Failure{fmt::format("the application's validator changes of height {} do not fit: {}",
                             block.header.height, engine::describe(next.error()))};
}

Status<std::string> BlockExecutor::save(const ChainState& chain) {
  const auto saved = services_.states->save(chain);
  if (saved.ok()) return Unit{};
  return Failure{fmt::format("the chain's state after block {} cannot be stored: {}",
                             chain.last_height, saved.error().detail)};
}

Result<ExecutedBlock, std::string> BlockExecutor::apply(const ChainState& before,
                                                        engine::ProposedBlockPtr block,
                                                        const BlockId& block_id) {
  const Block& content = block->block;
  const std::int64_t height = content.header.height;
  if (transactions_ != nullptr) transactions_->block_begins();
  ASSIGN_OR_RETURN(app::BlockResult result, finalize(content));
  const auto saved = services_.states->save_results(height, app::encode_finalize_response(result));
  if (!saved.ok()) {
    return Failure{
        fmt::format("the results of block {} cannot be stored: {}", height, saved.error().detail)};
  }
  ASSIGN_OR_RETURN(engine::BlockOutcome outcome,
                   outcome_of(*services_.crypto, result, before.params));
  ASSIGN_OR_RETURN(ChainState next, chain_after(before, content, block_id, outcome));
  RETURN_IF_ERROR(commit(height));
  if (transactions_ != nullptr) {
    transactions_->block_committed(next, content.txs, result.txs);
  }
  if (evidence_ != nullptr) evidence_->block_committed(next, content.evidence);
  RETURN_IF_ERROR(save(next));
  AppliedBlock applied{std::move(block), block_id,
                       std::make_shared<const app::BlockResult>(std::move(result)), outcome.changes,
                       std::make_shared<const ChainState>(std::move(next))};
  return ExecutedBlock{std::move(applied), std::move(outcome)};
}

Result<Hash256, std::string> BlockExecutor::apply_again(const Block& block) {
  ASSIGN_OR_RETURN(const app::BlockResult result, finalize(block));
  RETURN_IF_ERROR(commit(block.header.height));
  return result.app_hash;
}

Result<ChainState, std::string> BlockExecutor::adopt_results(const ChainState& before,
                                                             const Block& block,
                                                             const BlockId& block_id) {
  const std::int64_t height = block.header.height;
  const auto stored = services_.states->results(height);
  if (!stored) {
    return Failure{
        fmt::format("the application has committed block {}, whose results are not "
                    "stored; roll it back by one height",
                    height)};
  }
  const auto result = app::decode_finalize_response(*stored);
  if (!result.ok()) {
    return Failure{fmt::format("the stored results of block {} do not decode: {}", height,
                               codec::describe(result.error()))};
  }
  ASSIGN_OR_RETURN(const engine::BlockOutcome outcome,
                   outcome_of(*services_.crypto, *result, before.params));
  ASSIGN_OR_RETURN(ChainState next, chain_after(before, block, block_id, outcome));
  RETURN_IF_ERROR(save(next));
  return next;
}

}  // namespace buri::consensus::host
