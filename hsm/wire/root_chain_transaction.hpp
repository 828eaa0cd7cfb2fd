#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/u256.hpp"
#include "hsm/wire/checkpoint.hpp"

/// A transaction of type 2 (EIP-1559) on Ethereum, without access list, its calldata as fields.

namespace buri::hsm::wire {

/// A validator's signature over a checkpoint, as RootChain takes it.
struct CheckpointSignature {
  Hash256 r;
  Hash256 s;
  std::uint8_t v = 27;  ///< 0, 1, 27 or 28

  friend bool operator==(const CheckpointSignature&, const CheckpointSignature&) = default;
};

/// RootChain.submitCheckpoint(bytes data, uint256[3][] sigs).
struct SubmitCheckpoint {
  Checkpoint checkpoint;
  std::vector<CheckpointSignature> signatures;  ///< ascending by signer address

  friend bool operator==(const SubmitCheckpoint&, const SubmitCheckpoint&) = default;
};

/// Any other call; only selectors that the policy lists are signed.
struct ContractCall {
  FixedBytes<4> selector;
  Bytes arguments;  ///< whole 32-byte words

  friend bool operator==(const ContractCall&, const ContractCall&) = default;
};

struct RootChainTransaction {
  std::uint64_t chain_id = 0;
  std::uint64_t nonce = 0;
  std::uint64_t max_priority_fee_per_gas_wei = 0;
  std::uint64_t max_fee_per_gas_wei = 0;
  std::uint64_t gas_limit = 0;
  Address to;
  U256 value_wei;
  std::variant<SubmitCheckpoint, ContractCall> call;

  friend bool operator==(const RootChainTransaction&, const RootChainTransaction&) = default;
};

}  // namespace buri::hsm::wire
