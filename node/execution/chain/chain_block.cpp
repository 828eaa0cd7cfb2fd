#include "node/execution/chain/chain_block.hpp"

namespace buri::execution::chain {
namespace {

ExecutedBlock executed_of(BlockOutcome outcome) {
  ExecutedBlock executed;
  for (const Receipt& receipt : outcome.receipts) {
    executed.gas_used.push_back(receipt.cumulative_gas - executed.total_gas);
    executed.total_gas = receipt.cumulative_gas;
  }
  executed.receipts = std::move(outcome.receipts);
  executed.state_sync_receipt = std::move(outcome.state_sync_receipt);
  return executed;
}

}  // namespace

StoredResult<std::shared_ptr<const ChainBlock>> read_chain_block(const BlockStore& blocks,
                                                                 std::uint64_t number) {
  ASSIGN_OR_RETURN(const EntryPtr entry, blocks.canonical(number));
  if (entry == nullptr) return std::shared_ptr<const ChainBlock>();
  ASSIGN_OR_RETURN(auto block, blocks.block(*entry));
  ASSIGN_OR_RETURN(auto outcome, blocks.outcome(*entry));
  if (!block || !outcome) return std::shared_ptr<const ChainBlock>();
  auto held = std::make_shared<ChainBlock>();
  held->block = *std::move(block);
  held->hash = entry->hash;
  held->total_difficulty = entry->total_difficulty;
  held->signers.producer = entry->producer;
  for (const Address& sender : outcome->senders) held->signers.senders.emplace_back(sender);
  held->signers.authorizations.resize(held->block.transactions.size());
  held->outcome = executed_of(*std::move(outcome));
  return std::shared_ptr<const ChainBlock>(std::move(held));
}

}  // namespace buri::execution::chain
