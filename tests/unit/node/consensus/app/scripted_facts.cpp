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

Result<BorBlock, FactError> ScriptedBorChain::head() {
  if (is_down || known.empty()) return Failure{FactError::kUnavailable};
  return known.rbegin()->second.block;
}

Result<BorBlock, FactError> ScriptedBorChain::block(std::uint64_t number) {
  if (is_down) return Failure{FactError::kUnavailable};
  const auto found = known.find(number);
  if (found == known.end()) return Failure{FactError::kMissing};
  return found->second.block;
}

Result<Address, FactError> ScriptedBorChain::author(std::uint64_t number) {
  if (is_down) return Failure{FactError::kUnavailable};
  const auto found = known.find(number);
  if (found == known.end()) return Failure{FactError::kMissing};
  return found->second.author;
}

Result<std::vector<BorBlockInfo>, FactError> ScriptedBorChain::blocks(std::uint64_t first,
                                                                      std::uint64_t last) {
  if (is_down) return Failure{FactError::kUnavailable};
  std::vector<BorBlockInfo> found;
  for (std::uint64_t number = first; number <= last && known.contains(number); ++number) {
    found.push_back(known.at(number));
  }
  return found;
}

Result<Hash256, FactError> ScriptedBorChain::root_hash(std::uint64_t /*first*/,
                                                       std::uint64_t /*last*/) {
  return Failure{FactError::kMissing};
}

void ScriptedBorChain::extend(const Address& author, std::uint8_t fork) {
  BorBlockInfo info{.block = {}, .total_difficulty = 1, .author = author};
  if (!known.empty()) {
    const BorBlockInfo& last = known.rbegin()->second;
    info.block.number = last.block.number + 1;
    info.block.parent_hash = last.block.hash;
    info.total_difficulty = last.total_difficulty + 1;
  }
  info.block.hash.bytes[0] = 0xB0;
  info.block.hash.bytes[1] = fork;
  for (std::size_t i = 0; i < 8; ++i) {
    info.block.hash.bytes[31 - i] = static_cast<std::uint8_t>(info.block.number >> (8 * i));
  }
  known[info.block.number] = info;
}

}  // namespace buri::protocol
