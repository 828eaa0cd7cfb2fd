#pragma once

#include <map>
#include <string>

#include "node/protocol/bor_chain.hpp"
#include "node/protocol/root_chain.hpp"

/// Stand-ins for the root chain and for Bor that answer from a script, such as the file world.json
/// of a recorded chain.

namespace buri::protocol {

/// Knows what was put into it; everything else is missing.
class ScriptedRootChain final : public RootChain {
 public:
  Result<RootChainReceipt, FactError> confirmed_receipt(const Hash256& tx_hash,
                                                        std::uint64_t confirmations) override;
  Result<RootChainHeaderBlock, FactError> header_block(const Address& root_chain,
                                                       const U256& number) override;

  std::map<Hash256, RootChainReceipt> receipts;
  std::map<U256, RootChainHeaderBlock> header_blocks;
};

/// Has the blocks up to `head` and the roots that were put into it.
class ScriptedBorRoots final : public BorRoots {
 public:
  Result<bool, FactError> has_block(std::uint64_t number) override;
  Result<Hash256, FactError> root_hash(std::uint64_t start, std::uint64_t end) override;

  bool is_down = false;
  std::uint64_t head = 0;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Hash256> roots;
};

/// Has the blocks that were put into it, without a gap from the first to the last.
class ScriptedBorChain final : public BorChain {
 public:
  Result<BorBlock, FactError> head() override;
  Result<BorBlock, FactError> block(std::uint64_t number) override;
  Result<Address, FactError> author(std::uint64_t number) override;
  Result<std::vector<BorBlockInfo>, FactError> blocks(std::uint64_t first,
                                                      std::uint64_t last) override;
  /// No roots.
  Result<Hash256, FactError> root_hash(std::uint64_t first, std::uint64_t last) override;

  /// Adds the block after the last one, with a hash of its number and `fork`.
  void extend(const Address& author, std::uint8_t fork = 0);

  bool is_down = false;
  std::map<std::uint64_t, BorBlockInfo> known;
};

}  // namespace buri::protocol
