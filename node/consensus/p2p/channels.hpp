#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

/// The channels of the fork's reactors (spec/cometbft.md 3.3).

namespace buri::consensus::p2p {

/// How one channel shares a connection.
struct ChannelDescriptor {
  std::uint8_t id = 0;
  std::uint32_t priority = 1;           ///< share of the connection, relative to the others
  std::size_t send_queue_messages = 1;  ///< messages that may wait to be sent
  std::size_t max_message_bytes = 0;    ///< of one message, in both directions
};

inline constexpr std::uint8_t kPexChannel = 0x00;
inline constexpr std::uint8_t kStateChannel = 0x20;
inline constexpr std::uint8_t kDataChannel = 0x21;
inline constexpr std::uint8_t kVoteChannel = 0x22;
inline constexpr std::uint8_t kVoteSetBitsChannel = 0x23;
inline constexpr std::uint8_t kMempoolChannel = 0x30;
inline constexpr std::uint8_t kEvidenceChannel = 0x38;
inline constexpr std::uint8_t kBlockSyncChannel = 0x40;
inline constexpr std::uint8_t kSnapshotChannel = 0x60;
inline constexpr std::uint8_t kChunkChannel = 0x61;

/// Every channel with the limits of Heimdall's configuration (transactions of up to 1 MiB).
std::span<const ChannelDescriptor> stock_channels();

}  // namespace buri::consensus::p2p
