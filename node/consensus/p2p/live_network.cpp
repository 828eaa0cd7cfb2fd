#include "node/consensus/p2p/live_network.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>

#include "base/hex.hpp"
#include "node/consensus/p2p/network_core.hpp"

namespace buri::consensus::p2p {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

/// A refused accept (no descriptor left) is not tried again before this.
constexpr std::chrono::milliseconds kAcceptPause{100};
constexpr std::chrono::seconds kMemoryCheck{1};

}  // namespace

LiveNetwork::LiveNetwork(asio::any_io_executor executor, NodeIdentity own, NetworkOptions options,
                         Random& random, const Clock& clock, Logger logger)
    : core_(std::make_shared<Core>(std::move(executor), std::move(own), std::move(options), random,
                                   clock, std::move(logger))) {}

LiveNetwork::~LiveNetwork() = default;

void LiveNetwork::add_reactor(Reactor& reactor) { core_->add_reactor(reactor); }
Result<std::uint16_t, std::string> LiveNetwork::start() { return core_->start(); }
void LiveNetwork::stop(std::function<void()> done) { core_->stop(std::move(done)); }

bool LiveNetwork::send(const NodeId& to, std::uint8_t channel, Bytes message) {
  const auto connection = core_->connection_of(to);
  return connection && connection->send(channel, std::move(message));
}

bool LiveNetwork::can_send(const NodeId& to, std::uint8_t channel) const {
  const auto connection = core_->connection_of(to);
  return connection && connection->can_send(channel);
}

std::size_t LiveNetwork::broadcast(std::uint8_t channel, ByteView message) {
  std::size_t sent = 0;
  for (const auto& connection : core_->admitted()) {
    sent += connection->send(channel, Bytes(message.begin(), message.end())) ? 1 : 0;
  }
  return sent;
}

void LiveNetwork::disconnect(const NodeId& id, Refusal reason) { core_->disconnect(id, reason); }
void LiveNetwork::mark_good(const NodeId& id) { core_->mark_good(id); }
const NodeInfo& LiveNetwork::own_info() const { return core_->own_info(); }

std::vector<PeerStatus> LiveNetwork::peers() const { return core_->peers(); }
MessageCounts LiveNetwork::messages() const { return core_->messages(); }
std::size_t LiveNetwork::connections() const { return core_->connections(); }

LiveNetwork::Core::Core(asio::any_io_executor executor, NodeIdentity own, NetworkOptions options,
                        Random& random, const Clock& clock, Logger logger)
    : executor_(std::move(executor)),
      strand_(executor_),
      options_(std::move(options)),
      random_(random),
      clock_(clock),
      logger_(std::move(logger)),
      context_(std::make_shared<ConnectionContext>(ConnectionContext{
          *own.key, std::move(own.info), {}, options_.connections, random, clock})),
      book_(own.key->id(), options_.strict_addresses, random),
      switch_(options_.peers, book_, random_, clock),
      slots_(options_.max_handshakes, options_.max_handshakes_per_ip),
      acceptor_(strand_),
      timer_(strand_),
      accept_timer_(strand_) {
  context_->own.id = to_hex(own.key->id());
  context_->own.channels.clear();
  if (options_.channels.empty()) {
    const auto stock = stock_channels();
    options_.channels.assign(stock.begin(), stock.end());
  }
  book_.restore(options_.address_book, clock_.wall());
}

void LiveNetwork::Core::add_reactor(Reactor& reactor) {
  reactors_.push_back(&reactor);
  for (const std::uint8_t channel : reactor.channels()) {
    CHECK(owner_of_[channel] == nullptr && channel != kPexChannel, "a channel has one owner");
    owner_of_[channel] = &reactor;
    context_->own.channels.push_back(channel);
  }
}

Result<std::uint16_t, std::string> LiveNetwork::Core::start() {
  if (options_.peers.pex) context_->own.channels.push_back(kPexChannel);
  for (const std::uint8_t channel : context_->own.channels) {
    const auto limits = std::ranges::find(options_.channels, channel, &ChannelDescriptor::id);
    CHECK(limits != options_.channels.end(), "every channel has a limit");
    context_->channels.push_back(*limits);
  }
  std::uint16_t port = 0;
  if (options_.listens) {
    ASSIGN_OR_RETURN(port, listen());
  }
  if (context_->own.listen_address.empty()) {
    const bool is_v6 = options_.listen_host.find(':') != std::string::npos;
    context_->own.listen_address =
        "tcp://" + (is_v6 ? "[" + options_.listen_host + "]" : options_.listen_host) + ":" +
        std::to_string(port);
  }
  asio::post(strand_, [self = shared_from_this()] {
    if (self->acceptor_.is_open()) self->accept_next();
    self->perform(self->switch_.start());
  });
  return port;
}

