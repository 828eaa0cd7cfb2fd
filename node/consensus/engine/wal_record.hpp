#pragma once

#include "node/consensus/engine/message.hpp"

/// One record of the write-ahead log: everything that changed the state machine, in the order in
/// which it did, in the stock node's format (spec/cometbft.md 4.5; 0xPolygon/cometbft
/// v0.3.8-polygon, consensus/wal.go). On disk: CRC-32C of the content, its length, both 4 bytes
/// big-endian, and the content, a TimedWALMessage.

namespace buri::consensus::engine {

/// The state machine entered a step: for people who read logs, replay skips it.
struct StepEntered {
  std::int64_t height = 0;
  std::int32_t round = 0;
  std::string step;  ///< "RoundStepPropose", "RoundStepNewHeight"
  friend bool operator==(const StepEntered&, const StepEntered&) = default;
};
/// A proposal, a block part or a vote.
struct MessageArrived {
  Message message;
  std::string peer_id;  ///< empty for the node's own
  friend bool operator==(const MessageArrived&, const MessageArrived&) = default;
};
struct TimeoutFired {
  std::int64_t duration_ns = 0;
  std::int64_t height = 0;
  std::int32_t round = 0;
  Step step = Step::kNewHeight;
  friend bool operator==(const TimeoutFired&, const TimeoutFired&) = default;
};
/// The block of `height` is stored; what follows belongs to the next. A new log starts with
/// height 0.
struct HeightEnded {
  std::int64_t height = 0;
  friend bool operator==(const HeightEnded&, const HeightEnded&) = default;
};

using WalEntry = std::variant<StepEntered, MessageArrived, TimeoutFired, HeightEnded>;
struct WalRecord {
  Timestamp time;  ///< when it was written
  WalEntry entry;
  friend bool operator==(const WalRecord&, const WalRecord&) = default;
};

/// Checksum and length.
inline constexpr std::size_t kWalHeaderBytes = 8;
/// Longest content of a record: a message and what stands around it.
inline constexpr std::size_t kMaxWalContentBytes = kMaxMessageBytes + 24;

/// Why bytes are not a record.
enum class WalFault : std::uint8_t {
  kTorn,      ///< they end before the record does: a write that a crash cut off
  kLength,    ///< the content would be longer than it may
  kChecksum,  ///< the content is not what was written
  kContent,   ///< the content is no TimedWALMessage
};
/// What the fault means, for people.
std::string_view describe(WalFault fault);

/// The record as it stands in the file; nothing if its content exceeds the limit, as that of a vote
/// with the longest extensions may.
std::optional<Bytes> encode_wal_record(const WalRecord& record);

/// Reads a record from the front of `bytes` and drops it from the view; on an error the view is
/// unchanged. REQUIRES: bytes not empty.
Result<WalRecord, WalFault> take_wal_record(ByteView& bytes);

}  // namespace buri::consensus::engine
