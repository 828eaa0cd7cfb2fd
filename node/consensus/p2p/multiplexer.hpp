#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "node/consensus/p2p/channels.hpp"
#include "node/consensus/p2p/packet.hpp"
#include "node/consensus/p2p/rate_limit.hpp"

/// CometBFT's MConnection (spec/cometbft.md 3.3) as a pure protocol: many channels over one stream
/// of bytes. Messages are cut into packets; the next packet is of the channel that has recently
/// sent least for its priority. Time is handed in; nothing here knows a socket or a thread.

namespace buri::consensus::p2p {

/// Defaults are those of the fork.
struct MultiplexerOptions {
  std::chrono::milliseconds ping_interval{60'000};
  std::chrono::milliseconds pong_timeout{45'000};
  std::chrono::milliseconds decay_interval{2'000};  ///< what was sent counts 0.8 of it after each
  std::int64_t send_bytes_per_s = 5'120'000;
  std::int64_t receive_bytes_per_s = 5'120'000;
  std::int64_t burst_bytes = 512'000;
  /// Memory for unfinished messages of all channels: a block of the largest size, and some.
  std::size_t max_pending_bytes = std::size_t{128} << 20;
  /// Memory for messages that wait to be sent, of all channels. One message is always taken.
  std::size_t max_queued_bytes = std::size_t{32} << 20;
};

/// A whole message of a peer.
struct ReceivedMessage {
  std::uint8_t channel = 0;
  Bytes bytes;

  friend bool operator==(const ReceivedMessage&, const ReceivedMessage&) = default;
};

/// One connection's channels. Not thread-safe. After an error it is not to be used any more.
class Multiplexer {
 public:
  /// REQUIRES: channel ids are distinct, priorities positive.
  Multiplexer(std::span<const ChannelDescriptor> channels, const MultiplexerOptions& options,
              MonotonicTime now);

  /// Queues a message. False, and nothing happens, if the channel's queue is full or all queues
  /// together hold too much. REQUIRES: the channel exists and the message is not above its limit.
  [[nodiscard]] bool send(std::uint8_t channel, Bytes message);
  /// Whether the channel's queue has room.
  [[nodiscard]] bool can_send(std::uint8_t channel) const;

  /// Packets to be written now, in order: an owed pong and ping first, then at most `max_packets`
  /// of messages as the send rate allows. Empty when there is nothing to send or the rate is used
  /// up; `has_output` tells the two apart.
  Bytes take_packets(MonotonicTime now, std::size_t max_packets = 10);
  [[nodiscard]] bool has_output() const;

  /// Bytes that should be read from the peer now; none while it is above the receive rate.
  [[nodiscard]] std::size_t receive_allowance(MonotonicTime now);
  /// Takes bytes of the peer, cut anywhere, and gives the messages that they complete. What
  /// `receive_allowance` says is not enforced here: the transport stops reading.
  Result<std::vector<ReceivedMessage>, PacketError> receive(ByteView bytes);

  /// To be called at `next_deadline()` or later. Error: kPongTimeout.
  Status<PacketError> tick(MonotonicTime now);
  [[nodiscard]] MonotonicTime next_deadline() const;

  /// Bytes held for unfinished messages of the peer.
  [[nodiscard]] std::size_t pending_bytes() const { return pending_bytes_; }
  /// Bytes of messages that wait to be sent.
  [[nodiscard]] std::size_t queued_bytes() const { return queued_bytes_; }

 private:
  struct Channel {
    ChannelDescriptor descriptor;
    std::deque<Bytes> queue;
    std::size_t sent_of_front = 0;
    double recently_sent = 0;
    Bytes receiving;
  };

  Channel* find(std::uint8_t id);
  [[nodiscard]] const Channel* find(std::uint8_t id) const;
  Channel* most_entitled();
  void append_next_packet(Channel& channel, Bytes& output);
  Status<PacketError> accept(ByteView bytes, std::vector<ReceivedMessage>& messages);
  Status<PacketError> accept_piece(const PacketMessage& piece,
                                   std::vector<ReceivedMessage>& messages);

  std::vector<Channel> channels_;
  MultiplexerOptions options_;
  RateLimit send_limit_;
  RateLimit receive_limit_;
  bool owes_ping_ = false;
  bool owes_pong_ = false;
  MonotonicTime next_ping_;
  MonotonicTime next_decay_;
  std::optional<MonotonicTime> pong_deadline_;
  std::size_t pending_bytes_ = 0;
  std::size_t queued_bytes_ = 0;
  Bytes partial_;  ///< the beginning of a packet
};

}  // namespace buri::consensus::p2p