Result<std::uint16_t, std::string> LiveNetwork::Core::listen() {
  error_code error;
  const auto address = asio::ip::make_address(options_.listen_host, error);
  if (error) return Failure{"laddr: \"" + options_.listen_host + "\" is no IP address."};
  const tcp::endpoint endpoint(address, options_.listen_port);
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return Failure{"Port " + std::to_string(options_.listen_port) + " of " + options_.listen_host +
                   " cannot be listened on: " + error.message() + "."};
  }
  return acceptor_.local_endpoint(error).port();
}

void LiveNetwork::Core::accept_next() {
  const Strand strand(executor_);
  acceptor_.async_accept(
      strand, asio::bind_executor(strand_, [self = shared_from_this(), strand](error_code error,
                                                                               tcp::socket socket) {
        self->accepted(error, std::move(socket), strand);
      }));
}

void LiveNetwork::Core::accepted(error_code error, tcp::socket socket, const Strand& strand) {
  if (is_stopping_ || error == asio::error::operation_aborted) return;
  if (error) {
    logger_.warning("A caller could not be accepted.", {{"error", error.message()}});
    accept_timer_.expires_after(kAcceptPause);
    accept_timer_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled && !self->is_stopping_) self->accept_next();
    });
    return;
  }
  const auto remote = socket.remote_endpoint(error);
  const auto ip = error ? std::nullopt : IpAddress::from_text(remote.address().to_string());
  if (ip) {
    const ConnectionId id = ++last_id_;
    if (const auto evicted = slots_.take(id, *ip)) {
      const auto found = entries_.find(*evicted);
      if (found != entries_.end()) {
        found->second.connection->close("too many callers were in their handshakes", false);
      }
    }
    make_connection(strand, id)->accept(std::move(socket));
  }
  accept_next();
}

std::shared_ptr<PeerConnection> LiveNetwork::Core::make_connection(const Strand& strand,
                                                                   ConnectionId id) {
  auto connection = std::make_shared<PeerConnection>(strand, id, context_, shared_from_this());
  entries_[id].connection = connection;
  connection_count_ = entries_.size();
  return connection;
}

void LiveNetwork::Core::arm_timer() {
  if (is_stopping_) return;
  timer_.expires_at(std::min(switch_.next_deadline(), next_memory_check_));
  timer_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (cancelled || self->is_stopping_) return;
    if (self->clock_.monotonic() >= self->next_memory_check_) self->shed_memory();
    self->perform(self->switch_.poll());
  });
}

void LiveNetwork::Core::shed_memory() {
  next_memory_check_ = clock_.monotonic() + kMemoryCheck;
  std::size_t total = 0;
  std::size_t most = 0;
  const Entry* heaviest = nullptr;
  for (const auto& [id, entry] : entries_) {
    if (!entry.admitted) continue;
    const ConnectionTraffic traffic = entry.connection->traffic();
    const std::size_t held = traffic.held_bytes + traffic.queued_bytes;
    total += held;
    if (held <= most || switch_.is_unconditional(*entry.admitted)) continue;
    most = held;
    heaviest = &entry;
  }
  if (total <= options_.max_held_bytes || heaviest == nullptr) return;
  heaviest->connection->close("all peers' messages held too much memory, this one's most", false);
}

void LiveNetwork::Core::stop(std::function<void()> done) {
  asio::post(strand_, [self = shared_from_this(), done = std::move(done)]() mutable {
    self->when_stopped_.push_back(std::move(done));
    if (!self->is_stopping_) {
      self->is_stopping_ = true;
      error_code ignored;
      self->acceptor_.close(ignored);
      self->timer_.cancel();
      self->accept_timer_.cancel();
      if (self->options_.save_book) self->options_.save_book(self->book_.record());
      for (auto& [id, entry] : self->entries_) {
        entry.connection->close(std::string(describe(Refusal::kStopping)), true);
      }
    }
    self->finish_stop();
  });
}

void LiveNetwork::Core::finish_stop() {
  if (!is_stopping_ || !entries_.empty()) return;
  for (const auto& done : std::exchange(when_stopped_, {})) done();
}

}  // namespace buri::consensus::p2p
