#pragma once

#include <vector>

#include "base/codec/rlp.hpp"
#include "node/execution/transaction/signed_transaction.hpp"

/// Blocks of the recorded chains, read with no more care than a recording needs.

namespace buri::testing {

/// A transaction as it stands in a block, its sender recovered.
struct RecordedTransaction {
  execution::transaction::SignedTransaction content;
  std::uint8_t type = 0;
  bool is_state_sync = false;  ///< type 0x7f: nothing to execute
  Address sender;
  std::vector<execution::evm::Authorization> authorizations;

  /// The transaction for the EVM, pointing at this object's lists.
  [[nodiscard]] execution::evm::Transaction borrow() const;
};

struct RecordedBlock {
  Hash256 parent_hash;
  Address coinbase;
  Hash256 state_root;
  Hash256 receipts_root;
  U256 difficulty;
  U256 base_fee;
  std::uint64_t number = 0;
  std::uint64_t gas_limit = 0;
  std::uint64_t gas_used = 0;
  std::uint64_t time = 0;
  Address signer;  ///< who sealed it
  std::vector<RecordedTransaction> transactions;
};

/// Reads the next block of a concatenation. `base_fee_is_sealed`: whether the seal covers the base
/// fee (from Jaipur on). Aborts on bytes of another form.
RecordedBlock read_block(RlpReader& blocks, std::uint64_t chain_id, bool base_fee_is_sealed);

}  // namespace buri::testing
