#pragma once

#include "base/json.hpp"
#include "node/execution/chain/chain.hpp"
#include "node/execution/replay/difference.hpp"

/// Receipts as the stock client's servers show them (eth_getBlockReceipts).

namespace buri::execution::replay {

/// A receipt with what follows from its place in the block.
struct ShownReceipt {
  const chain::Receipt* receipt = nullptr;
  Hash256 transaction_hash;
  Address from;
  std::optional<Address> to;
  std::optional<Address> created;  ///< where a creation puts its contract, failed or not
  U256 gas_price;                  ///< wei per gas that was paid
  std::uint64_t gas_used = 0;
  std::size_t first_log = 0;  ///< logs of the block before this receipt's
};

/// All receipts of a canonical block; before Madhugiri the one of state sync as the last.
std::vector<ShownReceipt> show_receipts(const chain::ChainBlock& block);

/// Compares field by field what a record tells of receipt number `index`. A field that is not known
/// here is a difference.
void compare_receipt(const JsonValue& record, const ShownReceipt& shown, std::size_t index,
                     const chain::ChainBlock& block, Comparison& comparison);

/// "0x1b4"
std::string quantity(const U256& value);
std::string quantity(std::uint64_t value);

}  // namespace buri::execution::replay
