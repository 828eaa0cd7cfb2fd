#include "tests/bench/node/crowd/crowd_link.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include "base/hex.hpp"
#include "node/consensus/p2p/peer_handshake.hpp"

namespace buri::bench {

namespace p2p = consensus::p2p;

namespace {

constexpr std::array<std::uint8_t, 7> kChannels{
    p2p::kStateChannel,   p2p::kDataChannel,     p2p::kVoteChannel,     p2p::kVoteSetBitsChannel,
    p2p::kMempoolChannel, p2p::kEvidenceChannel, p2p::kBlockSyncChannel};
constexpr std::chrono::milliseconds kBetweenCalls{100};

/// Nothing here waits for its own rates: the node's are what is measured.
p2p::MultiplexerOptions link_options() {
  p2p::MultiplexerOptions options;
  options.send_bytes_per_s = options.receive_bytes_per_s = std::int64_t{1} << 40;
  options.burst_bytes = std::int64_t{1} << 40;
  return options;
}

std::string errno_text(std::string_view what) {
  return std::string(what) + ": " + std::strerror(errno);
}

Descriptor call(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  CHECK(socket.is_open(), "a socket can be made");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

p2p::NodeInfo own_info(const std::string& chain_id, const p2p::NodeKey& key) {
  p2p::NodeInfo info;
  info.protocol_version = {8, 11, 0};
  info.id = to_hex(key.id());
  info.listen_address = "tcp://127.0.0.1:1";
  info.network = chain_id;
  info.version = "0.38.21";
  info.channels.assign(kChannels.begin(), kChannels.end());
  info.moniker = "crowd";
  info.other = {"off", ""};
  return info;
}

}  // namespace

CrowdLink::CrowdLink(std::unique_ptr<p2p::NodeKey> key, Descriptor socket)
    : key_(std::move(key)),
      socket_(std::move(socket)),
      multiplexer_(p2p::stock_channels(), link_options(), system_clock().monotonic()) {}

Result<std::unique_ptr<CrowdLink>, std::string> CrowdLink::dial(std::uint16_t port,
                                                                const std::string& chain_id,
                                                                std::chrono::seconds patience) {
  const MonotonicTime until = system_clock().monotonic() + patience;
  std::string reason = "nobody listens";
  while (system_clock().monotonic() < until) {
    if (Descriptor socket = call(port); socket.is_open()) {
      std::unique_ptr<CrowdLink> link(
          new CrowdLink(std::make_unique<p2p::NodeKey>(p2p::NodeKey::generate(system_random())),
                        std::move(socket)));
      const auto shaken = link->shake_hands(chain_id, until);
      if (shaken.ok()) return link;
      reason = shaken.error();
    }
    std::this_thread::sleep_for(kBetweenCalls);
  }
  return Failure{"no node answers at port " + std::to_string(port) + ": " + reason};
}

Status<std::string> CrowdLink::shake_hands(const std::string& chain_id, MonotonicTime until) {
  const p2p::NodeInfo own = own_info(chain_id, *key_);
  p2p::PeerHandshake handshake(*key_, own, system_random(), std::nullopt);
  RETURN_IF_ERROR(write_wire(handshake.take_output()));
  while (!handshake.is_done()) {
    ASSIGN_OR_RETURN(const Bytes wire, read_wire(until));
    if (wire.empty()) return Failure{std::string("the handshake took too long")};
    const auto taken = handshake.receive(wire);
    if (!taken.ok()) return Failure{taken.error().text};
    RETURN_IF_ERROR(write_wire(handshake.take_output()));
  }
  connection_ = handshake.take_connection();
  return take(handshake.take_rest(), system_clock().monotonic());
}

Status<std::string> CrowdLink::write_wire(ByteView wire) {
  while (!wire.empty()) {
    const ssize_t count = ::send(socket_.get(), wire.data(), wire.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Failure{errno_text("the node takes no more")};
    wire = wire.subspan(static_cast<std::size_t>(count));
  }
  return Unit{};
}

Result<Bytes, std::string> CrowdLink::read_wire(MonotonicTime until) {
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(until - system_clock().monotonic());
  pollfd waiting{socket_.get(), POLLIN, 0};
  const int ready = ::poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(rest.count(), 0)));
  if (ready < 0 && errno != EINTR) return Failure{errno_text("the socket cannot be waited for")};
  if (ready <= 0) return Bytes{};
  Bytes wire(std::size_t{1} << 16);
  const ssize_t count = ::recv(socket_.get(), wire.data(), wire.size(), 0);
  if (count < 0) return Failure{errno_text("the node cannot be heard")};
  if (count == 0) return Failure{std::string("the node hung up")};
  wire.resize(static_cast<std::size_t>(count));
  return wire;
}

Status<std::string> CrowdLink::take(ByteView data, MonotonicTime at) {
  auto messages = multiplexer_.receive(data);
  if (!messages.ok()) return Failure{std::string(describe(messages.error()))};
  for (p2p::ReceivedMessage& one : *messages) {
    heard_.push_back({one.channel, std::move(one.bytes), at});
  }
  return Unit{};
}

Status<std::string> CrowdLink::seal_packets(Bytes& wire) {
  while (multiplexer_.has_output()) {
    const auto written = connection_->write(multiplexer_.take_packets(system_clock().monotonic()));
    if (!written.ok()) return Failure{std::string(describe(written.error()))};
  }
  append(wire, connection_->take_output());
  return Unit{};
}

Result<MonotonicTime, std::string> CrowdLink::write(std::span<const SaidMessage> messages,
                                                    std::size_t together) {
  std::array<Bytes, 2> pieces;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    CHECK(multiplexer_.send(messages[i].channel, messages[i].bytes), "the queue was emptied");
    RETURN_IF_ERROR(seal_packets(pieces[i < together ? 0 : 1]));
  }
  RETURN_IF_ERROR(write_wire(pieces[0]));
  const MonotonicTime written = system_clock().monotonic();
  RETURN_IF_ERROR(write_wire(pieces[1]));
  return written;
}

Status<std::string> CrowdLink::write(std::uint8_t channel, Bytes message) {
  const SaidMessage said[] = {{channel, std::move(message)}};
  RETURN_IF_ERROR(write(said, 1));
  return Unit{};
}

Result<std::optional<HeardMessage>, std::string> CrowdLink::hear(MonotonicTime until) {
  while (heard_.empty()) {
    ASSIGN_OR_RETURN(const Bytes wire, read_wire(until));
    const MonotonicTime at = system_clock().monotonic();
    if (wire.empty()) {
      if (at >= until) return std::optional<HeardMessage>();
      continue;
    }
    const auto opened = connection_->receive(wire);
    if (!opened.ok()) return Failure{std::string(describe(opened.error()))};
    RETURN_IF_ERROR(take(connection_->take_data(), at));
    Bytes answers;
    RETURN_IF_ERROR(seal_packets(answers));  // pongs
    RETURN_IF_ERROR(write_wire(answers));
  }
  HeardMessage first = std::move(heard_.front());
  heard_.pop_front();
  return std::optional(std::move(first));
}

}  // namespace buri::bench
