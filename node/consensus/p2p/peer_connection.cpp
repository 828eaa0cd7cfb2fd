#include "node/consensus/p2p/peer_connection.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace buri::consensus::p2p {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

/// What is read at once, and what of the peer's bytes lies here undecrypted.
constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr std::size_t kHandshakeReadBytes = std::size_t{4} << 10;
constexpr std::size_t kPacketsPerWrite = 32;
/// How long a rate that is used up is waited for.
constexpr milliseconds kRatePause{10};
/// What a small message costs besides its bytes.
constexpr std::size_t kMessageOverheadBytes = 128;

auto to(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

IpAddress ip_of(const asio::ip::address& address) {
  const auto v6 = address.is_v4() ? asio::ip::make_address_v6(asio::ip::v4_mapped, address.to_v4())
                                  : address.to_v6();
  return {FixedBytes<16>{v6.to_bytes()}};
}

}  // namespace

struct PeerConnection::Held {
  std::atomic<std::size_t> bytes = 0;
  std::atomic<bool> reader_waits = false;
  std::weak_ptr<PeerConnection> reader;

  void release(std::size_t count) {
    bytes -= count;
    if (!reader_waits.exchange(false)) return;
    if (const auto connection = reader.lock()) {
      asio::post(connection->strand_, [connection] { connection->read_timer_.cancel(); });
    }
  }
};

PeerConnection::PeerConnection(Strand strand, ConnectionId id,
                               std::shared_ptr<const ConnectionContext> context,
                               std::shared_ptr<ConnectionEvents> events)
    : strand_(std::move(strand)),
      id_(id),
      context_(std::move(context)),
      events_(std::move(events)),
      socket_(strand_),
      watch_timer_(strand_),
      write_timer_(strand_),
      read_timer_(strand_),
      held_(std::make_shared<Held>()) {}

void PeerConnection::spawn(Task (PeerConnection::*task)()) {
  const auto self = shared_from_this();
  asio::co_spawn(
      strand_, [self, task]() -> Task { co_await (self.get()->*task)(); },
      [](const std::exception_ptr& exception) {
        CHECK(!exception, "Asio reports errors of sockets by value");
      });
}

void PeerConnection::accept(tcp::socket socket) {
  held_->reader = weak_from_this();
  asio::post(strand_, [self = shared_from_this(), socket = std::move(socket)]() mutable {
    self->socket_ = std::move(socket);
    self->spawn(&PeerConnection::shake_hands);
    self->spawn(&PeerConnection::watch);
  });
}

void PeerConnection::dial(PeerAddress address) {
  held_->reader = weak_from_this();
  direction_ = Direction::kOutbound;
  called_ = std::move(address);
  asio::post(strand_, [self = shared_from_this()] {
    self->spawn(&PeerConnection::call);
    self->spawn(&PeerConnection::watch);
  });
}

PeerConnection::Task PeerConnection::call() {
  deadline_ = context_->clock.monotonic() + context_->options.dial_timeout;
  deadline_reason_ = "the node did not answer the call in time";
  error_code error;
  tcp::resolver resolver(strand_);
  const auto endpoints =
      co_await resolver.async_resolve(called_->host, std::to_string(called_->port), to(error));
  if (!error && !is_over_) co_await asio::async_connect(socket_, endpoints, to(error));
  if (is_over_) co_return;
  if (error) {
    finish({"the node could not be called: " + error.message()});
    co_return;
  }
  co_await shake_hands();
}

PeerConnection::Task PeerConnection::shake_hands() {
  deadline_ = context_->clock.monotonic() + context_->options.handshake_timeout;
  deadline_reason_ = "the handshake was not over in time";
  error_code error;
  socket_.set_option(tcp::no_delay(true), error);
  const auto remote = socket_.remote_endpoint(error);
  PeerHandshake handshake(context_->key, context_->own, context_->random,
                          called_ ? std::optional(called_->id) : std::nullopt);
  Bytes buffer(kHandshakeReadBytes);
  while (!error && !handshake.is_done()) {
    const Bytes output = handshake.take_output();
    co_await asio::async_write(socket_, asio::buffer(output), to(error));
    if (error || is_over_) break;
    const std::size_t count = co_await socket_.async_read_some(asio::buffer(buffer), to(error));
    if (error || is_over_) break;
    const auto status = handshake.receive(ByteView(buffer).first(count));
    if (!status.ok()) {
      finish({status.error().text, status.error().is_self});
      co_return;
    }
  }
  const Bytes last = handshake.take_output();
  if (!error && !is_over_) co_await asio::async_write(socket_, asio::buffer(last), to(error));
  if (is_over_) co_return;
  if (error) {
    finish({"the connection broke during the handshake: " + error.message()});
    co_return;
  }
  deadline_reason_ = "the peer was not admitted in time";
  const NodeId id = handshake.id();
  peer_ = handshake.peer();
  secret_ = handshake.take_connection();
  rest_of_handshake_ = handshake.take_rest();
  events_->established({id_, direction_, id, ip_of(remote.address()), peer_});
}

