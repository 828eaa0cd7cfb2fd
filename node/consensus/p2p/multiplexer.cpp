#include "node/consensus/p2p/multiplexer.hpp"

#include <algorithm>

#include "base/codec/protobuf_reader.hpp"

namespace buri::consensus::p2p {

Multiplexer::Multiplexer(std::span<const ChannelDescriptor> channels,
                         const MultiplexerOptions& options, MonotonicTime now)
    : options_(options),
      send_limit_(options.send_bytes_per_s, options.burst_bytes, now),
      receive_limit_(options.receive_bytes_per_s, options.burst_bytes, now),
      next_ping_(now + options.ping_interval),
      next_decay_(now + options.decay_interval) {
  for (const ChannelDescriptor& descriptor : channels) {
    CHECK(find(descriptor.id) == nullptr, "channel ids are distinct");
    CHECK(descriptor.priority > 0, "a channel without priority would never send");
    channels_.push_back({.descriptor = descriptor, .queue = {}, .receiving = {}});
  }
}

Multiplexer::Channel* Multiplexer::find(std::uint8_t id) {
  const auto found =
      std::ranges::find_if(channels_, [id](const Channel& c) { return c.descriptor.id == id; });
  return found == channels_.end() ? nullptr : &*found;
}

const Multiplexer::Channel* Multiplexer::find(std::uint8_t id) const {
  return const_cast<Multiplexer*>(this)->find(id);
}

bool Multiplexer::can_send(std::uint8_t channel) const {
  const Channel* found = find(channel);
  return found != nullptr && found->queue.size() < found->descriptor.send_queue_messages;
}

bool Multiplexer::send(std::uint8_t channel, Bytes message) {
  Channel* found = find(channel);
  CHECK(found != nullptr, "a message was sent on a channel that this connection does not have");
  CHECK(message.size() <= found->descriptor.max_message_bytes,
        "a message is above the limit of its channel");
  if (!can_send(channel)) return false;
  const bool is_too_much = message.size() > options_.max_queued_bytes -
                                                std::min(queued_bytes_, options_.max_queued_bytes);
  if (queued_bytes_ > 0 && is_too_much) return false;
  queued_bytes_ += message.size();
  found->queue.push_back(std::move(message));
  return true;
}

bool Multiplexer::has_output() const {
  return owes_ping_ || owes_pong_ ||
         std::ranges::any_of(channels_, [](const Channel& c) { return !c.queue.empty(); });
}

Multiplexer::Channel* Multiplexer::most_entitled() {
  Channel* best = nullptr;
  const auto ratio = [](const Channel& c) { return c.recently_sent / c.descriptor.priority; };
  for (Channel& channel : channels_) {
    if (channel.queue.empty()) continue;
    if (best == nullptr || ratio(channel) < ratio(*best)) best = &channel;
  }
  return best;
}

void Multiplexer::append_next_packet(Channel& channel, Bytes& output) {
  const Bytes& message = channel.queue.front();
  const ByteView rest = ByteView(message).subspan(channel.sent_of_front);
  const ByteView data = rest.first(std::min(rest.size(), kPacketDataBytes));
  const bool is_last = data.size() == rest.size();
  const std::size_t before = output.size();
  append_packet(output, PacketMessage{channel.descriptor.id, is_last, data});
  channel.recently_sent += static_cast<double>(output.size() - before);
  channel.sent_of_front += data.size();
  if (is_last) {
    queued_bytes_ -= message.size();
    channel.queue.pop_front();
    channel.sent_of_front = 0;
  }
}

Bytes Multiplexer::take_packets(MonotonicTime now, std::size_t max_packets) {
  Bytes output;
  if (owes_pong_) append_packet(output, PacketPong{});
  if (owes_ping_) append_packet(output, PacketPing{});
  owes_pong_ = owes_ping_ = false;
  std::int64_t allowance = send_limit_.available(now);
  const std::size_t control_bytes = output.size();
  for (std::size_t i = 0; i < max_packets; ++i) {
    if (static_cast<std::int64_t>(output.size() - control_bytes) >= allowance) break;
    Channel* channel = most_entitled();
    if (channel == nullptr) break;
    append_next_packet(*channel, output);
  }
  send_limit_.take(output.size());
  return output;
}

std::size_t Multiplexer::receive_allowance(MonotonicTime now) {
  return static_cast<std::size_t>(std::max<std::int64_t>(0, receive_limit_.available(now)));
}

Result<std::vector<ReceivedMessage>, PacketError> Multiplexer::receive(ByteView bytes) {
  receive_limit_.take(bytes.size());
  append(partial_, bytes);
  std::vector<ReceivedMessage> messages;
  ByteView rest = partial_;
  while (!rest.empty()) {
    ByteView packet = rest;
    const auto length = take_varint(packet);
    if (!length.ok()) {
      if (length.error() == ProtobufError::kTruncated) break;
      return Failure{PacketError::kEncoding};
    }
    if (length.value() > kMaxPacketBytes) return Failure{PacketError::kLength};
    if (packet.size() < length.value()) break;
    RETURN_IF_ERROR(accept(packet.first(length.value()), messages));
    rest = packet.subspan(length.value());
  }
  partial_.erase(partial_.begin(), partial_.end() - static_cast<std::ptrdiff_t>(rest.size()));
  return messages;
}

Status<PacketError> Multiplexer::accept(ByteView bytes, std::vector<ReceivedMessage>& messages) {
  ASSIGN_OR_RETURN(const Packet packet, decode_packet(bytes));
  if (const auto* piece = std::get_if<PacketMessage>(&packet)) {
    return accept_piece(*piece, messages);
  }
  if (std::holds_alternative<PacketPing>(packet)) {
    owes_pong_ = true;  // one answer for however many pings came meanwhile, as stock
  } else {
    pong_deadline_.reset();
  }
  return Unit{};
}

Status<PacketError> Multiplexer::accept_piece(const PacketMessage& piece,
                                              std::vector<ReceivedMessage>& messages) {
  Channel* channel = find(piece.channel);
  if (channel == nullptr) return Failure{PacketError::kUnknownChannel};
  Bytes& receiving = channel->receiving;
  if (piece.data.size() > channel->descriptor.max_message_bytes - receiving.size()) {
    return Failure{PacketError::kMessageTooLong};
  }
  if (piece.data.size() > options_.max_pending_bytes - pending_bytes_) {
    return Failure{PacketError::kTooMuchPending};
  }
  append(receiving, piece.data);
  pending_bytes_ += piece.data.size();
  if (piece.is_last) {
    pending_bytes_ -= receiving.size();
    messages.push_back({piece.channel, std::exchange(receiving, {})});
  }
  return Unit{};
}

Status<PacketError> Multiplexer::tick(MonotonicTime now) {
  constexpr double kDecay = 0.8;
  if (pong_deadline_ && now >= *pong_deadline_) return Failure{PacketError::kPongTimeout};
  if (now >= next_ping_) {
    owes_ping_ = true;
    next_ping_ = now + options_.ping_interval;
    if (!pong_deadline_) pong_deadline_ = now + options_.pong_timeout;
  }
  if (now >= next_decay_) {
    for (Channel& channel : channels_) channel.recently_sent *= kDecay;
    next_decay_ = now + options_.decay_interval;
  }
  return Unit{};
}

MonotonicTime Multiplexer::next_deadline() const {
  const MonotonicTime next = std::min(next_ping_, next_decay_);
  return pong_deadline_ ? std::min(next, *pong_deadline_) : next;
}

}  // namespace buri::consensus::p2p
