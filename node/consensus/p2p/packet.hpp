#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "base/bytes.hpp"
#include "base/result.hpp"

/// The packets of an MConnection (spec/cometbft.md 3.3): a oneof of ping = 1, pong = 2,
/// msg = 3 { channel_id = 1, eof = 2, data = 3 }, behind its length as a varint. Read strictly: of
/// each packet one encoding is taken, the one that every stock node writes.

namespace buri::consensus::p2p {

/// Most data of one packet.
inline constexpr std::size_t kPacketDataBytes = 1024;
/// Most bytes of a packet without its length: tags, lengths, a channel id of two bytes, the data.
inline constexpr std::size_t kMaxPacketBytes = kPacketDataBytes + 11;

/// Why a peer's packets end the connection.
enum class PacketError : std::uint8_t {
  kLength,          ///< a packet is longer than any can be
  kEncoding,        ///< not a packet
  kUnknownChannel,  ///< a channel that this node does not speak
  kMessageTooLong,  ///< a message grows beyond its channel's limit
  kTooMuchPending,  ///< unfinished messages of all channels together exceed the peer's share
  kPongTimeout,     ///< a ping stayed without answer
};

/// What happened, for people.
std::string_view describe(PacketError error);

struct PacketPing {
  friend bool operator==(const PacketPing&, const PacketPing&) = default;
};
struct PacketPong {
  friend bool operator==(const PacketPong&, const PacketPong&) = default;
};
/// A piece of a message; `data` is borrowed.
struct PacketMessage {
  std::uint8_t channel = 0;
  bool is_last = false;
  ByteView data;
};
using Packet = std::variant<PacketPing, PacketPong, PacketMessage>;

/// Appends the packet behind its length. REQUIRES: at most kPacketDataBytes of data.
void append_packet(Bytes& target, const Packet& packet);

/// Reads a packet without its length; borrows from `bytes`. Errors: kLength, kEncoding.
Result<Packet, PacketError> decode_packet(ByteView bytes);

}  // namespace buri::consensus::p2p
