#pragma once

#include "node/consensus/app/module_set.hpp"

/// Facts for one who never votes: a replay of decided blocks asks nobody.

namespace buri::consensus::app {

/// Answers every question with kUnavailable. Thread-safe.
class OfflineFacts final : public protocol::RootChain, public protocol::BorChain {
 public:
  [[nodiscard]] ExternalFacts facts() { return {this, this}; }

  Result<protocol::RootChainReceipt, protocol::FactError> confirmed_receipt(
      const Hash256& tx_hash, std::uint64_t confirmations) override;
  Result<protocol::RootChainHeaderBlock, protocol::FactError> header_block(
      const Address& root_chain, const U256& number) override;
  Result<Hash256, protocol::FactError> root_hash(std::uint64_t first, std::uint64_t last) override;
  Result<protocol::BorBlock, protocol::FactError> head() override;
  Result<protocol::BorBlock, protocol::FactError> block(std::uint64_t number) override;
  Result<Address, protocol::FactError> author(std::uint64_t number) override;
  Result<std::vector<protocol::BorBlockInfo>, protocol::FactError> blocks(
      std::uint64_t first, std::uint64_t last) override;
};

}  // namespace buri::consensus::app