void PeerConnection::admit() {
  {
    const std::lock_guard lock(mutex_);
    multiplexer_.emplace(context_->channels, context_->options.multiplexer,
                         context_->clock.monotonic());
  }
  asio::post(strand_, [self = shared_from_this()] {
    if (self->is_over_) return;
    self->deadline_.reset();
    self->is_running_ = true;
    self->spawn(&PeerConnection::read);
    self->spawn(&PeerConnection::write);
  });
}

bool PeerConnection::speaks(std::uint8_t channel) const {
  return std::ranges::find(peer_.channels, channel) != peer_.channels.end();
}

bool PeerConnection::send(std::uint8_t channel, Bytes message) {
  const std::size_t bytes = message.size();
  const std::size_t kind = kind_of_message(channel, message);
  {
    const std::lock_guard lock(mutex_);
    if (!multiplexer_ || !speaks(channel)) return false;
    if (!multiplexer_->send(channel, std::move(message))) return false;
  }
  messages_.add_sent(kind, bytes);
  context_->messages->add_sent(kind, bytes);
  post_wake();
  return true;
}

bool PeerConnection::can_send(std::uint8_t channel) const {
  const std::lock_guard lock(mutex_);
  return multiplexer_ && speaks(channel) && multiplexer_->can_send(channel);
}

void PeerConnection::post_wake() {
  if (wake_is_posted_.exchange(true)) return;
  asio::post(strand_, [self = shared_from_this()] {
    self->wake_is_posted_ = false;
    self->wake_writer();
  });
}

void PeerConnection::wake_writer() {
  writer_is_woken_ = true;
  write_timer_.cancel();
}

void PeerConnection::close(std::string reason, bool flush) {
  asio::post(strand_, [self = shared_from_this(), reason = std::move(reason), flush]() mutable {
    if (self->is_over_) return;
    if (!flush || !self->is_running_) {
      self->finish({std::move(reason)});
      return;
    }
    self->is_draining_ = true;
    self->deadline_ = self->context_->clock.monotonic() + self->context_->options.flush_timeout;
    self->deadline_reason_ = std::move(reason);
    self->wake_writer();
    self->read_timer_.cancel();
  });
}

void PeerConnection::finish(ConnectionEnd end) {
  if (is_over_) return;
  is_over_ = true;
  {
    const std::lock_guard lock(mutex_);
    multiplexer_.reset();
  }
  error_code ignored;
  socket_.close(ignored);
  watch_timer_.cancel();
  write_timer_.cancel();
  read_timer_.cancel();
  events_->ended(id_, std::move(end));
}

PeerConnection::Task PeerConnection::write() {
  error_code error;
  while (!is_over_) {
    Bytes packets;
    bool has_more = false;
    {
      const std::lock_guard lock(mutex_);
      packets = multiplexer_->take_packets(context_->clock.monotonic(), kPacketsPerWrite);
      has_more = multiplexer_->has_output();
    }
    if (packets.empty()) {
      if (is_draining_ && !has_more) break;
      if (!has_more && std::exchange(writer_is_woken_, false)) continue;
      has_more ? write_timer_.expires_after(kRatePause)
               : write_timer_.expires_at(MonotonicTime::max());
      co_await write_timer_.async_wait(to(error));
      continue;
    }
    if (const auto status = secret_->write(packets); !status.ok()) {
      finish({std::string(describe(status.error()))});
      co_return;
    }
    const Bytes wire = secret_->take_output();
    writing_since_ = context_->clock.monotonic();
    co_await asio::async_write(socket_, asio::buffer(wire), to(error));
    writing_since_.reset();
    sent_bytes_ += wire.size();
    if (error && !is_over_) finish({"the connection broke: " + error.message()});
  }
  // The peer reads everything before it sees the end; `read` or the deadline finishes.
  if (!is_over_) socket_.shutdown(tcp::socket::shutdown_send, error);
}

