#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/u256.hpp"
#include "node/protocol/root_chain.hpp"

/// Read-only functions of the contracts RootChain, StakingInfo and StateSender: their call data and
/// their results, in the ABI of Solidity. All their arguments and results are single words.

namespace buri::protocol::ethereum {

/// Call data: the first four bytes of keccak256 of the function's signature, then the words.
Bytes call_data(std::string_view signature, std::initializer_list<U256> arguments);

/// Exactly `count` words; nothing if the result has another length.
std::optional<std::vector<Hash256>> read_words(ByteView result, std::size_t count);

/// What headerBlocks(uint256) of RootChain returns; all zero if there is no such checkpoint.
/// Nothing if it is not five words, or an integer needs more than 64 bits.
std::optional<RootChainHeaderBlock> read_header_block(ByteView result);

/// A validator as getStakerDetails(uint256) of StakingInfo tells it.
struct StakerDetails {
  U256 amount;  ///< wei, with what others delegated left out
  U256 reward;  ///< wei
  std::uint64_t activation_epoch = 0;
  std::uint64_t deactivation_epoch = 0;  ///< 0: stays
  Address signer;
  U256 status;

  friend bool operator==(const StakerDetails&, const StakerDetails&) = default;
};
std::optional<StakerDetails> read_staker_details(ByteView result);

}  // namespace buri::protocol::ethereum
