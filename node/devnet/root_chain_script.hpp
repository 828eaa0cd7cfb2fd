#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"

/// A stand-in for Ethereum: blocks that come with time, and in every twentieth an event of the
/// contracts, in turn a message for Bor (StateSynced) and a top-up of a fee account (TopUpFee).

namespace buri::devnet {

struct ScriptedEvent {
  bool is_top_up = false;  ///< else a message for Bor
  std::uint64_t id = 0;    ///< of the message; counted from 1
  std::uint64_t block_number = 0;
  std::uint64_t log_index = 0;
  Hash256 tx_hash;
  Address address;  ///< the message's contract, or whose account is topped up
  Bytes data;       ///< of the message
};

inline constexpr std::uint64_t kRootChainId = 15'000;
/// Blocks below the newest that count as final.
inline constexpr std::uint64_t kFinalityBlocks = 6;

/// The newest block after so many seconds.
std::uint64_t root_chain_head(std::uint64_t seconds);
/// Every event up to a block, oldest first.
std::vector<ScriptedEvent> events_until(std::uint64_t block_number);
/// The event of a transaction, if it is in a block up to that one.
std::optional<ScriptedEvent> event_of(const Hash256& tx_hash, std::uint64_t block_number);
/// As eth_getTransactionReceipt answers.
boost::json::object receipt_json(const ScriptedEvent& event);
/// As people and scripts put it into a transaction of Heimdall.
boost::json::object event_json(const ScriptedEvent& event);

}  // namespace buri::devnet
