#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "base/u256.hpp"
#include "node/protocol/fact_error.hpp"

/// Facts of the root chain (Ethereum), as the validators' votes on side transactions need them, and
/// the contracts' events that those transactions report. What a vote says depends on them, what a
/// block does never.

namespace buri::protocol {

/// One log of a transaction.
struct RootChainLog {
  std::uint64_t index = 0;  ///< in its block
  Address address;          ///< the contract
  std::vector<Hash256> topics;
  Bytes data;
};

struct RootChainReceipt {
  std::uint64_t block_number = 0;
  std::vector<RootChainLog> logs;
};

/// A checkpoint as the contract RootChain keeps it.
struct RootChainHeaderBlock {
  Hash256 root_hash;
  std::uint64_t start_block = 0;
  std::uint64_t end_block = 0;
  std::uint64_t created_at = 0;  ///< Unix seconds
  Address proposer;
};

/// Implementations are called from the thread that votes and may block up to their own deadline.
class RootChain {
 public:
  virtual ~RootChain() = default;
  /// The receipt of a final transaction: in or before the finalized block or, where the endpoint
  /// knows none, at least `confirmations` blocks deep.
  virtual Result<RootChainReceipt, FactError> confirmed_receipt(const Hash256& tx_hash,
                                                                std::uint64_t confirmations) = 0;
  /// headerBlocks(number) of the contract at `root_chain`; all zero if there is none.
  virtual Result<RootChainHeaderBlock, FactError> header_block(const Address& root_chain,
                                                               const U256& number) = 0;
};

/// The receipt of a transaction that a message places in block `block_number`; nothing if it is not
/// at hand or in another block.
std::optional<RootChainReceipt> receipt_in_block(RootChain& chain, const Hash256& tx_hash,
                                                 std::uint64_t block_number,
                                                 std::uint64_t confirmations);

/// Events of the contracts StakingInfo and StateSender. Integers that the state machine holds in 64
/// bits are the low 64 bits of what the contract logged, as the stock daemon compares them.
struct StakedEvent {
  Address signer;
  std::uint64_t validator_id = 0;
  std::uint64_t nonce = 0;
  std::uint64_t activation_epoch = 0;
  U256 amount;
  Bytes signer_public_key;  ///< 64 bytes, without the leading 04
};
struct StakeUpdateEvent {
  std::uint64_t validator_id = 0;
  std::uint64_t nonce = 0;
  U256 new_amount;
};
struct SignerChangeEvent {
  std::uint64_t validator_id = 0;
  std::uint64_t nonce = 0;
  Address new_signer;
  Bytes signer_public_key;  ///< 64 bytes, without the leading 04
};
struct UnstakeInitEvent {
  std::uint64_t validator_id = 0;
  std::uint64_t nonce = 0;
  std::uint64_t deactivation_epoch = 0;
};
struct TopUpFeeEvent {
  Address user;
  U256 fee;
};
struct StateSyncedEvent {
  std::uint64_t id = 0;
  Address contract;
  Bytes data;
};

/// Which log of a receipt, and who must have emitted it.
struct LogPlace {
  Address contract;
  std::uint64_t index = 0;
};

/// Each finds the log and decodes it; nothing if the receipt has no such log of that contract, or
/// if it is another event or malformed.
std::optional<StakedEvent> staked_event(const RootChainReceipt& receipt, const LogPlace& place);
std::optional<StakeUpdateEvent> stake_update_event(const RootChainReceipt& receipt,
                                                   const LogPlace& place);
std::optional<SignerChangeEvent> signer_change_event(const RootChainReceipt& receipt,
                                                     const LogPlace& place);
std::optional<UnstakeInitEvent> unstake_init_event(const RootChainReceipt& receipt,
                                                   const LogPlace& place);
std::optional<TopUpFeeEvent> top_up_fee_event(const RootChainReceipt& receipt,
                                              const LogPlace& place);
std::optional<StateSyncedEvent> state_synced_event(const RootChainReceipt& receipt,
                                                   const LogPlace& place);

}  // namespace buri::protocol
