#pragma once

#include "base/random.hpp"
#include "node/execution/evm/journaled_state.hpp"
#include "tests/support/execution/memory_state.hpp"

namespace buri::testing {

/// How blocks are drawn: few accounts and slots meet often.
struct BlockShape {
  unsigned accounts = 40;
  unsigned slots = 12;
  unsigned transactions = 4;
  unsigned operations = 6;  ///< of a transaction
};

/// The address numbered `i`, and the key of a slot.
Address numbered_address(std::uint64_t i);
U256 numbered_key(std::uint64_t i);

/// Does to `state` what transactions of a random block may: payments, storage, codes, contracts
/// that are created, destroyed and created again. Every transaction is finished.
void run_random_block(execution::evm::JournaledState& state, Random& random,
                      const BlockShape& shape = {});

}  // namespace buri::testing
