#pragma once

#include "node/execution/chain/block.hpp"
#include "node/execution/chain/block_fault.hpp"
#include "node/execution/chain/config.hpp"
#include "node/execution/evm/evm.hpp"
#include "node/protocol/heimdall_facts.hpp"

/// State sync: messages of the root chain that a sprint's first block takes over. Source:
/// spec/bor.md 4.

namespace buri::execution::chain {

/// Hands the records that are due, those with a time before `until_s`, to the receiver's contract
/// and returns them. Their logs stay in the state. An answer that Heimdall owes is a fault
/// (kNoFacts): the stock client would go on without records and leave the chain.
Result<std::vector<protocol::StateSyncRecord>, BlockFault> sync_records(
    const ChainConfig& config, protocol::HeimdallFacts& heimdall, evm::Evm& evm,
    const Header& header, std::uint64_t until_s);

/// The transaction that stands for the records from Madhugiri on.
SignedTransaction state_sync_transaction(std::span<const protocol::StateSyncRecord> records);

/// Whether the body ends with exactly that transaction, if there are records.
Status<BlockFault> check_state_sync(const Block& block,
                                    std::span<const protocol::StateSyncRecord> records);

}  // namespace buri::execution::chain
