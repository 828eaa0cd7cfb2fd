#include "tests/unit/node/consensus/app/scripted_facts.hpp"

namespace buri::protocol {

Result<RootChainReceipt, FactError> ScriptedRootChain::confirmed_receipt(
    const Hash256& tx_hash, std::uint64_t /*confirmations*/) {
  const auto receipt = receipts.find(tx_hash);
  if (receipt == receipts.end()) return Failure{FactError::kMissing};
  return receipt->second;
}

Result<RootChainHeaderBlock, FactError> ScriptedRootChain::header_block(
    const Address& /*root_chain*/, const U256& number) {
  const auto block = header_blocks.find(number);
  if (block == header_blocks.end()) return Failure{FactError::kMissing};
  return block->second;
}

Result<bool, FactError> ScriptedBorRoots::has_block(std::uint64_t number) {
  if (is_down) return Failure{FactError::kUnavailable};
  return number <= head;
}

Result<Hash256, FactError> ScriptedBorRoots::root_hash(std::uint64_t start, std::uint64_t end) {
  const auto root = roots.find({start, end});
  if (is_down || root == roots.end()) return Failure{FactError::kUnavailable};
  return root->second;
}

}  // namespace buri::protocol