PeerConnection::Task PeerConnection::read() {
  error_code error;
  Bytes buffer(kReadBytes);
  if (!deliver(std::exchange(rest_of_handshake_, {}))) co_return;
  while (!is_over_) {
    std::size_t allowance = buffer.size();
    if (!is_draining_) {
      held_->reader_waits = true;
      const bool is_full = held_->bytes > context_->options.max_unprocessed_bytes;
      if (!is_full) {
        held_->reader_waits = false;
        const std::lock_guard lock(mutex_);
        allowance = multiplexer_->receive_allowance(context_->clock.monotonic());
      }
      if (is_full || allowance == 0) {
        is_full ? read_timer_.expires_at(MonotonicTime::max())
                : read_timer_.expires_after(kRatePause);
        co_await read_timer_.async_wait(to(error));
        continue;
      }
    }
    const auto target = asio::buffer(buffer.data(), std::min(allowance, buffer.size()));
    const std::size_t count = co_await socket_.async_read_some(target, to(error));
    if (is_over_) co_return;
    if (error) {
      finish(
          {is_draining_ ? deadline_reason_ : "the peer ended the connection: " + error.message()});
      co_return;
    }
    received_bytes_ += count;
    if (!is_draining_ && !take_wire(ByteView(buffer).first(count))) co_return;
  }
}

bool PeerConnection::take_wire(ByteView wire) {
  const auto status = secret_->receive(wire);
  if (!deliver(secret_->take_data())) return false;
  if (!status.ok()) finish({std::string(describe(status.error()))});
  return status.ok();
}

bool PeerConnection::deliver(ByteView data) {
  std::vector<IncomingMessage> messages;
  {
    std::unique_lock lock(mutex_);
    auto received = multiplexer_->receive(data);
    const bool has_output = multiplexer_->has_output();
    lock.unlock();
    if (!received.ok()) {
      finish({std::string(describe(received.error()))});
      return false;
    }
    if (has_output) wake_writer();  // a pong is owed
    for (ReceivedMessage& message : received.value()) {
      const std::size_t kind = kind_of_message(message.channel, message.bytes);
      messages_.add_received(kind, message.bytes.size());
      context_->messages->add_received(kind, message.bytes.size());
      const std::size_t cost = message.bytes.size() + kMessageOverheadBytes;
      held_->bytes += cost;
      MessageHold hold(nullptr, [held = held_, cost](void*) { held->release(cost); });
      messages.push_back({message.channel, std::move(message.bytes), std::move(hold)});
    }
  }
  if (!messages.empty()) events_->received(id_, std::move(messages));
  return true;
}

PeerConnection::Task PeerConnection::watch() {
  error_code error;
  while (!is_over_) {
    watch_timer_.expires_after(context_->options.watch_interval);
    co_await watch_timer_.async_wait(to(error));
    if (!is_over_) look_at_deadlines();
  }
}

void PeerConnection::look_at_deadlines() {
  const MonotonicTime now = context_->clock.monotonic();
  if (deadline_ && now >= *deadline_) return finish({deadline_reason_});
  if (writing_since_ && now - *writing_since_ >= context_->options.send_timeout) {
    return finish({"the peer takes its messages too slowly"});
  }
  std::unique_lock lock(mutex_);
  if (!multiplexer_ || !is_running_) return;
  const auto status = multiplexer_->tick(now);
  const bool has_output = multiplexer_->has_output();
  lock.unlock();
  if (!status.ok()) return finish({std::string(describe(status.error()))});
  if (has_output) wake_writer();
}

ConnectionTraffic PeerConnection::traffic() const {
  const std::lock_guard lock(mutex_);
  const std::size_t pending = multiplexer_ ? multiplexer_->pending_bytes() : 0;
  return {sent_bytes_, received_bytes_, multiplexer_ ? multiplexer_->queued_bytes() : 0,
          pending + held_->bytes};
}

}  // namespace buri::consensus::p2p
