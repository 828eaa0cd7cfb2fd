#pragma once

#include <span>
#include <vector>

#include "accel/engine.hpp"
#include "node/execution/chain/block.hpp"
#include "node/execution/chain/block_fault.hpp"
#include "node/execution/chain/config.hpp"

/// Who sealed blocks, who sent their transactions and who gave authorisations: asked of `accel` for
/// as many blocks at once as are at hand.

namespace buri::execution::chain {

/// A sender, or why the block may not hold the transaction.
using Sender = Result<Address, BlockFault>;

/// What the signatures of one block say.
struct BlockSigners {
  Result<Address, BlockFault> producer = Address{};
  /// One for each transaction; of a state-sync transaction the zero address.
  std::vector<Sender> senders;
  /// One list for each transaction.
  std::vector<std::vector<evm::Authorization>> authorizations;
};

/// The same for every block of a window, in one batch for the seals, whose s may be high, and one
/// for everything else. Blocks; thread-safe as the engine is.
std::vector<BlockSigners> recover_signers(std::span<const Block> blocks, const ChainConfig& config,
                                          accel::Engine& engine);
/// Who sealed the header. Faults: kSealMissing, kRecoveryId, kSeal.
std::vector<Result<Address, BlockFault>> recover_producers(std::span<const Header* const> headers,
                                                           const ChainConfig& config,
                                                           accel::Engine& engine);

}  // namespace buri::execution::chain
