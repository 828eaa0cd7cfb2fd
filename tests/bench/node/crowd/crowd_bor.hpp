#pragma once

#include <functional>

#include "node/protocol/bor_chain.hpp"

/// A Bor chain that exists as long as it is asked for: so that the crowd's extensions propose
/// milestones as those of a live network do.

namespace buri::bench {

/// One block for every height. Not thread-safe.
class CrowdBor final : public protocol::BorChain {
 public:
  /// Who may seal a block.
  using AuthorOf = std::function<Result<Address, protocol::FactError>(std::uint64_t number)>;
  explicit CrowdBor(AuthorOf author_of) : author_of_(std::move(author_of)) {}

  /// The newest block's number from now on.
  void grow_to(std::uint64_t head) { head_ = head; }

  Result<bool, protocol::FactError> has_block(std::uint64_t number) override;
  Result<Hash256, protocol::FactError> root_hash(std::uint64_t start, std::uint64_t end) override;
  Result<protocol::BorBlock, protocol::FactError> head() override;
  Result<protocol::BorBlock, protocol::FactError> block(std::uint64_t number) override;
  Result<Address, protocol::FactError> author(std::uint64_t number) override;
  Result<std::vector<protocol::BorBlockInfo>, protocol::FactError> blocks(
      std::uint64_t first, std::uint64_t last) override;

 private:
  AuthorOf author_of_;
  std::uint64_t head_ = 0;
};

}  // namespace buri::bench
