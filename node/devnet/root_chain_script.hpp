#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/u256.hpp"

/// A stand-in for Ethereum: blocks that come with time, and in every fourth an event of the
/// contracts. Twelve events make a cycle: messages for Bor, top-ups, stake updates, and a validator
/// that joins with a little stake, changes its key and leaves. The row of events is a function of
/// the number of validators in the genesis, so that whoever asks sees the same facts.

namespace buri::devnet {

enum class EventKind : std::uint8_t {
  kStateSynced,   ///< a message for Bor
  kTopUpFee,      ///< of a fee account
  kStakeUpdate,   ///< of a validator
  kStaked,        ///< a validator joins
  kSignerChange,  ///< a validator changes its key
  kUnstakeInit,   ///< a validator leaves
};

/// As people read it: "top_up".
std::string_view event_name(EventKind kind);

/// One event. What a kind has no use for is empty.
struct ScriptedEvent {
  std::uint64_t place = 0;  ///< in the row, from 0
  EventKind kind{};
  std::uint64_t id = 0;     ///< of the message, or the validator; both counted from 1
  std::uint64_t nonce = 0;  ///< of the validator's events; its genesis or its joining has 1
  std::uint64_t block_number = 0;
  std::uint64_t log_index = 0;
  Hash256 tx_hash;
  Address address;            ///< the message's contract, whose account is topped up, the signer
  Address old_signer;         ///< before its key changes
  FixedBytes<65> public_key;  ///< of the signer
  U256 amount_wei;            ///< top-up or stake
  std::uint64_t epoch = 0;    ///< of activation or deactivation
  Bytes data;                 ///< of the message
};

inline constexpr std::uint64_t kRootChainId = 15'000;
/// Blocks below the newest that count as final.
inline constexpr std::uint64_t kFinalityBlocks = 6;
/// The contracts, as the genesis names them.
inline constexpr std::string_view kStakingInfo = "0x00000000000000000000000000000000000000a2";
inline constexpr std::string_view kStateSender = "0x00000000000000000000000000000000000000a3";

/// The newest block after so many seconds.
std::uint64_t root_chain_head(std::uint64_t seconds);
/// The row of events of a network with so many validators in its genesis. REQUIRES: at least one.
ScriptedEvent event_at(std::uint64_t place, std::uint64_t validators);
/// How many events there are up to a block.
std::uint64_t event_count(std::uint64_t block_number);
/// The event of a transaction, if it is in a block up to that one.
std::optional<ScriptedEvent> event_of(const Hash256& tx_hash, std::uint64_t block_number,
                                      std::uint64_t validators);
/// How many of the events up to a block are messages for Bor.
std::uint64_t message_count(std::uint64_t block_number);

/// As eth_getTransactionReceipt answers.
boost::json::object receipt_json(const ScriptedEvent& event);
/// As people and scripts put it into a transaction of Heimdall.
boost::json::object event_json(const ScriptedEvent& event);

}  // namespace buri::devnet
