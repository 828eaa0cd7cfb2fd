#pragma once

#include "node/execution/evm/transition.hpp"
#include "node/protocol/heimdall_facts.hpp"

/// The calls that blocks themselves make: to the contracts of validators (0x1000), of state sync
/// (0x1001) and of block hashes. Source: spec/bor.md 3 to 5, EIP-2935.

namespace buri::execution::chain {

/// What every call that changes the state may use.
inline constexpr std::int64_t kSystemGas = 33'554'432;
/// Where EIP-2935 keeps hashes of blocks.
inline constexpr Address kHistoryContract{{0x00, 0x00, 0xf9, 0x08, 0x27, 0xf1, 0xc5,
                                           0x3a, 0x10, 0xcb, 0x7a, 0x02, 0x33, 0x5b,
                                           0x17, 0x53, 0x20, 0x00, 0x29, 0x35}};

/// Word number `word` of what a view answers, without leaving a trace; zero if it answers less.
U256 call_view(evm::Evm& evm, const Address& contract, std::uint32_t selector, std::size_t word);
/// lastStateId() of the receiver of state syncs.
std::uint64_t last_state_id(evm::Evm& evm, const Address& receiver);

/// What getCurrentSpan() tells.
struct CommittedSpan {
  std::uint64_t id = 0;
  std::uint64_t end_block = 0;
};
CommittedSpan committed_span(evm::Evm& evm, const Address& contract);
/// commitSpan(...) as call data.
Bytes commit_span_call(const protocol::Span& span);
/// commitState(...) as call data.
Bytes commit_state_call(const protocol::StateSyncRecord& record);

/// EIP-2935: stores the parent's hash, in a transaction of its own.
void store_parent_hash(evm::Evm& evm, const Hash256& parent);

}  // namespace buri::execution::chain
