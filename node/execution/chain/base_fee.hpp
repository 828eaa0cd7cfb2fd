#pragma once

#include "node/execution/chain/block_fault.hpp"
#include "node/execution/chain/config.hpp"
#include "node/execution/chain/header.hpp"

/// EIP-1559 with Bor's parameters, which the parent's number chooses. Source: spec/bor.md 2.

namespace buri::execution::chain {

/// By how much the base fee moves at most: 1/8, 1/16 from Delhi, 1/64 from Bhilai on.
std::uint64_t base_fee_denominator(const ChainConfig& config, std::uint64_t parent_number);
/// The gas at which the base fee stays: half the parent's limit, 65 % of it from Dandeli on.
std::uint64_t gas_target_after(const ChainConfig& config, const Header& parent);
/// The base fee of the block after `parent`. REQUIRES: that block is in London.
U256 base_fee_after(const ChainConfig& config, const Header& parent);

/// Checks gas limit and base fee against the parent.
Status<BlockFault> check_gas_fields(const ChainConfig& config, const Header& header,
                                    const Header& parent);

}  // namespace buri::execution::chain
