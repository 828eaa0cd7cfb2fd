#pragma once

#include <memory>
#include <optional>
#include <string>

#include "node/consensus/app/offline_facts.hpp"
#include "node/consensus/blocks/block_store.hpp"
#include "node/consensus/host/block_executor.hpp"
#include "node/protocol/heimdall_forks.hpp"
#include "tests/bench/node/crowd/crowd_bor.hpp"
#include "tests/bench/node/crowd/crowd_members.hpp"

/// The chain as the crowd has it: its own application over stores in memory, which makes the
/// crowd's proposals and extensions and follows what is decided.

namespace buri::bench {

/// A block on its way to a decision.
struct CrowdBlock {
  consensus::engine::ProposedBlockPtr block;
  std::shared_ptr<const consensus::engine::PartSet> parts;

  [[nodiscard]] consensus::engine::BlockId id() const { return {block->hash, parts->header()}; }
};

/// Not thread-safe. Errors are sentences.
class CrowdChain {
 public:
  /// Before its first block.
  static Result<std::unique_ptr<CrowdChain>, std::string> begin(
      const std::string& genesis_text, const protocol::HeimdallForks& forks);

  /// Between two blocks.
  [[nodiscard]] const consensus::engine::ChainState& state() const { return *state_; }
  [[nodiscard]] std::int64_t next_height() const { return state_->next_height(); }
  /// Whose turn it is in the first round of the next height.
  [[nodiscard]] const Address& proposer() const { return state_->validators.proposer().address; }
  /// Whose in that of the height after it, as long as no power changes.
  [[nodiscard]] const Address& following_proposer() const {
    return state_->next_validators.proposer().address;
  }

  /// The next block, by the one whose turn it is.
  Result<CrowdBlock, std::string> propose();
  /// The next block, from its parts. Errors: it breaks a rule, or does not follow from this chain.
  /// REQUIRES: parts->is_complete().
  Result<CrowdBlock, std::string> read(std::shared_ptr<const consensus::engine::PartSet> parts);
  /// Both extensions of a precommit for the block.
  Result<consensus::app::Extensions, std::string> extend(const CrowdBlock& block);
  /// Executes the block that these precommits decided. REQUIRES: they are good, and two thirds.
  Status<std::string> decide(const CrowdBlock& block,
                             const std::vector<consensus::engine::Vote>& precommits);

 private:
  CrowdChain(const consensus::app::Genesis& genesis, const protocol::HeimdallForks& forks);
  Result<std::vector<Bytes>, std::string> transactions(
      const consensus::engine::Commit& last_commit);

  /// The producer of the span that a Bor block is in.
  Result<Address, protocol::FactError> producer_of(std::uint64_t bor_block);

  std::unique_ptr<storage::Database> application_database_;
  std::unique_ptr<storage::Database> block_database_;
  std::unique_ptr<consensus::iavl::Multistore> stores_;
  std::unique_ptr<consensus::blocks::BlockStore> blocks_;
  std::unique_ptr<consensus::blocks::StateStore> states_;
  consensus::app::OfflineFacts root_chain_;
  CrowdBor bor_;
  const consensus::app::ChainOptions options_;
  consensus::app::Application application_;
  consensus::host::BlockExecutor executor_;
  std::optional<consensus::engine::ChainState> state_;
  consensus::engine::ExtendedCommitRecord last_commit_;  ///< no entries before the first block
};

}  // namespace buri::bench
