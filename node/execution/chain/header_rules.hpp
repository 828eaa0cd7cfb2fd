#pragma once

#include "node/execution/chain/block.hpp"
#include "node/execution/chain/block_fault.hpp"
#include "node/execution/chain/extra_data.hpp"
#include "node/execution/chain/validator_set.hpp"

/// The rules that a block keeps or breaks before anything is executed, fork by fork. They are asked
/// in this order, as the stock client does. Source: spec/bor.md 2 and 3.

namespace buri::execution::chain {

/// Of the header alone. `now_s`: Unix time. Faults: kFuture to kForkField.
Status<BlockFault> check_header(const Header& header, const ChainConfig& config,
                                std::uint64_t now_s);
/// The same with its parent, which is verified and whose hash it names; from Giugliano on the clock
/// must have reached the parent's time.
Status<BlockFault> check_after_parent(const Header& header, const Header& parent,
                                      const ChainConfig& config, std::uint64_t now_s);

/// What the seal is measured with.
struct SealContext {
  const ChainConfig& config;
  const Header& parent;
  const ValidatorSet& producers;  ///< of this block
  std::uint64_t now_s = 0;
};
/// Whether `signer` may seal the block, then and with that difficulty.
Status<BlockFault> check_seal(const Header& header, const Address& signer,
                              const SealContext& context);

/// How long after its parent a block may come at the earliest, `succession` places behind the
/// proposer.
std::uint64_t producer_delay_s(const ChainConfig& config, std::uint64_t block_number,
                               std::uint64_t succession);

/// Whether the body is the one that the header names and holds nothing that it must not.
Status<BlockFault> check_body(const Block& block);

}  // namespace buri::execution::chain
