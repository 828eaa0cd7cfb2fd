#include "node/consensus/p2p/packet.hpp"

#include "base/codec/protobuf_reader.hpp"
#include "base/codec/protobuf_writer.hpp"

namespace buri::consensus::p2p {
namespace {

constexpr std::uint32_t kPing = 1;
constexpr std::uint32_t kPong = 2;
constexpr std::uint32_t kMessage = 3;

Result<Packet, PacketError> decode_message(ByteView bytes) {
  PacketMessage message;
  ProtobufReader reader(bytes);
  std::uint32_t last = 0;
  while (!reader.at_end()) {
    const auto field = reader.next();
    const bool is_bytes = field.ok() && field->type == WireType::kBytes;
    if (!field.ok() || field->number == last || field->number > 3 ||
        is_bytes != (field->number == 3) || (!is_bytes && field->type != WireType::kVarint)) {
      return Failure{PacketError::kEncoding};
    }
    last = field->number;
    // Defaults are not written: a channel of zero, a false end, no data.
    const std::uint64_t most = last == 1 ? 0xff : 1;
    if (is_bytes ? field->bytes.empty() : field->integer == 0 || field->integer > most) {
      return Failure{PacketError::kEncoding};
    }
    if (last == 1) message.channel = static_cast<std::uint8_t>(field->integer);
    if (last == 2) message.is_last = true;
    if (last == 3) message.data = field->bytes;
  }
  if (message.data.size() > kPacketDataBytes) return Failure{PacketError::kLength};
  return Packet(message);
}

}  // namespace

std::string_view describe(PacketError error) {
  switch (error) {
    case PacketError::kLength:
      return "the peer sent a packet of more than 1024 bytes";
    case PacketError::kEncoding:
      return "the peer sent bytes that are no packet";
    case PacketError::kUnknownChannel:
      return "the peer used a channel that this node does not have";
    case PacketError::kMessageTooLong:
      return "the peer sent a message above the limit of its channel";
    case PacketError::kTooMuchPending:
      return "the peer began more messages than its share of memory holds";
    case PacketError::kPongTimeout:
      return "the peer did not answer a ping in time";
  }
  return "unknown packet error";
}

void append_packet(Bytes& target, const Packet& packet) {
  ProtobufWriter writer;
  if (const auto* message = std::get_if<PacketMessage>(&packet)) {
    CHECK(message->data.size() <= kPacketDataBytes, "a packet holds 1024 bytes");
    ProtobufWriter body;
    body.varint(1, message->channel).varint(2, message->is_last).bytes(3, message->data);
    writer.message(kMessage, body);
  } else {
    writer.message(std::holds_alternative<PacketPing>(packet) ? kPing : kPong, {});
  }
  append(target, writer.length_prefixed());
}

Result<Packet, PacketError> decode_packet(ByteView bytes) {
  if (bytes.size() > kMaxPacketBytes) return Failure{PacketError::kLength};
  ProtobufReader reader(bytes);
  if (reader.at_end()) return Failure{PacketError::kEncoding};
  const auto field = reader.next();
  if (!field.ok() || field->type != WireType::kBytes || !reader.at_end()) {
    return Failure{PacketError::kEncoding};
  }
  if (field->number == kMessage) return decode_message(field->bytes);
  if (field->number > kMessage || !field->bytes.empty()) return Failure{PacketError::kEncoding};
  return field->number == kPing ? Packet(PacketPing{}) : Packet(PacketPong{});
}

}  // namespace buri::consensus::p2p
