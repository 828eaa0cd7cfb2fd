#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"

/// How many messages of which kind go over connections, for those who report on it. Kinds have the
/// names that stock nodes give Prometheus: Go's package and type of what is inside the channel's
/// Message (0xPolygon/cometbft v0.3.8-polygon, p2p/metrics.go).

namespace buri::consensus::p2p {

/// One kind of message: a channel and the field of its Message that is set.
struct MessageKind {
  std::uint8_t channel = 0;
  std::uint32_t field = 0;  ///< 0: whatever the other kinds of the channel are not
  std::string_view name;    ///< "consensus_Vote"
};

inline constexpr std::size_t kMessageKindCount = 30;
/// All kinds of all channels.
std::span<const MessageKind, kMessageKindCount> message_kinds();
/// The kind of a message, as an index into message_kinds(); looks at its first bytes alone.
std::size_t kind_of_message(std::uint8_t channel, ByteView message);

/// Messages of one kind.
struct MessageCount {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
};
/// By the index of their kind.
struct MessageCounts {
  std::array<MessageCount, kMessageKindCount> sent{};
  std::array<MessageCount, kMessageKindCount> received{};
};

/// Counts. Thread-safe, lock-free; a reader may see a message whose bytes are not counted yet.
class MessageCounters {
 public:
  void add_sent(std::size_t kind, std::size_t bytes) { sent_[kind].add(bytes); }
  void add_received(std::size_t kind, std::size_t bytes) { received_[kind].add(bytes); }
  [[nodiscard]] MessageCounts counts() const;

 private:
  struct Cell {
    std::atomic<std::uint64_t> messages{0};
    std::atomic<std::uint64_t> bytes{0};

    void add(std::size_t count) {
      messages.fetch_add(1, std::memory_order_relaxed);
      bytes.fetch_add(count, std::memory_order_relaxed);
    }
  };

  std::array<Cell, kMessageKindCount> sent_;
  std::array<Cell, kMessageKindCount> received_;
};

}  // namespace buri::consensus::p2p
